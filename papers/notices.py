"""A notice for the board as a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from papers.typesetting import compiled

_TEMPLATE = Path(__file__).with_name("notice.typ")


def notice_pdf(told: Mapping[str, Any]) -> bytes:
    """The notice as a PDF.

    ``told`` has ``title``, ``mark``, ``tag`` (or empty), ``lang``, ``preface`` (lines), ``heads``
    and ``rows`` of the table, ``blocks`` (``title`` and ``lines``) and ``signs`` (lines). All are
    texts, set as they stand. Raises NoFont.
    """
    return compiled(_TEMPLATE, told, "pdf", pdf_tags=False)
