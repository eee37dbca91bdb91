"""The address is the state: controls whose choice stands in the query string as a code, whatever the language.

Streamlit's own `bind="query-params"` writes the option's label, which changes with the language, and drops a value at its
default; here every choice stands in the address, so that any address can be copied, and Back brings it back.

`options` must not be empty; `name` says how a code reads. A choice `within` another one (the measure of a series) is kept
for each of them apart.
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from dashboard.migrations import migrated

_STATE = "choice:"
_SEEN = "address:"
_IGNORED = "address ignored"
_WANTED = "address wanted"
_LEAVING = "address leaving"
_PAGE = "address of page"
_COMMA = ","
_LONGEST_SEARCH = 60
_CLICKED = "control changed"
_BRINGS_NEWS = "address brings news"
# A copied link says which versions it was made with, in no control of any page.
_VERSIONS = ("data", "model")
# The key of the one chart that another site shows in a frame; Streamlit keeps `embed` for itself.
_ALONE = "alone"
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,39}")


def begin_run() -> None:
    """Forget what was ignored and wanted on the run before."""
    state = st.session_state
    state[_IGNORED] = []
    state[_WANTED] = {}
    state[_LEAVING] = set()
    state[_PAGE] = None
    # A quick second click brings along the address from before the first one: it must not undo that.
    state[_BRINGS_NEWS] = not state.pop(_CLICKED, False)


def begin_page(path: str) -> None:
    """Say which page the controls from here on belong to: old names in its address are read as today's."""
    st.session_state[_PAGE] = path


def _asked() -> dict[str, str]:
    """What the address asks for, in today's names."""
    return migrated(st.session_state[_PAGE], st.query_params.to_dict())


def end_run(*, is_whole: bool = True) -> None:
    """Write all choices of this run into the address: one step in the browser's history, so that Back undoes one click.

    What no control asked for leaves it, and is `ignored` where we did not write it there ourselves. A page that ended early
    (not `is_whole`) asked for less than it would have: then everything stays.
    """
    state = st.session_state
    wanted: dict[str, str] = state[_WANTED]
    there = _asked()
    unasked = {name: value for name, value in there.items() if name not in wanted and is_whole}
    for name in _VERSIONS:
        if _VERSION.fullmatch(there.get(name, "")) and name not in state[_LEAVING]:
            unasked.pop(name, None)
    for name, value in unasked.items():
        if _SEEN + name not in state and name not in state[_LEAVING]:
            state[_IGNORED].append((name, value))
    for key, value in (unasked | wanted).items():
        state[_SEEN + key] = value
    left = {name: value for name, value in there.items() if name not in unasked} | wanted
    if left != st.query_params.to_dict():
        st.query_params.from_dict(left)


def link(carried: Mapping[str, str]) -> Callable[[], str]:
    """Say under which address this view opens again, with what else it carries; complete once the run has ended."""
    base, wanted = st.context.url or "", st.session_state[_WANTED]
    return lambda: f"{base}?{urlencode({**wanted, **carried})}"


def versions() -> dict[str, str]:
    """Versions that the followed link was made with, as far as it names any."""
    asked = {name: st.query_params.get(name, "") for name in _VERSIONS}
    return {name: value for name, value in asked.items() if _VERSION.fullmatch(value)}


def other_versions(now: Mapping[str, str]) -> dict[str, str]:
    """Those of them that are not `now`'s."""
    return {name: value for name, value in versions().items() if value != now[name]}


def carried(names: Iterable[str]) -> dict[str, str]:
    """What the address says under names that no control has, as far as they stand there."""
    there = _asked()
    return {name: there[name] for name in names if name in there}


def carry_on(carried: Mapping[str, str]) -> None:
    """Leave that in the address for as long as the page says so."""
    st.session_state[_WANTED].update(carried)


def leave_behind(names: Iterable[str]) -> None:
    """Take it out of the address with the end of this run, without a word, and the versions with it."""
    st.session_state[_LEAVING].update(names, _VERSIONS)


def is_alone(key: str) -> bool:
    """Whether the address asks for this one chart or table without everything around it (`alone=<key>`)."""
    asked = _asked().get(_ALONE) == key
    if asked:
        st.session_state[_WANTED][_ALONE] = key
    return asked


def ignored() -> list[tuple[str, str]]:
    """Parameters of the address that this run could not follow: name and value."""
    found: list[tuple[str, str]] = st.session_state.get(_IGNORED, [])
    return found


def wish(key: str, within: str = "") -> str:
    """What the reader chose under `key` before, whether or not this run can offer it; empty where nothing was chosen."""
    return str(st.session_state.get(f"{_STATE}{key}|{within}", ""))


def select(
    label: str,
    options: Sequence[str],
    key: str,
    name: Callable[[str], str],
    *,
    default: str | None = None,
    within: str = "",
) -> str:
    """A drop-down; returns the code chosen."""
    return _choose(st.selectbox, label, options, key, name, default, within)


def segments(
    label: str,
    options: Sequence[str],
    key: str,
    name: Callable[[str], str],
    *,
    default: str | None = None,
    within: str = "",
) -> str:
    """A row of buttons, for few options; returns the code chosen."""
    return _choose(st.segmented_control, label, options, key, name, default, within, required=True, wrap=True)


