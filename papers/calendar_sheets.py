"""Calendars of households for the wall as one PDF."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from papers.typesetting import compiled

Lines = list[dict[str, Any]]

_TEMPLATE = Path(__file__).with_name("calendar.typ")


def fitting(lines: Lines, most: int) -> tuple[Lines, int]:
    """As many lines as there is room for, the ``bad`` ones first where there are more, and how many
    are left out; one line is kept for saying so."""
    if len(lines) <= most:
        return lines, 0
    kept = sorted(lines, key=lambda line: not line["bad"])[: most - 1]
    return kept, len(lines) - len(kept)


def calendars_pdf(told: Mapping[str, Any]) -> bytes:
    """The calendars as a PDF: a landscape A3 page each.

    ``told`` has ``title`` (of the document), ``mark``, ``tag`` (or empty), ``watermark``, ``foot``,
    ``lang``, ``heads`` (came in, visits, due) and ``sheets``, each with ``title``, ``facts``
    (pairs) and ``months``: twelve, each with ``name``, and ``came``, ``visits`` and ``due`` (lists
    of ``text`` and whether it is ``bad``). All are texts, set as they stand. Raises NoFont.
    """
    return compiled(_TEMPLATE, told, "pdf", pdf_tags=False)
