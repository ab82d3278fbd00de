"""A layout proposed for a sheet that nobody has declared: ``python -m loaders layout FILE``.

The sheet's columns are compared with those of every known layout, by their headers and by what
their cells look like; the layout with most in common lends the table and its settings. What comes
of it is a file to read through, not an answer: each line ends in how sure it is.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from glossary import reason_words, terms
from loaders import readers, values
from loaders.audit import masked
from loaders.declarations import FOLDER
from loaders.divisions import Divisions
from loaders.likeness import Likeness
from loaders.profiles import KINDS, Fits, Profile
from loaders.reference import counties
from store import schema
from store.county_folder import path_in
from store.yamls import load_yaml

ROWS = 400  # of a sheet that are looked at
_HEAD = 20  # among which the header row is looked for
_LEAST = 0.34  # likeness below which two columns have nothing to do with each other
_SURE = 0.6
_SAME = 0.99
_NOTHING = 2  # exit code
_ELSEWHERE = 0.85  # what a header that another layout gives the same field counts for
# Fields whose name means another thing in each table.
_MANY_THINGS = frozenset(
    {"name", "people", "state", "category", "content", "reason", "note", "kind"}
)
_FIRST = ("field", "place")
_SETTINGS = ("key", "zh", "table", "columns", "unpivot")

Declared = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Guess:
    """What one column of the sheet is taken for: a column of the chosen layout, or nothing."""

    profile: Profile
    column: Declared | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Proposal:
    """The layout that fits best, what each column is, and the columns that spread over rows."""

    base: Declared
    guesses: tuple[Guess, ...]
    spread: tuple[str, ...]
    score: float


def declared(*folders: Path) -> list[Declared]:
    """Layouts as they are declared in folders; one that is not there holds none."""
    paths = [path for folder in folders for path in sorted(folder.glob("*.yaml"))]
    return [load_yaml(path.read_text("utf-8")) for path in paths]


def propose(
    rows: Sequence[Sequence[str]], known: Sequence[Declared], counties: Sequence[Divisions]
) -> Proposal:
    """The proposal for a sheet's first rows; ValueError where no row could be a header."""
    top = header_row(rows)
    headers = _headers(rows, top)
    body = rows[top + 1 :]
    profiles = [
        Profile.of(header, [row[i] for row in body if i < len(row)])
        for i, header in enumerate(headers)
        if header
    ]
    matcher = _Matcher(known, counties)
    return max((matcher.against(base, profiles) for base in known), key=lambda found: found.score)


def header_row(rows: Sequence[Sequence[str]]) -> int:
    """Index of the row that looks most like a header: many different short words, no values."""

    def score(index: int) -> float:
        cells = [values.compact(cell) for cell in rows[index] if cell.strip()]
        words = {c for c in cells if not re.fullmatch(r"[-+.\d/:%Xx]+", c) and len(c) <= 40}
        below = [sum(bool(cell.strip()) for cell in row) for row in rows[index + 1 : index + 6]]
        filled = min(1.0, sum(below) / len(below) / len(cells)) if below and cells else 0.0
        return len(words) * (2 * len(words) / len(cells) - 1) * filled if cells else 0.0

    best = max(range(min(_HEAD, len(rows))), key=score, default=0)
    if not rows or score(best) < 2:
        raise ValueError("没有找到表头: 前 20 行里没有哪一行像列名")
    return best


def _headers(rows: Sequence[Sequence[str]], top: int) -> list[str]:
    """Headers by position; under a merged header of two rows, that of the upper row too."""
    lower = [cell.strip() for cell in rows[top]]
    upper = [cell.strip() for cell in rows[top - 1]] if top else []
    if sum(map(bool, upper)) < 2:
        return lower
    for i, cell in enumerate(lower):
        above = upper[i] if i < len(upper) else ""
        if not cell:
            lower[i] = above
    return lower


