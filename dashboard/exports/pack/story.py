"""The pack of a storyboard: a cover, and each view in the presenter's order, drawn anew from the data in use.

A view that does not open any more stays in its place and says why.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dashboard.evidence import Evidence
from dashboard.exports.pack import page
from dashboard.exports.pack.slide import Pack, Slide
from dashboard.exports.workbook import Shown
from dashboard.receipts import Version
from dashboard.storyboard import Storyboard, View
from dashboard.tables import Table


@dataclass(frozen=True)
class Seen:
    """What a page handed over: what it is called and for, its charts and tables, its choices as the address has them.

    `ignored` are choices of the address that it could not follow.
    """

    title: str
    lead: str
    slides: Sequence[Slide]
    tables: Mapping[str, Table]
    choices: Mapping[str, str]
    ignored: Sequence[tuple[str, str]]


# Gives the page of an address, or why it does not open, in words.
Opener = Callable[[str], Seen | str]


def pack(
    board: Storyboard,
    opened: Opener,
    read: Callable[..., Any],
    evidence: Evidence,
    *,
    base_url: str,
    built: str,
) -> Pack:
    """Build the pack in the language of `evidence`; every page is opened once, whatever it gives to the story."""
    words = evidence.words
    _ = words.gettext
    pages = {place: opened(place) for place in dict.fromkeys(each.address for each in board.views)}
    told = [
        _slide(view, place, pages[view.address], evidence, base_url) for place, view in enumerate(board.views)
    ]
    title = board.title or _("Storyboard")
    version = evidence.version
    about = words.fill(
        _("Data version {data}, model version {model}"), data=version.data, model=version.model
    )
    day = words.fill(_("Data of {day}"), day=built) if built else ""
    cover = Slide("cover", Shown(title, day, (about,), ""), said=tuple(each.shown.title for each in told))
    address = f"{base_url}/storyboard?{urlencode({'lang': words.lang})}"
    return page.pack(title, day, [cover, *told], read, evidence, address=address, built=built)


def _slide(view: View, place: int, found: Seen | str, evidence: Evidence, base_url: str) -> Slide:
    words = evidence.words
    _ = words.gettext
    key = f"view-{place}-{view.key}"  # one chart may be told twice, with other choices
    slide = None
    if isinstance(found, str):
        reason = found
    else:
        slide = next((each for each in found.slides if each.key == view.key), None)
        reason = words.fill(_("the page has no chart or table “{key}”."), key=view.key)
    if slide is None or isinstance(found, str):
        lost = words.fill(_("This view does not open any more: {reason}"), reason=reason)
        link = f"{base_url}/{view.address}"
        shown = Shown(view.title or view.finding or _("A view that is gone"), "", (), "")
        return Slide(key, shown, said=tuple(filter(None, [lost, view.note])), address=link)
    choices = {**found.choices, "data": evidence.version.data, "model": evidence.version.model}
    notes = (*slide.shown.notes, *filter(None, [_unfollowed(found, evidence), _older(view, evidence)]))
    return replace(
        slide,
        key=key,
        shown=replace(slide.shown, title=view.title or slide.shown.title, notes=notes),
        said=tuple(line for line in view.note.splitlines() if line.strip()),
        address=f"{base_url}/{view.page}?{urlencode(choices)}",
    )


def _unfollowed(found: Seen, evidence: Evidence) -> str:
    """What of the address the page could not follow: under a title of one's own nobody would see it."""
    if not found.ignored:
        return ""
    _ = evidence.words.gettext
    return evidence.words.fill(
        _("The address asked for something that does not exist here and was not followed: {parameters}"),
        parameters=", ".join(f"{name}={value}" for name, value in found.ignored),
    )


def _older(view: View, evidence: Evidence) -> str:
    """That the figures are newer than the note, where they are."""
    version: Version = evidence.version
    then = dict(parse_qsl(view.address.partition("?")[2])).get("data", version.data)
    if then == version.data:
        return ""
    _ = evidence.words.gettext
    return evidence.words.fill(
        _("Noted with data version {then}; the figures are those of data version {now}."),
        then=then,
        now=version.data,
    )
