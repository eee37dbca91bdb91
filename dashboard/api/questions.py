"""What may be asked, in the pages' own words: every parameter is one of the address of a page.

A name that nobody knows and a value that cannot be right are refused; what contradicts itself is too.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from dashboard.answers.priors import read_changes
from dashboard.model.behaviour import Switches
from dashboard.scenarios import STEPS, OwnBase, Scenario, ShareAbove, Step

OWN = "own"
MOST_ROWS = 5_000
_MILLION = 1_000_000
_HIGHEST_KRW = 10_000_000_000
_LONGEST = 400

Switch = Literal["0", "1"]
Format = Literal["json", "csv", "parquet"]


class QuestionError(Exception):
    """A question that cannot be answered: which parameter, and one sentence on what is wrong and what to do."""

    def __init__(self, parameter: str, sentence: str, *, is_missing: bool = False) -> None:
        super().__init__(sentence)
        self.parameter, self.sentence, self.is_missing = parameter, sentence, is_missing


def _a_step(code: str) -> str:
    if code not in STEPS:
        raise ValueError(f"there is no such step, choose one of {', '.join(STEPS)}")
    return code


class Asked(BaseModel):
    """What every address takes."""

    model_config = ConfigDict(extra="forbid")

    format: Format = Field("json", description="json, csv or parquet")


class Page(Asked):
    """A part of a table."""

    rows: int = Field(1_000, ge=1, le=MOST_ROWS, description="Rows at most")
    skip: int = Field(0, ge=0, le=1_000_000, description="Rows to leave out at the beginning")


class Observations(Page):
    """The filters of the Trends page, and the members."""

    series: str | None = Field(None, max_length=60, description="A series_id of /series, such as kcs_total")
    measure: str | None = Field(None, max_length=60, description="A metric_id, such as value_usd or cases")
    frequency: str | None = Field(None, max_length=20, description="year, half, quarter, month or span")
    destination: str | None = Field(None, max_length=60, description="A destination_id; ALL is the total")
    item: str | None = Field(None, max_length=60, description="An item_id; ALL is the total")
    channel: str | None = Field(None, max_length=60, description="A channel_id; ALL is the total")
    evidence: Literal["published", "derived"] | None = Field(
        None, description="published figures, derived ones (with formula and inputs), or both"
    )

    def filters(self) -> dict[str, str]:
        """Column -> the value asked for, for the filters that were given."""
        columns = {
            "series": "series_id",
            "measure": "metric_id",
            "frequency": "frequency",
            "destination": "destination_id",
            "item": "item_id",
            "channel": "channel_id",
            "evidence": "evidence",
        }
        asked = {column: getattr(self, name) for name, column in columns.items()}
        return {column: value for column, value in asked.items() if value is not None}


class Simulate(Asked):
    """The simulator's controls, at their defaults where left out; limits of one's own are `old` and `new`."""

    population: str = Field(
        "total-2024", max_length=60, description="total-2024, total-2021, declared-2021, or own"
    )
    step: Annotated[str, AfterValidator(_a_step)] | None = Field(
        None,
        description="A step by name, else own where old or new is given, else 2m-4m",
        json_schema_extra={"enum": [*STEPS, None]},
    )
    old: int | None = Field(None, ge=1, le=_HIGHEST_KRW, description="Old limit, won, with step=own")
    new: int | None = Field(None, ge=1, le=_HIGHEST_KRW, description="New limit, won, with step=own or 5m-6m")
    via: str | None = Field(
        None,
        max_length=_LONGEST,
        pattern=r"^([0-9]{1,11}(,[0-9]{1,11})*)?$",
        description="Limits in between, won, with commas between, with step=own",
    )
    set: Literal["default", "reference"] = Field("default", description="Set of assumptions")
    assume: str = Field(
        "", max_length=_LONGEST, description="Changed assumptions, parameter:centre with commas between"
    )
    spread: str = Field(
        "",
        max_length=_LONGEST,
        description="Changed standard deviations, parameter:deviation with commas between",
    )
    own_cases: int | None = Field(None, ge=1, le=10**12, description="Shipments a year, with population=own")
    own_value: int | None = Field(
        None, ge=1, le=10**18, description="Their value a year, won, with population=own"
    )
    own_year: int | None = Field(None, ge=2000, le=2100, description="Their year, with population=own")
    exclusions: Switch = Field("0", description="1: goods that other rules bar stay out")
    uptake: Switch = Field("0", description="1: not all who may use it do")
    splitting: Switch = Field("0", description="1: split orders are sent whole again")
    under_declaration: Switch = Field("0", description="1: values declared too low are declared in full")
    volume: Switch = Field("0", description="1: cheaper paperwork brings more trade")
    exclude: str = Field(
        "", max_length=_LONGEST, description="Items that may not qualify, with commas between"
    )
    anchor: Switch = Field("0", description="1: a share of shipments above an amount is known")
    anchor_krw: int | None = Field(None, ge=1, le=_HIGHEST_KRW, description="That amount, won, with anchor=1")
    anchor_per_million: int | None = Field(
        None, ge=0, le=_MILLION, description="Shipments above it, per million, with anchor=1"
    )
    lang: Literal["en", "ko"] = Field("en", description="Language of sentences in the answer")

    def scenario(self) -> Scenario:
        """The scenario that the simulator would ask the model for; QuestionError where parameters contradict each other."""
        step = self._limits()
        switches = Switches(**{name: getattr(self, name) == "1" for name in Switches.__dataclass_fields__})
        return Scenario(
            population=self._base(),
            from_krw=step.from_krw,
            to_krw=step.to_krw,
            via_krw=step.via_krw,
            effective=step.effective,
            excluded_items=tuple(filter(None, self.exclude.split(","))),
            switches=switches,
            assumptions=self.set,
            changed=self._changes("assume", "centre"),
            spread=self._changes("spread", "deviation"),
            anchors=self._anchors(),
        )

    def _limits(self) -> Step:
        own = self.old is not None or self.new is not None
        step = STEPS[self.step or (OWN if own else next(iter(STEPS)))]
        free = {OWN: ("old", "new", "via"), "5m-6m": ("new",)}.get(step.id, ())
        self._goes_with([name for name in ("old", "new", "via") if name not in free], "step=own")
        if not free:
            return step
        return Step(
            step.id,
            step.name_ko,
            step.name_en,
            step.from_krw if self.old is None else self.old,
            step.to_krw if self.new is None else self.new,
            tuple(map(float, filter(None, (self.via or "").split(",")))),
        )

    def _base(self) -> str | OwnBase:
        if self.population != OWN:
            self._goes_with(("own_cases", "own_value", "own_year"), "population=own")
            return self.population
        if self.own_cases is None or self.own_value is None or self.own_year is None:
            raise QuestionError(
                "population",
                "population=own needs own_cases, own_value (won) and own_year: give all three.",
            )
        return OwnBase(float(self.own_cases), float(self.own_value), self.own_year)

    def _changes(self, name: Literal["assume", "spread"], number: str) -> dict[str, float]:
        try:
            return read_changes(getattr(self, name))
        except ValueError:
            raise QuestionError(
                name,
                f"{name}: write parameter:{number} with commas between, such as shape.s:0.9.",
            ) from None

    def _anchors(self) -> tuple[ShareAbove, ...]:
        if self.anchor == "0":
            self._goes_with(("anchor_krw", "anchor_per_million"), "anchor=1")
            return ()
        if self.anchor_krw is None or self.anchor_per_million is None:
            raise QuestionError(
                "anchor", "anchor=1 needs anchor_krw (won) and anchor_per_million: give both."
            )
        return (ShareAbove(float(self.anchor_krw), self.anchor_per_million / _MILLION, "cases"),)

    def _goes_with(self, names: Sequence[str], other: str) -> None:
        for name in names:
            if getattr(self, name) is not None:
                raise QuestionError(name, f"{name} goes with {other} only: add that, or leave {name} out.")
