"""Lists are shown a page of rows at a time: how many pages there are, and where each begins."""

from __future__ import annotations

PAGE_ROWS = 50


def page_count(rows: int) -> int:
    """How many pages so many rows fill; 0 for none."""
    return -(-rows // PAGE_ROWS)


def first_row(page: int) -> int:
    """How many rows stand before a page, the first page being 1."""
    return (page - 1) * PAGE_ROWS
