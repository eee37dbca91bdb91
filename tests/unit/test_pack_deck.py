"""The HTML file holds everything that it needs, and no text of a scenario becomes mark-up."""

import json
import re
from dataclasses import replace

import plotly.graph_objects as go

from dashboard.exports.pack.deck import html_bytes
from dashboard.exports.workbook import Shown
from tests.packs import URL, Packs


def figures(content: str) -> dict[str, dict[str, object]]:
    found = re.search(r'<script id="figures" type="application/json">(.*?)</script>', content, re.DOTALL)
    assert found is not None
    read: dict[str, dict[str, object]] = json.loads(found[1])
    return read


def test_plotly_and_every_figure_stand_in_the_file(packs: Packs):
    content = html_bytes(packs()).decode()
    drawn = {f"chart-{each.key}" for each in packs().slides if each.figure is not None}
    assert set(figures(content)) == drawn
    assert len(drawn) == 7
    assert "plotly.js v" in content
    # a map's outlines only where there is a map
    assert "topojson:{world_50m:" not in content
    assert not re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="(?!data:)', content)


def test_every_slide_has_its_source_receipts_and_address(packs: Packs):
    content = html_bytes(packs("plain", "ko")).decode()
    assert content.count("<section ") == len(packs("plain", "ko").slides)
    assert content.count(f'<a href="{URL}/simulator?lang=ko&amp;') == len(packs("plain", "ko").slides)
    assert '<html lang="ko">' in content
    assert "산출 근거" in content or "근거" in content


def test_what_a_reader_named_stays_text(packs: Packs):
    pack = packs()
    first = pack.slides[0]
    evil = "</script><script>alert(1)</script><b>"
    shown = Shown(evil, evil, (evil,), first.shown.source)
    figure = go.Figure(next(each.figure for each in pack.slides if each.figure is not None))
    bad = replace(first, shown=shown, said=(evil,), figure=figure.update_layout(meta=evil))
    content = html_bytes(replace(pack, title=evil, slides=[bad])).decode()
    assert "alert(1)" in content
    assert "<script>alert(1)" not in content
    assert "<b>" not in re.sub(r"<script.*?</script>", "", content, flags=re.DOTALL)
