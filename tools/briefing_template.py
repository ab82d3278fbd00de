"""Writes the template of briefings' slides, papers/briefing.pptx: 16:9, our fonts and colours.

An office's own template is any pptx with the same two layouts in their places (the first, a title
with a subtitle; the sixth, a title alone), as ``county/briefing.pptx`` of its home.
"""

from __future__ import annotations

from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from charts.theme import ACCENT, ALERT, INK, PAPER, SERIES
from papers.fonts import EAST_ASIAN, LATIN
from papers.slides import TEMPLATE

_COLOURS = {
    "dk1": INK, "lt1": "#FFFFFF", "dk2": INK, "lt2": PAPER,
    **{f"accent{n}": colour for n, colour in enumerate(SERIES, 1)},
    "hlink": ACCENT, "folHlink": ALERT,
}  # fmt: skip


def main() -> None:
    """Write it over the one that is there."""
    show = Presentation()
    narrow = show.slide_width
    show.slide_width, show.slide_height = Inches(13.333), Inches(7.5)
    for owner in (show.slide_master, *show.slide_layouts):
        for shape in owner.placeholders:
            wide = show.slide_width / narrow
            shape.left, shape.width = int(shape.left * wide), int(shape.width * wide)
        _titled(owner)
    part = next(
        relation.target_part
        for relation in show.slide_master.part.rels.values()
        if relation.reltype.endswith("/theme")
    )
    part._blob = _theme(part.blob)
    show.save(str(TEMPLATE))


def _titled(owner: Any) -> None:
    """Titles left at the top, except on the cover."""
    for shape in owner.placeholders:
        if shape.placeholder_format.type in (1, 13) and owner.name != "Title Slide":
            shape.left, shape.top = Inches(0.6), Inches(0.35)
            shape.width, shape.height = Inches(12.1), Inches(0.95)
            for paragraph in shape.text_frame.paragraphs:
                paragraph.font.size = Pt(28)
                paragraph.font.bold = True


def _theme(blob: bytes) -> bytes:
    root = etree.fromstring(blob)
    for fonts in root.iter(qn("a:majorFont"), qn("a:minorFont")):
        fonts.find(qn("a:latin")).set("typeface", LATIN)
        fonts.find(qn("a:ea")).set("typeface", EAST_ASIAN)
        for one in fonts.findall(qn("a:font")):
            if one.get("script") == "Hans":
                one.set("typeface", EAST_ASIAN)
    scheme = root.find(f".//{qn('a:clrScheme')}")
    for name, colour in _COLOURS.items():
        entry = scheme.find(qn(f"a:{name}"))
        for old in list(entry):
            entry.remove(old)
        etree.SubElement(entry, qn("a:srgbClr")).set("val", colour.lstrip("#").upper())
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


if __name__ == "__main__":
    main()
