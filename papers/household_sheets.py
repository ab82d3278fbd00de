"""Sheets and files of households as one PDF."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from papers.typesetting import compiled

_TEMPLATE = Path(__file__).with_name("sheet.typ")
_FILES = Path(__file__).with_name("file.typ")


def sheets_pdf(told: Mapping[str, Any]) -> bytes:
    """The sheets as a PDF: a page each.

    ``told`` has ``title``, ``mark``, ``tag`` (or empty), ``watermark``, ``foot``, ``lang``,
    ``signs``, ``heads`` (of the table)
    and ``sheets``, each with ``number``, ``household``, ``facts`` (pairs), ``items`` (``name``,
    ``told``, ``answers``) and ``more``. All are texts, set as they stand. Raises NoFont.
    """
    return compiled(_TEMPLATE, told, "pdf", pdf_tags=False)


def files_pdf(told: Mapping[str, Any]) -> bytes:
    """Files of households as a PDF, each beginning on a page of its own.

    ``told`` has ``title``, ``mark``, ``tag`` (or empty), ``watermark``, ``foot``, ``lang`` and
    ``files``, each with ``name``, ``household``, ``place``, ``facts`` (pairs), ``notes`` and
    ``tables`` (``name``, ``heads``, ``widths`` as shares, ``rows`` of texts). Raises NoFont.
    """
    return compiled(_FILES, told, "pdf", pdf_tags=False)
