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