class _Matcher:
    """Compares columns of a sheet with columns of layouts."""

    def __init__(self, known: Sequence[Declared], counties: Sequence[Divisions]):
        self._fits = Fits(counties)
        self._said = _Said(known)
        self._likeness = Likeness(self._said.words())

    def against(self, base: Declared, profiles: Sequence[Profile]) -> Proposal:
        """The sheet's columns as columns of one layout."""
        spread = _spread(base, profiles)
        left = [p for p in profiles if p.header not in spread]
        columns = base["columns"]
        scores = [[self._score(base["table"], p, column) for column in columns] for p in left]
        chosen = _assigned(scores)
        guesses = tuple(
            Guess(
                p,
                columns[chosen[i]] if i in chosen else None,
                _confidence(scores[i], chosen.get(i)),
            )
            for i, p in enumerate(left)
        )
        worth = sum(
            scores[i][at] * (0.4 if columns[at].get("ignore") else 1) for i, at in chosen.items()
        )
        lacking = sum(
            bool(c.get("required")) and i not in chosen.values() for i, c in enumerate(columns)
        )
        return Proposal(base, guesses, spread, worth + 0.5 * len(spread) - lacking)

    def _score(self, table: str, profile: Profile, column: Declared) -> float:
        """How likely a column of the sheet is a column of the layout, 0 to 1."""
        alike = max(
            weight * self._likeness.of(profile.header, word)
            for word, weight in self._said.of(table, column)
        )
        if column.get("ignore"):
            return alike if alike > _SAME else 0.9 * alike
        fit, telling = self._fit(table, profile, column)
        if fit < 0.5:
            return alike * fit
        return 0.55 * alike + 0.45 * fit if telling else fit * (0.1 + 0.9 * alike)

    def _fit(self, table: str, profile: Profile, column: Declared) -> tuple[float, bool]:
        if place := column.get("place"):
            return self._fits.place(profile, place)
        declared = schema.BY_NAME["household" if column.get("check") else table]
        return self._fits.field(profile, declared.column(column["field"]), column.get("values"))


class _Said:
    """How each column is written: in its own layout, and a little less in all others and here."""

    def __init__(self, known: Sequence[Declared]):
        self._fields: dict[str, set[str]] = {}
        for layout in known:
            for column in layout["columns"]:
                if name := column.get("field") or column.get("place"):
                    self._fields.setdefault(name, set()).update(_headers_of(column))

    def of(self, table: str, column: Declared) -> list[tuple[str, float]]:
        """Headers of a column with their weights."""
        own = [(word, 1.0) for word in _headers_of(column)]
        name = column.get("field") or column.get("place")
        if name is None or name in _MANY_THINGS:
            return own
        term = terms().get(name)
        return [
            *own,
            *((w, _ELSEWHERE) for w in self._fields[name]),
            *([(term["zh"], _ELSEWHERE)] if term else []),
        ]

    def words(self) -> set[str]:
        """Every header there is."""
        return {word for words in self._fields.values() for word in words}


def _headers_of(column: Declared) -> list[str]:
    return [column["header"], *column.get("also", ())]


def _spread(base: Declared, profiles: Sequence[Profile]) -> tuple[str, ...]:
    """Headers that the layout turns into rows of another table; they are known by their names."""
    unpivot = base.get("unpivot")
    if not unpivot:
        return ()
    named = {values.spelling(name) for name in unpivot["columns"]}
    return tuple(p.header for p in profiles if values.spelling(p.header) in named)


def _assigned(scores: Sequence[Sequence[float]]) -> dict[int, int]:
    """Each column of the sheet with at most one of the layout, the likeliest pairs first."""
    pairs = sorted(
        ((-score, i, j) for i, row in enumerate(scores) for j, score in enumerate(row)),
    )
    found: dict[int, int] = {}
    for score, i, j in pairs:
        if -score < _LEAST:
            break
        if i not in found and j not in found.values():
            found[i] = j
    return found


def _confidence(scores: Sequence[float], at: int | None) -> float:
    """How sure a choice is: its score, less where another column would do nearly as well."""
    best = max(scores, default=0.0)
    if at is None:
        return 1 - best
    second = max((score for j, score in enumerate(scores) if j != at), default=0.0)
    return scores[at] * min(1.0, 0.6 + 2 * max(scores[at] - second, 0))


