"""The address is the state: controls whose choice stands in the query string as a code, whatever the language.

Streamlit's own `bind="query-params"` writes the option's label, which changes with the language, and drops a value at its
default; here every choice stands in the address, so that any address can be copied, and Back brings it back.

`options` must not be empty; `name` says how a code reads. A choice `within` another one (the measure of a series) is kept
for each of them apart.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

_STATE = "choice:"
_SEEN = "address:"
_IGNORED = "address ignored"
_WANTED = "address wanted"
_COMMA = ","
_CLICKED = "control changed"
_BRINGS_NEWS = "address brings news"


def begin_run() -> None:
    """Forget what was ignored and wanted on the run before."""
    state = st.session_state
    state[_IGNORED] = []
    state[_WANTED] = {}
    # A quick second click brings along the address from before the first one: it must not undo that.
    state[_BRINGS_NEWS] = not state.pop(_CLICKED, False)


def end_run() -> None:
    """Write all choices of this run into the address: one step in the browser's history, so that Back undoes one click."""
    state = st.session_state
    wanted: dict[str, str] = state[_WANTED]
    for key, value in wanted.items():
        state[_SEEN + key] = value
    if any(st.query_params.get(key) != value for key, value in wanted.items()):
        st.query_params.update(wanted)


def ignored() -> list[tuple[str, str]]:
    """Parameters of the address that this run could not follow: name and value."""
    found: list[tuple[str, str]] = st.session_state.get(_IGNORED, [])
    return found


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


def several(label: str, options: Sequence[str], key: str, name: Callable[[str], str]) -> tuple[str, ...]:
    """Any number of options, none at first; the codes stand in the address with commas between."""
    state = st.session_state

    def is_sound(text: str) -> bool:
        return all(each in options for each in text.split(_COMMA) if each)

    chosen = [each for each in kept(key, is_sound).split(_COMMA) if each in options]
    widget = f"{key}|{'|'.join(map(name, options))}"
    if state.get(widget) != chosen:
        state[widget] = chosen

    def keep() -> None:
        state[_CLICKED] = True
        state[_STATE + key] = _COMMA.join(each for each in options if each in state[widget])

    st.multiselect(label, options, key=widget, format_func=name, on_change=keep, placeholder="")
    return tuple(each for each in options if each in chosen)


def switch(label: str, key: str) -> bool:
    """A switch that is off at first; 1 in the address is on."""
    state = st.session_state
    is_on = kept(key, {"0", "1"}.__contains__) == "1"
    state[_WANTED][key] = "1" if is_on else "0"
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
    widget = f"{key}|number"
    if state.get(widget) != value:
        state[widget] = value

    def keep() -> None:
        state[_CLICKED] = True
        state[_STATE + key] = f"{state[widget]:.0f}"

    st.number_input(label, min_value=lowest, step=1.0, format="%.0f", key=widget, on_change=keep)
    return value


def kept(key: str, is_sound: Callable[[str], bool]) -> str:
    """What the address holds under `key` as text; empty where nothing was put there."""
    state = st.session_state
    _follow_address(is_sound, key, _STATE + key)
    found: str = state.get(_STATE + key, "")
    state[_WANTED][key] = found
    return found


def put(key: str, text: str) -> None:
    """Keep a text under `key`; it stands in the address after the next run."""
    st.session_state[_CLICKED] = True
    st.session_state[_STATE + key] = text


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
        chosen = default if default in options else options[0]
    state[mine] = chosen
    # Another language or other options are another widget: its labels are what Streamlit keeps.
    widget = f"{key}|{within}|{'|'.join(map(name, options))}"
    if state.get(widget) != chosen:
        state[widget] = chosen

    def keep() -> None:
        state[_CLICKED] = True
        if state[widget] is not None:
            state[mine] = state[widget]

    picked = control(label, options, key=widget, format_func=name, on_change=keep, **settings)
    chosen = str(picked if picked in options else chosen)
    state[mine] = chosen
    state[_WANTED][key] = chosen
    return chosen


def _follow_address(is_sound: Callable[[str], bool], key: str, mine: str) -> None:
    """Take over what the address asks for, unless it is what we wrote there ourselves."""
    state = st.session_state
    asked = st.query_params.get(key)
    if asked is None or asked == state.get(_SEEN + key) or not state[_BRINGS_NEWS]:
        return
    state[_SEEN + key] = asked
    if is_sound(asked):
        state[mine] = asked
    else:
        state.setdefault(_IGNORED, []).append((key, asked))
