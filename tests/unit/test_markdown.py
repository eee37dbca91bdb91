"""Texts on their way into Markdown."""

import pytest

from dashboard.markdown import cell, escaped, literal, safe


def test_dollars_and_tildes_stay_what_they_are():
    assert safe("USD $1 ~ $2 ~ 3") == "USD \\$1 \\~ \\$2 \\~ 3"


@pytest.mark.parametrize(
    ("stranger", "shown"),
    [
        ("series=nonsense", "`series=nonsense`"),
        ("[a](http://example.org)", "`[a](http://example.org)`"),
        ("`**a**`", "`'**a**'`"),
        ("two\n\n# lines", "`two # lines`"),
        ("x" * 100, f"`{'x' * 60}…`"),
    ],
)
def test_a_strangers_text_is_shown_and_never_followed(stranger: str, shown: str):
    assert literal(stranger) == shown


@pytest.mark.parametrize(
    ("stranger", "shown"),
    [
        ("![x](http://x/y.png)", "!\\[x\\](http://x/y.png)"),
        ("<b> **a** _b_ `c` $1 ~ 2", "\\<b\\> \\*\\*a\\*\\* \\_b\\_ \\`c\\` \\$1 \\~ 2"),
        ("two\n\n# lines\\", "two \\# lines\\\\"),
        ("한도 400만 원", "한도 400만 원"),
    ],
)
def test_a_strangers_text_is_shown_in_full(stranger: str, shown: str):
    assert escaped(stranger) == shown


def test_an_address_in_a_cell_is_a_link_by_its_host():
    address = "https://news.example.com/2026/08/a_(b)?x=1&y=~2"
    assert cell(address) == f"[news.example.com](<{address}>)"
    assert cell("see https://example.com ~") == "see https://example.com \\~"
    assert cell("https://") == "https://"
