"""Text that no spreadsheet takes for a formula."""

from __future__ import annotations

# What a formula or a command may begin with: half-width, full-width, and what is skipped before it.
BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """The text, with a quote before it if a spreadsheet might take it for a formula.

    Not even once it was saved as CSV and opened again.
    """
    return f"'{text}" if text.startswith(BEGINS) else text
