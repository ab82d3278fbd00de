"""How a personal value shows to who may not see it whole: one shape by kind and length, in SQL and
in Python alike."""

from __future__ import annotations

from dataclasses import dataclass

from store.schema import Mask

HIDDEN = "***"  # what is too short for any part of it to show


@dataclass(frozen=True, slots=True)
class _Shape:
    """Of a value of ``length`` characters or more, the first and last that show.

    ``stars`` stand for the others, one each where that is None.
    """

    length: int
    first: int
    last: int
    stars: int | None = None


# The longest first. Two people can talk about the same row, and nobody can read it off: of a mobile
# phone seven characters show, of a shorter number two at most. Of an identity number the first
# alone: place, birth date and sex stand beside it, and with them its last two leave nine numbers.
_SHAPES: dict[Mask, tuple[_Shape, ...]] = {
    "name": (_Shape(3, 1, 1, stars=1), _Shape(2, 1, 0, stars=1)),
    "identity": (_Shape(9, 1, 0),),
    "phone": (_Shape(11, 3, 4), _Shape(7, 0, 2)),
}


def mask_text(value: str, mask: Mask) -> str:
    """The value as it may show; an empty one is empty."""
    for shape in _SHAPES[mask]:
        if len(value) >= shape.length:
            hidden = len(value) - shape.first - shape.last
            stars = "*" * (hidden if shape.stars is None else shape.stars)
            return value[: shape.first] + stars + value[len(value) - shape.last :]
    return HIDDEN if value else ""


def year_text(value: str) -> str:
    """A date, as ISO text, of which the year alone may show."""
    return f"{value[:4]}-**-**"


def year_sql(column: str) -> str:
    """The same as an SQL expression over a column of dates; NULL stays NULL."""
    return f"strftime({column}, '%Y-**-**')"


def mask_sql(column: str, mask: Mask) -> str:
    """The same as an SQL expression over a column; NULL stays NULL."""
    steps = []
    for shape in _SHAPES[mask]:
        stars = shape.stars
        count = f"length({column}) - {shape.first + shape.last}" if stars is None else str(stars)
        shown = f"left({column}, {shape.first}) || repeat('*', {count})"
        shown += f" || right({column}, {shape.last})"
        steps.append(f"WHEN length({column}) >= {shape.length} THEN {shown}")
    rest = f"WHEN length({column}) > 0 THEN '{HIDDEN}' ELSE {column}"
    return f"CASE {' '.join(steps)} {rest} END"
