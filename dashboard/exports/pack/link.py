"""The address under which the simulator shows a scenario: what its controls would have written."""

from urllib.parse import urlencode

from dashboard.answers import priors
from dashboard.i18n import Lang
from dashboard.naming import won_code
from dashboard.receipts import Version
from dashboard.scenarios import STEPS, OwnBase, Scenario

_OWN = "own"
_MILLION = 1_000_000


def query(scenario: Scenario, lang: Lang, version: Version) -> str:
    """The query of the address, with the versions.

    What the page has no control for (several steps other than those offered, spreads, a limit of list clearance, more than one
    anchor) does not stand in it; the scenario's file holds it.
    """
    base = scenario.population
    own = isinstance(base, OwnBase)
    codes = {
        "lang": lang,
        "population": _OWN if isinstance(base, OwnBase) else base,
        "set": scenario.assumptions,
        **_step(scenario),
    }
    if isinstance(base, OwnBase) and own:
        codes |= {
            "own_cases": f"{base.cases:.0f}",
            "own_value": f"{base.value_krw:.0f}",
            "own_year": str(base.year),
        }
    switches = scenario.switches
    on = {
        name: getattr(switches, name)
        for name in ("exclusions", "uptake", "splitting", "under_declaration", "volume")
    }
    codes |= {name: "1" for name, is_on in on.items() if is_on}
    if scenario.excluded_items:
        codes["exclude"] = ",".join(scenario.excluded_items)
    for anchor in scenario.anchors[:1]:
        codes |= {
            "anchor": "1",
            "anchor_krw": won_code(anchor.above_krw),
            "anchor_per_million": f"{anchor.share * _MILLION:.0f}",
        }
    if scenario.changed:
        codes["assume"] = priors.write_changes(scenario.changed)
    return urlencode({**codes, "data": version.data, "model": version.model})


def _step(scenario: Scenario) -> dict[str, str]:
    """The step by its code where it is one that the page offers as it stands, else both limits."""
    for step in STEPS.values():
        is_fixed = step.id not in {"own", "5m-6m"}
        if is_fixed and (step.from_krw, step.to_krw, step.via_krw) == (
            scenario.from_krw,
            scenario.to_krw,
            scenario.via_krw,
        ):
            return {"step": step.id}
    return {"step": "own", "old": won_code(scenario.from_krw), "new": won_code(scenario.to_krw)}
