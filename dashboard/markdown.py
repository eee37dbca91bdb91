"""Text that Markdown shows as it was written."""

import re
from urllib.parse import urlsplit

_LONGEST = 60
_ADDRESS = re.compile(r"https?://[^\s<>]+")
_MARKS = re.compile(r"[\\`*_\[\]<>~$#|]")


def safe(text: str) -> str:
    """Text of ours: two tildes or dollar signs in a block would strike it through or set a formula."""
    return text.replace("~", "\\~").replace("$", "\\$")


def cell(text: str) -> str:
    """Text of a table's cell: an address is a link by its host, since a long one would leave the other columns no width."""
    if not _ADDRESS.fullmatch(text):
        return safe(text)
    return f"[{urlsplit(text).hostname}](<{text}>)"


def literal(text: str) -> str:
    """Text of a stranger, such as an address holds: no link, no mark-up, no more of it than a line bears."""
    short = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
    plain = " ".join(short.replace("`", "'").split())
    return f"`{plain}`"


def escaped(text: str) -> str:
    """Text of a stranger in full, such as a file holds: a picture in it would be fetched from wherever it is."""
    return _MARKS.sub(r"\\\g<0>", " ".join(text.split()))
