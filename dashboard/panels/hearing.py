"""Questions for the hearing: what a committee may doubt, what we answer, and the figure that would settle it."""

from dashboard import cached, frame
from dashboard.answers import hearing
from dashboard.panels.run import Run


def show(run: Run) -> None:
    """The five weakest assumptions in the order of the tornado, each with its answer in a sentence, then their ranges."""
    words, modelled = run.words, run.modelled
    _ = words.gettext
    found = cached.kept("hearing", run.scenario, words.lang, lambda: hearing.questions(modelled))
    frame.statements(hearing.title(found, words), hearing.statements(found, words), "hearing-answers")
    if found:
        frame.sheet(
            _("If each assumption is wrong"),
            hearing.ranges(found, words),
            "hearing",
            note=_(
                "Longest bar of the tornado first; one assumption at a time, all others at their medians."
            ),
        )
