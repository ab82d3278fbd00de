"""What the bench says: percentiles, ratios, which targets are reached, one table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.bench.servers import DASHBOARD, FLOOR, LOGIN, NAMES, TUTORIAL


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table: a number for each program that it was taken of, by letter."""

    key: str
    name: str
    unit: str
    values: Mapping[str, float]

    def ratio(self, other: str, of: str = DASHBOARD) -> float | None:
        """A program's number over another's; None where there is nothing to divide."""
        mine, its = self.values.get(of), self.values.get(other)
        return None if mine is None or its is None or its <= 0 else mine / its


@dataclass(frozen=True, slots=True)
class Target:
    """At most ``limit``: times the number of the program ``against``, or by itself if None."""

    key: str
    limit: float
    against: str | None = None
    of: str = DASHBOARD


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a target is reached, by what it was judged, and in words."""

    target: Target
    found: float | None
    reached: bool
    words: str


TARGETS = (
    Target("overview_key_to_paint_p50", 1 / 3, TUTORIAL),
    Target("overview_key_to_paint_p50", 1.3, FLOOR),
    Target("overview_key_to_paint_p95", 1.3, FLOOR),
    Target("overview_ready_key_to_paint_p50", 1.0, FLOOR),
    Target("overview_playing_p95", 50.0),  # twenty years a second
    Target("map_ready_key_to_paint_p50", 1.0, FLOOR),
    Target("map_playing_p95", 50.0),
    Target("ledgers_key_to_paint_p50", 1.5, FLOOR),
    Target("overview_script_p50", 1 / 8, TUTORIAL),
    Target("overview_bytes_p50", 6.0),
    Target("overview_messages_p50", 6.0),
    Target("crowd_p95", 1 / 20, TUTORIAL),
    Target("load_bytes", 4.0),
    Target("load_p50", 1.0, TUTORIAL),
    Target("overview_script_p50", 1.1, DASHBOARD, LOGIN),
    Target("overview_processor", 1.1, DASHBOARD, LOGIN),
    Target("audit_ledgers", 5.0),
    Target("audit_household", 5.0),
)


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which a share (0 to 1) of the values lies, interpolated between two.

    ValueError for no values.
    """
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values")
    at = share * (len(ordered) - 1)
    low, high = ordered[math.floor(at)], ordered[math.ceil(at)]
    return low + (high - low) * (at - math.floor(at))


def spread(
    key: str, name: str, unit: str, values: Mapping[str, Sequence[float]]
) -> tuple[Measure, Measure]:
    """Median and 95th percentile of each program's values, as two lines."""
    return (
        Measure(f"{key}_p50", f"{name}, median", unit, _each(values, 0.5)),
        Measure(f"{key}_p95", f"{name}, p95", unit, _each(values, 0.95)),
    )


def _each(values: Mapping[str, Sequence[float]], share: float) -> dict[str, float]:
    return {letter: percentile(found, share) for letter, found in values.items()}


def judge(target: Target, measures: Mapping[str, Measure]) -> Verdict:
    """Hold a target against what was measured; not measured is not reached."""
    measure = measures.get(target.key)
    found: float | None = None
    if measure is not None:
        own = measure.values.get(target.of)
        found = own if target.against is None else measure.ratio(target.against, target.of)
    name = measure.name if measure else target.key
    unit = f"times ({target.against})" if target.against else measure.unit if measure else ""
    name += f" ({target.of})" if target.of != DASHBOARD else ""
    aim = f"{name}: at most {target.limit:.3g} {unit}".rstrip()
    if found is None:
        return Verdict(target, None, False, f"{aim}: not measured")
    reached = found <= target.limit
    by = "reached" if reached else f"NOT reached, {found / target.limit:.2f} times the target"
    return Verdict(target, found, reached, f"{aim}: {found:.3g}, {by}")


def number(value: float | None) -> str:
    """A number with three digits that count, whole from a hundred on; a dash for none."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def table(measures: Iterable[Measure]) -> str:
    """The measures as a Markdown table with the ratios of the dashboard to the others."""
    head = ["", "unit", *(f"({letter})" for letter in NAMES), "a / b", "a / c", "d / a"]
    rows = [
        [
            measure.name,
            measure.unit,
            *(number(measure.values.get(letter)) for letter in NAMES),
            number(measure.ratio(TUTORIAL)),
            number(measure.ratio(FLOOR)),
            number(measure.ratio(DASHBOARD, LOGIN)),
        ]
        for measure in measures
    ]
    widths = [max(len(row[i]) for row in [head, *rows]) for i in range(len(head))]
    rule = ["-" * width for width in widths[:2]] + ["-" * (width - 1) + ":" for width in widths[2:]]
    return "\n".join(_line(row, widths) for row in [head, rule, *rows])


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.ljust(width) if i < 2 else cell.rjust(width)
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(padded)} |"
