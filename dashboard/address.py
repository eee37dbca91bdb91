"""The address is the state: controls whose choice stands in the query string as a code, whatever the language.

Streamlit's own `bind="query-params"` writes the option's label, which changes with the language, and drops a value at its
default; here every choice stands in the address, so that any address can be copied, and Back brings it back.

`options` must not be empty; `name` says how a code reads. A choice `within` another one (the measure of a series) is kept
for each of them apart.
"""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

_STATE = "choice:"
_SEEN = "address:"
_IGNORED = "address ignored"
_COMMA = ","


def begin_run() -> None:
    """Forget what was ignored on the run before."""
    st.session_state[_IGNORED] = []


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
        put(key, _COMMA.join(each for each in options if each in state[widget]))

    st.multiselect(label, options, key=widget, format_func=name, on_change=keep, placeholder="")
    return tuple(each for each in options if each in chosen)


def switch(label: str, key: str, help_text: str | None = None) -> bool:
    """A switch that is off at first; 1 in the address is on."""
    state = st.session_state
    is_on = kept(key, {"", "0", "1"}.__contains__) == "1"
    widget = f"{key}|switch"
    if state.get(widget) != is_on:
        state[widget] = is_on

    def keep() -> None:
        put(key, "1" if state[widget] else "0")

    st.toggle(label, key=widget, on_change=keep, help=help_text)
    return is_on


def kept(key: str, is_sound: Callable[[str], bool]) -> str:
    """What the address holds under `key` without a control of its own; empty where nothing was put there."""
    state = st.session_state
    asked = st.query_params.get(key)
    if asked is not None and asked != state.get(_SEEN + key):
        state[_SEEN + key] = asked
        if is_sound(asked):
            state[_STATE + key] = asked
        else:
            state.setdefault(_IGNORED, []).append((key, asked))
    found: str = state.get(_STATE + key, "")
    if found or asked is not None:
        _write(key, found)
    return found


def put(key: str, text: str) -> None:
    """Keep a text under `key`, in the address from this run on."""
    st.session_state[_STATE + key] = text
    _write(key, text)


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
    _follow_address(options, key, mine)
    chosen = state.get(mine)
    if chosen not in options:
        chosen = default if default in options else options[0]
    state[mine] = chosen
    # Another language or other options are another widget: its labels are what Streamlit keeps.
    widget = f"{key}|{within}|{'|'.join(map(name, options))}"
    if state.get(widget) != chosen:
        state[widget] = chosen

    def keep() -> None:
        if state[widget] is not None:
            state[mine] = state[widget]

    picked = control(label, options, key=widget, format_func=name, on_change=keep, **settings)
    chosen = str(picked if picked in options else chosen)
    state[mine] = chosen
    _write(key, chosen)
    return chosen


def _follow_address(options: Sequence[str], key: str, mine: str) -> None:
    """Take over what the address asks for, unless it is what we wrote there ourselves."""
    state = st.session_state
    asked = st.query_params.get(key)
    if asked is None or asked == state.get(_SEEN + key):
        return
    state[_SEEN + key] = asked
    if asked in options:
        state[mine] = asked
    else:
        state.setdefault(_IGNORED, []).append((key, asked))


def _write(key: str, value: str) -> None:
    st.session_state[_SEEN + key] = value
    if st.query_params.get(key) != value:
        st.query_params[key] = value
