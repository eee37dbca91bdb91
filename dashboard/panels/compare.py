"""The scenario as a card and a file, and up to four of them side by side."""

from dataclasses import replace

import streamlit as st

from dashboard import address, cached, charts, frame, scenarios, session
from dashboard.answers import comparison
from dashboard.answers.core import Modelled
from dashboard.model.compare import waterfall
from dashboard.model.errors import ModelError
from dashboard.panels import controls
from dashboard.panels.run import Run

_KEPT = "scenarios kept"
_FILES = "scenario files forgotten"
_PLACES = ("0", "1", "2", "3")
_MOST = len(_PLACES)


def show(run: Run) -> None:
    """Keep, load and compare scenarios; the waterfall explains a difference from the baseline."""
    words = run.words
    _ = words.gettext
    kept: list[str] = st.session_state.setdefault(_KEPT, [])
    # Another key empties the uploader: a file still in it would come back at once.
    files: int = st.session_state.setdefault(_FILES, 0)
    name = st.text_input(_("Name of this scenario"), run.title, key=f"scenario|name|{run.title}")
    text = scenarios.write(replace(run.scenario, name=name))
    with st.container(horizontal=True, key="scenario-tools"):
        if st.button(
            _("Keep for comparison"), key="scenario|keep", disabled=len(kept) >= _MOST or text in kept
        ):
            kept.append(text)
            st.rerun()  # or the button would keep it twice
        frame.download(
            _("Scenario file (TOML)"), text.encode(), "scenario.toml", "scenario-toml", "application/toml"
        )
        if kept and st.button(_("Forget all"), key="scenario|forget"):
            kept.clear()
            st.session_state[_FILES] += 1
            st.rerun()
    given = st.file_uploader(_("Load a scenario file"), type="toml", key=f"scenario|file|{files}")
    if given is not None:
        _take(given.getvalue(), kept, run)
    with st.expander(_("Text of the scenario file")):
        st.code(text, language="toml")
    asked = [cached.asked(scenarios.read(each)) for each in kept]
    if not asked:
        st.info(
            _(
                "Keep this scenario, change something above, keep that too: they stand side by side here, up to four."
            )
        )
        return
    session.holds_alone()
    modelled = [Modelled(each, controls.input_ids(each.scenario), run.evidence) for each in asked]
    names = [each.scenario.name or _("unnamed") for each in asked]
    frame.sheet(_("Side by side"), comparison.side_by_side(modelled, names), "side-by-side")
    if len(asked) == 1:
        return
    places = _PLACES[: len(asked)]
    with st.container(horizontal=True, key="scenario-pair"):
        baseline = int(address.select(_("Baseline"), places, "baseline", lambda place: names[int(place)]))
        others = [place for place in places if int(place) != baseline]
        other = int(address.select(_("Against"), others, "against", lambda place: names[int(place)]))
    start, end = modelled[baseline], modelled[other]
    steps = waterfall(comparison.question(start), comparison.question(end), asked[0].normals)
    levels = (steps[0].before, steps[-1].after) if steps else (0.0, 0.0)
    if not steps:
        st.info(_("These two scenarios give the same answer."))
        return
    frame.chart(
        words.fill(_("Why {other} differs from {baseline}"), other=names[other], baseline=names[baseline]),
        _(
            "Median of newly qualifying simplified declarations a year; causes in a fixed order, the bars add up"
        ),
        charts.waterfall(
            comparison.steps_frame(steps, words),
            (names[baseline], levels[0]),
            (names[other], levels[1]),
            words,
        ),
        comparison.steps_table(steps, end),
        "waterfall",
    )


def _take(content: bytes, kept: list[str], run: Run) -> None:
    """Add an uploaded scenario, or say in one sentence what is wrong with it."""
    words = run.words
    _ = words.gettext
    try:
        scenario = scenarios.read(content.decode("utf-8-sig"))
        cached.asked(scenario)
    except UnicodeDecodeError:
        st.error(_("The file is not UTF-8; save it as UTF-8."))
    except ModelError as error:
        st.error(frame.safe(error.in_language(words.lang)))
    else:
        text = scenarios.write(scenario)
        if text not in kept and len(kept) < _MOST:
            kept.append(text)
            st.rerun()
