"""The address under which the simulator shows a scenario: what its controls would have written, and what the link claims."""

from urllib.parse import urlencode

from dashboard.answers import priors
from dashboard.claims import Claim
from dashboard.i18n import Lang
from dashboard.naming import won_code
from dashboard.receipts import Version
from dashboard.scenarios import STEPS, OwnBase, Scenario

_OWN = "own"
_MILLION = 1_000_000
_LIST_CLEARANCE = "list.limit_krw"


def query(scenario: Scenario, lang: Lang, version: Version, claim: Claim) -> str:
    """The query of the address: every choice, those at their default too, the claim and the versions.

    What the page has no place for does not stand in it: an anchor beyond the first, one of value or of a share finer than
    one in a million, and limits that no slider has. The scenario's file holds them.
    """
    base = scenario.population
    codes = {
        "lang": lang,
        "population": _OWN if isinstance(base, OwnBase) else base,
        "set": scenario.assumptions,
        **_step(scenario),
    }
    if isinstance(base, OwnBase):
        codes |= {
            "own_cases": f"{base.cases:.0f}",
            "own_value": f"{base.value_krw:.0f}",
            "own_year": str(base.year),
        }
    switches = ("exclusions", "uptake", "splitting", "under_declaration", "volume")
    codes |= {name: "1" if getattr(scenario.switches, name) else "0" for name in switches}
    changed = dict(scenario.changed)
    if scenario.list_clearance_krw is not None:
        changed[_LIST_CLEARANCE] = scenario.list_clearance_krw
    codes |= {
        "exclude": ",".join(scenario.excluded_items),
        **_anchor(scenario),
        "assume": priors.write_changes(changed),
        "spread": priors.write_changes(scenario.spread),
    }
    return urlencode({**codes, **claim.codes(), "data": version.data, "model": version.model})


def _anchor(scenario: Scenario) -> dict[str, str]:
    """The first anchor, where the page's two boxes can hold it."""
    for anchor in scenario.anchors[:1]:
        per_million = anchor.share * _MILLION
        if anchor.kind == "cases" and abs(per_million - round(per_million)) < 1 / _MILLION:
            return {
                "anchor": "1",
                "anchor_krw": won_code(anchor.above_krw),
                "anchor_per_million": f"{per_million:.0f}",
            }
    return {"anchor": "0"}


def _step(scenario: Scenario) -> dict[str, str]:
    """The step by its code where it is one that the page offers as it stands, else all its limits."""
    for step in STEPS.values():
        is_fixed = step.id not in {_OWN, "5m-6m"}
        if is_fixed and (step.from_krw, step.to_krw, step.via_krw) == (
            scenario.from_krw,
            scenario.to_krw,
            scenario.via_krw,
        ):
            return {"step": step.id}
    return {
        "step": _OWN,
        "old": won_code(scenario.from_krw),
        "new": won_code(scenario.to_krw),
        "via": ",".join(map(won_code, scenario.via_krw)),
    }