def slide(
    label: str,
    options: Sequence[str],
    key: str,
    name: Callable[[str], str],
    *,
    default: str | None = None,
    within: str = "",
) -> str:
    """A slider over ordered options; returns the code chosen."""
    return _choose(st.select_slider, label, options, key, name, default, within)


def several(
    label: str,
    options: Sequence[str],
    key: str,
    name: Callable[[str], str],
    *,
    default: Sequence[str] = (),
) -> tuple[str, ...]:
    """Any number of options, `default` at first; the codes stand in the address with commas between, empty is none."""
    state = st.session_state

    def is_sound(text: str) -> bool:
        return all(each in options for each in text.split(_COMMA) if each)

    text = kept(key, is_sound, default=_COMMA.join(default))
    chosen = [each for each in text.split(_COMMA) if each in options]
    widget = f"{key}|{'|'.join(map(name, options))}"
    if state.get(widget) != chosen:
        state[widget] = chosen

    def keep() -> None:
        state[_CLICKED] = True
        state[_STATE + key] = _COMMA.join(each for each in options if each in state[widget])

    st.multiselect(label, options, key=widget, format_func=name, on_change=keep, placeholder="")
    return tuple(each for each in options if each in chosen)


def switch(label: str, key: str, *, default: bool = False) -> bool:
    """A switch; 1 in the address is on."""
    state = st.session_state
    is_on = kept(key, {"0", "1"}.__contains__, default="1" if default else "0") == "1"
    widget = f"{key}|switch"
    if state.get(widget) != is_on:
        state[widget] = is_on

    def keep() -> None:
        state[_CLICKED] = True
        state[_STATE + key] = "1" if state[widget] else "0"

    st.toggle(label, key=widget, on_change=keep)
    return is_on


def number(label: str, key: str, default: float, lowest: float) -> float:
    """A whole number typed by the reader, `lowest` or above."""
    state = st.session_state

    def is_sound(text: str) -> bool:
        return text.isascii() and text.isdigit() and lowest <= float(text) < math.inf

    value = float(kept(key, is_sound) or default)
    state[_WANTED][key] = f"{value:.0f}"
    widget = f"{key}|{label}|number"  # two pages may share a number: each has a box of its own
    if state.get(widget) != value:
        state[widget] = value

    def keep() -> None:
        state[_CLICKED] = True
        state[_STATE + key] = f"{state[widget]:.0f}"

    st.number_input(label, min_value=lowest, step=1.0, format="%.0f", key=widget, on_change=keep)
    return value


def search(label: str, key: str) -> str:
    """A box to look for words in, empty at first; what was typed stands in the address."""
    state = st.session_state
    text = kept(key, lambda asked: len(asked) <= _LONGEST_SEARCH)
    widget = f"{key}|search"
    if state.get(widget) != text:
        state[widget] = text

    def keep() -> None:
        state[_CLICKED] = True
        state[_STATE + key] = state[widget][:_LONGEST_SEARCH]

    # Streamlit's own cue to press Enter and its placeholder speak English only: a search that follows the typing needs neither.
    st.text_input(label, type="search", key=widget, on_change=keep, live=True, placeholder=" ")
    return text


def kept(key: str, is_sound: Callable[[str], bool], *, default: str = "") -> str:
    """What the address holds under `key` as text; `default` where nothing was put there."""
    state = st.session_state
    _follow_address(is_sound, key, _STATE + key)
    found: str = state.get(_STATE + key, default)
    state[_WANTED][key] = found
    return found


def put(key: str, text: str) -> None:
    """Keep a text under `key`; it stands in the address after the next run."""
    st.session_state[_CLICKED] = True
    st.session_state[_STATE + key] = text


def choose(key: str, code: str) -> None:
    """Choose for a control as its reader would; one that does not offer the code keeps its own."""
    put(f"{key}|", code)


def _choose(
    control: Callable[..., Any],
    label: str,
    options: Sequence[str],
    key: str,
    name: Callable[[str], str],
    default: str | None,
    within: str,
    **settings: Any,
) -> str:
    state = st.session_state
    mine = f"{_STATE}{key}|{within}"
    _follow_address(options.__contains__, key, mine)
    chosen = state.get(mine)
    if chosen not in options:
        # What the reader chose stays behind: it comes back with the options that have it.
        chosen = default if default in options else options[0]
    # Another language or other options are another widget: its labels are what Streamlit keeps.
    widget = f"{key}|{within}|{'|'.join(map(name, options))}"
    if state.get(widget) != chosen:
        state[widget] = chosen

    def keep() -> None:
        state[_CLICKED] = True
        if state[widget] is not None:
            state[mine] = state[widget]

    picked = control(label, options, key=widget, format_func=name, on_change=keep, **settings)
    shown = str(picked if picked in options else chosen)
    if shown != chosen:
        state[mine] = shown
    state[_WANTED][key] = shown
    return shown


def _follow_address(is_sound: Callable[[str], bool], key: str, mine: str) -> None:
    """Take over what the address asks for, unless it is what we wrote there ourselves."""
    state = st.session_state
    asked = _asked().get(key)
    if asked is None or asked == state.get(_SEEN + key) or not state[_BRINGS_NEWS]:
        return
    state[_SEEN + key] = asked
    if is_sound(asked):
        state[mine] = asked
    else:
        state.setdefault(_IGNORED, []).append((key, asked))
