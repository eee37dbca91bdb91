"""Old addresses in today's words: parameters, codes and pages that were renamed, so that a link outlives the renaming.

Whoever renames a control, a code or a page adds one row here and one address to `tests/data/frozen_links.toml`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

_AS_IT_WAS = "*"


@dataclass(frozen=True)
class Renamed:
    """One parameter that had another name, another code, or stood alone.

    Attributes:
        since: the version of the package whose addresses have the new words.
        page: the path of the page, empty for the first one; None is every page.
        name: the parameter as it was called.
        code: the code that it had; None is any.
        becomes: what stands there instead, by name; `*` in a code is the code as it was. What the address says under a new
            name already stays.
    """

    since: str
    page: str | None
    name: str
    code: str | None
    becomes: Mapping[str, str]


# In the order in which they happened: a row may rename what an earlier one brought.
PARAMETERS = (
    # The simulator's first version knew no steps: both limits stood in every address.
    Renamed("0.1.0", "simulator", "old", None, {"old": _AS_IT_WAS, "step": "own"}),
    Renamed("0.1.0", "simulator", "new", None, {"new": _AS_IT_WAS, "step": "own"}),
    # It offered one assumption, in whole percent from 40 to 70; any may be changed since, each by its name.
    Renamed("0.1.0", "simulator", "list_share", None, {"assume": "list.value_share:0.*"}),
)
# Last part of the path -> what it is now. Streamlit serves its first page at the plain address only.
PAGES: Mapping[str, str] = {"overview": ""}


def migrated(page: str | None, query: Mapping[str, str]) -> dict[str, str]:
    """The parameters of an address of a page under today's names and codes; what needs no renaming stays as it is.

    Before the page is known (None) only what was renamed on every page is.
    """
    found = dict(query)
    for row in PARAMETERS:
        if row.page not in {None, page} or row.name not in found or row.code not in {None, found[row.name]}:
            continue
        code = found.pop(row.name)
        for name, pattern in row.becomes.items():
            found.setdefault(name, pattern.replace(_AS_IT_WAS, code))
    return found
