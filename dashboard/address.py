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
_WANTED = "address wanted"
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
        state[_CLICKED] = True
        if state[widget] is not None:
            state[mine] = state[widget]

    picked = control(label, options, key=widget, format_func=name, on_change=keep, **settings)
    chosen = str(picked if picked in options else chosen)
    state[mine] = chosen
    state[_WANTED][key] = chosen
    return chosen


def _follow_address(options: Sequence[str], key: str, mine: str) -> None:
    """Take over what the address asks for, unless it is what we wrote there ourselves."""
    state = st.session_state
    asked = st.query_params.get(key)
    if asked is None or asked == state.get(_SEEN + key) or not state[_BRINGS_NEWS]:
        return
    state[_SEEN + key] = asked
    if asked in options:
        state[mine] = asked
    else:
        state.setdefault(_IGNORED, []).append((key, asked))
