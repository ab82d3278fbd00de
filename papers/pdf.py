"""A briefing as a PDF, and its charts as pictures: both set by typst, in this process, without a
browser and without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from papers.content import Block, Chart, Paper, Table, Text
from papers.typesetting import compiled

_TEMPLATE = Path(__file__).with_name("paper.typ")
_PIXELS_AN_INCH = 200.0


def write(paper: Paper) -> bytes:
    """The whole paper as a PDF. Raises NoFont."""
    told = {
        "picture": False,
        "title": paper.title,
        "subtitle": paper.subtitle,
        "simulated": paper.simulated,
        "foot": paper.foot,
        "watermark": paper.watermark,
        "contents": paper.contents,
        "lang": paper.lang,
        "sections": [
            {"title": one.title, "blocks": [_block(block) for block in one.blocks]}
            for one in paper.sections
        ],
    }
    return compiled(_TEMPLATE, told, "pdf")


def picture(chart: Chart, lang: str) -> bytes:
    """A chart as a PNG, as wide as a page's text. Raises NoFont."""
    told = {"picture": True, "title": chart.title, "lang": lang, "chart": _chart(chart)}
    return compiled(_TEMPLATE, told, "png", ppi=_PIXELS_AN_INCH)


def _block(block: Block) -> dict[str, Any]:
    if isinstance(block, Text):
        return {"is": "text", "text": block.text, "href": block.href}
    if isinstance(block, Table):
        return {
            "is": "table",
            "heads": block.heads,
            "numeric": sorted(block.numeric),
            "rows": [[{"text": c.text, "href": c.href} for c in row] for row in block.rows],
        }
    return _chart(block)


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "is": "chart",
        "kind": chart.kind,
        "title": chart.title,
        "unit": chart.unit,
        "categories": chart.categories,
        "values": chart.series.values,
        "texts": [chart.text(value) for value in chart.series.values],
        "href": chart.href,
    }
