"""Why two answers differ: from one question to the other, a cause at a time, in steps that add up exactly.

The steps share their random numbers, so that each differs from the one before by its cause alone. Their
order is fixed (limits, cases, value per case, mix, assumptions, items, behaviour); another order splits the same
difference otherwise where causes work together.
"""

from dataclasses import dataclass, field, replace

from dashboard.model.behaviour import Switches, respond
from dashboard.model.burden import saving_per_case
from dashboard.model.population import Population
from dashboard.model.priors import Assumptions, Normals
from dashboard.model.simulate import draw_worlds, newly_qualifying, without_items
from dashboard.model.summaries import Summary


@dataclass(frozen=True)
class Question:
    """A base, assumptions, two limits in KRW, the responses that are on and the items that may not qualify."""

    population: Population
    assumptions: Assumptions
    from_krw: float
    to_krw: float
    switches: Switches = field(default_factory=Switches)
    excluded_items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Step:
    """One bar of the waterfall: its cause, and the median of cases before and after it."""

    cause: str
    before: float
    after: float

    @property
    def change(self) -> float:
        """Height of the bar, cases a year."""
        return self.after - self.before


def cases_gained(question: Question, normals: Normals) -> Summary:
    """Return the simplified declarations gained a year, responses included."""
    drawn = draw_worlds(question.population, question.assumptions, normals)
    worlds = without_items(drawn, question.excluded_items)
    result = newly_qualifying(worlds, question.from_krw, question.to_krw)
    rows = question.assumptions.for_population(question.population.id)
    outcome = respond(result, question.switches, normals, saving_per_case(rows, normals).krw)
    return Summary.of(outcome.total, worlds.weights)


def waterfall(start: Question, end: Question, normals: Normals) -> list[Step]:
    """Return the steps from the median of `start` to that of `end`, without causes that change nothing."""
    one, other = start.population, end.population
    growth = other.cases / one.cases
    more_cases = replace(one, cases=other.cases, value_krw=one.value_krw * growth)
    same_mix = replace(other, id=one.id)
    asked = replace(start, from_krw=end.from_krw, to_krw=end.to_krw)
    path = [
        ("limits", asked),
        ("cases", replace(asked, population=more_cases)),
        ("value_per_case", replace(asked, population=same_mix)),
        ("mix", replace(asked, population=other)),
        ("assumptions", replace(asked, population=other, assumptions=end.assumptions)),
        ("items", replace(end, switches=start.switches)),
        ("behaviour", end),
    ]
    steps = []
    here, median = start, cases_gained(start, normals).p50
    for cause, question in path:
        if question == here:
            continue
        after = cases_gained(question, normals).p50
        steps.append(Step(cause, median, after))
        here, median = question, after
    return [step for step in steps if step.change != 0]
