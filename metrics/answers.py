"""Whether what was reported, asked or objected to has an answer, and in time.

An answer without a date was given, and nobody can tell when: it is neither waiting nor in time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from rules.parameters import Parameter

STATES = ("waiting", "overdue", "answered", "answered_late", "undated")
OPEN = ("waiting", "overdue")
# SQL over ``x``, which has ``answered_on``, ``answer_text`` and ``days_to_answer``; ``$limit`` days
# are there for an answer, NULL where no document says.
STATE = """CASE
    WHEN x.answered_on IS NULL AND x.answer_text IS NOT NULL THEN 'undated'
    WHEN x.answered_on IS NULL AND x.days_to_answer > $limit THEN 'overdue'
    WHEN x.answered_on IS NULL THEN 'waiting'
    WHEN x.days_to_answer > $limit THEN 'answered_late'
    ELSE 'answered'
  END"""


def days(since: str) -> str:
    """SQL over ``x``: the days until the answer, or until ``$day`` without one; NULL where it has
    no date."""
    return (
        "CASE WHEN x.answered_on IS NULL AND x.answer_text IS NOT NULL THEN NULL "
        f"ELSE date_diff('day', x.{since}, COALESCE(x.answered_on, $day)) END AS days_to_answer"
    )


def limit(parameters: Mapping[str, Parameter], day: date) -> int | None:
    """The days within which an answer is due; None where no document says."""
    held = parameters["complaint_answer_days"].at(day)
    return int(held.value) if held else None


def counted(counts: Mapping[str, int], state: str | None = None) -> int:
    """How many there are in a state; in all of them where none is named."""
    return counts[state] if state else sum(counts.values())


def unanswered(counts: Mapping[str, int]) -> int:
    """How many wait for an answer, in time or not."""
    return sum(counts[state] for state in OPEN)
