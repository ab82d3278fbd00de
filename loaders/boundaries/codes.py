"""Which region of today each feature is: codes or names of any edition, in any column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from loaders.boundaries.files import Layer
from loaders.boundaries.refusal import Refused
from loaders.regions.divisions import Divisions, Found
from store.lookalikes import folded

LEVELS = ("village", "township")
_DIGITS = re.compile(r"'?(\d{6,25})(?:\.0*)?")


@dataclass(frozen=True, slots=True)
class Join:
    """How a layer's features were led to regions of one level: one ``found`` a feature.

    ``parent`` is the column of townships that told villages of one name apart, if any.
    """

    layer: Layer
    level: str
    column: str
    parent: str | None
    found: tuple[Found, ...]

    @property
    def fit(self) -> float:
        """Regions led to; a column of codes may lead to a tenth fewer than one of names.

        Names that lead to less than half of the features fit by chance, that is not at all.
        """
        joined = [found.code for found in self.found if found.code]
        coded = sum(map(bool, map(code_of, self.layer.columns[self.column])))
        if coded * 2 > self.layer.features:
            return len(set(joined)) * 10 / 9
        return len(set(joined)) if len(joined) * 2 >= self.layer.features else 0

    @property
    def editions(self) -> dict[int, int]:
        """Features by edition, where that is not today's."""
        counted = Counter(f.edition for f in self.found if f.edition and f.old)
        return dict(sorted(counted.items()))


def join(
    layers: Sequence[Layer],
    divisions: Divisions,
    *,
    level: str | None = None,
    column: str | None = None,
) -> Join:
    """The layer, level and column that fit best; the options narrow the choice.

    Raises Refused: no_column, no_codes.
    """
    names = "、".join(dict.fromkeys(name for layer in layers for name in layer.columns))
    if column is not None and not any(column in layer.columns for layer in layers):
        raise Refused("no_column", column=column, columns=names)
    joins = []
    for layer in layers:
        towns = _townships(layer, divisions)
        joins += [
            _joined(layer, each, name, next((t for t in towns if t != name), None), divisions)
            for each in ([level] if level else LEVELS)
            for name in ([column] if column else layer.columns)
            if name in layer.columns
        ]
    best = max(joins, key=lambda found: found.fit, default=None)
    if best is None or not best.fit:
        raise Refused("no_codes", columns=names)
    return best


def _joined(
    layer: Layer, level: str, column: str, parent: str | None, divisions: Divisions
) -> Join:
    # Codes need no township beside them.
    named = level == "village" and not all(map(code_of, layer.columns[column]))
    parent = parent if named else None
    towns = layer.columns[parent] if parent else [""] * layer.features
    pairs = list(zip(towns, layer.columns[column], strict=True))
    known = {pair: region(pair[1], level, divisions, pair[0]) for pair in dict.fromkeys(pairs)}
    return Join(layer, level, column, parent, tuple(known[pair] for pair in pairs))


def _townships(layer: Layer, divisions: Divisions) -> list[str]:
    """The columns that name a township for most features, the surest first."""
    shares = {
        name: sum(
            count
            for value, count in Counter(values).items()
            if value and not code_of(value) and divisions.township(value).code
        )
        for name, values in layer.columns.items()
    }
    likely = [name for name, share in shares.items() if share * 2 > layer.features]
    return sorted(likely, key=lambda name: -shares[name])


def code_of(value: str) -> str:
    """The digits of a code of a township (9) or village (12), or any other; "" for a name.

    Land surveys pad codes with zeros: 611025001 as 611025001000, 611025001200 as 19 digits.
    """
    matched = _DIGITS.fullmatch(value.strip())
    if not matched:
        return ""
    digits = matched[1]
    if len(digits) > 12 and not digits[12:].strip("0"):
        digits = digits[:12]
    return digits[:9] if len(digits) == 12 and digits.endswith("000") else digits


def region(value: str, level: str, divisions: Divisions, township: str = "") -> Found:
    """Today's region of a level for a code or a name.

    Reasons: no_value, other_county, other_level, unknown_code, and those of Divisions.
    """
    value = folded(value.strip())
    if not value:
        return Found(None, reason="no_value")
    code = code_of(value)
    if code:
        return _by_code(code, level, divisions)
    if level == "township":
        return divisions.township(value)
    found = divisions.village(township, value)
    return divisions.village("", value) if found.reason == "unknown_township" else found


def _by_code(code: str, level: str, divisions: Divisions) -> Found:
    if not code.startswith(divisions.county_code):
        return Found(None, reason="other_county")
    if len(code) != (12 if level == "village" else 9):
        return Found(None, reason="other_level" if len(code) in (6, 9, 12) else "unknown_code")
    found = divisions.village("", code) if level == "village" else divisions.township_code(code)
    return found if found.code else Found(None, reason="unknown_code")
