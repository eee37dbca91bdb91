"""What markets are ranked by: criteria, what may matter most, and the ways to one scale, in words."""

from collections.abc import Mapping

from dashboard.i18n import Words
from dashboard.markets.known import column_names
from dashboard.model.markets.ranking import Method

CRITERIA = ("size", "growth", "position", "value_per_case", "ease", "concentration")
# What a reader says that matters most, as weights that need not add up to anything.
PRESETS: Mapping[str, Mapping[str, int]] = {
    "balanced": {"size": 25, "growth": 20, "position": 20, "value_per_case": 5, "ease": 20, "concentration": 10},
    "proven": {"size": 10, "growth": 10, "position": 55, "value_per_case": 5, "ease": 20, "concentration": 0},
    "growing": {"size": 15, "growth": 55, "position": 10, "value_per_case": 0, "ease": 20, "concentration": 0},
    "easy": {"size": 15, "growth": 10, "position": 15, "value_per_case": 0, "ease": 60, "concentration": 0},
    "spread": {"size": 20, "growth": 15, "position": 0, "value_per_case": 0, "ease": 20, "concentration": 45},
}  # fmt: skip


def criterion_names(words: Words) -> dict[str, str]:
    """Names of the criteria."""
    _ = words.gettext
    return {
        "size": _("Size"),
        "growth": _("Growth of exports"),
        "position": _("Korea’s position"),
        "value_per_case": _("Value per case"),
        "ease": _("Ease of entry"),
        "concentration": _("Little dependence"),
    }


def criterion_meanings(words: Words, item_id: str) -> dict[str, str]:
    """What each criterion is measured by."""
    _ = words.gettext
    columns = column_names(words, item_id)
    return {
        "size": columns["online_income"],
        "growth": columns["item_growth"],
        "position": columns["item_exports"],
        "value_per_case": columns["ecommerce_value_per_case"],
        "ease": _("share of duty and consumption tax that is not due on the parcel"),
        "concentration": _("share of Korea’s exports of the item that goes there: less is better"),
    }


def preset_names(words: Words) -> dict[str, str]:
    """What may matter most to a seller."""
    _ = words.gettext
    return {
        "balanced": _("A bit of everything"),
        "proven": _("Korean goods sell there already"),
        "growing": _("Fast growth"),
        "easy": _("No duty or tax on the parcel"),
        "spread": _("Away from the usual markets"),
    }


def method_names(words: Words) -> dict[Method, str]:
    """Names of the ways to one scale."""
    _ = words.gettext
    return {"min-max": _("min–max"), "rank": _("by rank"), "z-score": _("z-score")}


def method_meaning(method: Method, words: Words) -> str:
    """How a criterion becomes points."""
    _ = words.gettext
    return {
        "min-max": _("The worst market gets none and the best all points of a criterion, the rest in proportion: one giant pushes the others down."),
        "rank": _("Only the order counts, with equal steps between places: sizes far apart and close together count alike."),
        "z-score": _("Points are deviations from the mean in standard deviations: they may be negative, and outliers weigh much."),
    }[method]  # fmt: skip