def text(found: Proposal, file: str, sheet: str) -> str:
    """The layout as a YAML file; no cell of the sheet stands in it."""
    return "\n".join(_lines(found, file, sheet)) + "\n"


def _lines(found: Proposal, file: str, sheet: str) -> Iterator[str]:
    base = found.base
    key = f"{base['key']}_own"
    place = " ".join(filter(None, (masked(file), masked(sheet))))
    yield f"# 由 {place} 推断,套用“{base['zh']}”。请逐行核对后存为快照文件夹下的"
    yield f"# county/layouts/{key}.yaml。行尾为把握(0 至 1),低于 {_SURE} 的务必核对。"
    yield f"key: {key}"
    yield f"zh: {base['zh']}"
    yield f"table: {base['table']}"
    settings = {name: base[name] for name in base if name not in _SETTINGS}
    if settings:
        yield yaml.safe_dump(settings, allow_unicode=True, sort_keys=False).rstrip()
    yield "columns:"
    for guess in found.guesses:
        yield _line(guess)
    if found.spread:
        unpivot = {**base["unpivot"], "columns": list(found.spread)}
        yield yaml.safe_dump({"unpivot": unpivot}, allow_unicode=True, sort_keys=False).rstrip()
    held = {id(guess.column) for guess in found.guesses}
    for column in base["columns"]:
        if id(column) not in held and not column.get("ignore"):
            word = "缺少必填" if column.get("required") else "没有找到"
            yield f"# {word}: {column['header']} ({column.get('field') or column['place']})"


def _line(guess: Guess) -> str:
    header = json.dumps(masked(guess.profile.header), ensure_ascii=False)
    kind = KINDS[guess.profile.kind]
    if guess.column is None or guess.column.get("ignore"):
        known = guess.column["header"] if guess.column else guess.profile.header
        like = f",疑为“{known}”" if known != guess.profile.header else ""
        return f"  - {{ignore: true, header: {header}}}  # {guess.confidence:.2f} {kind}{like}"
    kept = {name: value for name, value in guess.column.items() if name not in ("header", "also")}
    words = "".join(
        f", {name}: {_flow(value)}" for name, value in kept.items() if name not in _FIRST
    )
    first = next(f"{name}: {kept[name]}" for name in _FIRST if name in kept)
    mark = " 请核对" if guess.confidence < _SURE else ""
    return f"  - {{{first}, header: {header}{words}}}  # {guess.confidence:.2f} {kind}{mark}"


def _flow(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def declare(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command and its options; ``--county`` and ``--home`` are those of every command."""
    command = commands.add_parser("layout", help="为没见过的表提出一份格式声明")
    command.add_argument("file", type=Path, metavar="FILE", help="工作簿或文本文件")
    command.add_argument("--sheet", metavar="NAME", help="工作表(默认取行数最多的)")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print the proposal for one sheet of a file; 2 where there is none, with the reason."""
    with readers.read(options.file) as reading:
        sheets = {sheet.name: sheet for sheet in reading.sheets if sheet.rows_count}
        name = options.sheet
        if name is None and sheets:
            name = max(sheets, key=lambda each: (not sheets[each].hidden, sheets[each].rows_count))
        if name not in sheets:
            return _without(reading, sheets)
        sheet = sheets[name]
        others = [other for other in sheets if other != name]
        try:
            known = declared(FOLDER, path_in(options.home, "layouts"))
            places = [Divisions.load(code, options.home) for code in counties(options.home)]
            found = propose(sheet.head(ROWS), known, places)
        except ValueError as error:
            print(f"未能推断: {error}", file=sys.stderr)
            return _NOTHING
        print(text(found, sheet.file, sheet.name), end="")
    if others:
        print(f"同一文件还有: {'、'.join(others)}(用 --sheet 指定)", file=sys.stderr)
    return 0


def _without(reading: readers.Reading, sheets: Mapping[str, Any]) -> int:
    """Say why there is no such sheet."""
    why = reason_words(reading.refusal, "zh")[0] if reading.refusal else "没有这个工作表"
    there = f";有: {'、'.join(sheets)}" if sheets else ""
    print(f"未能推断: {why}{there}", file=sys.stderr)
    return _NOTHING
