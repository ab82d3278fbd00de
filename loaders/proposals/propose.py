"""``python -m loaders layout FILE``: a layout proposed for a sheet that nobody has declared.

What comes of it is a file to read through, not an answer: each line ends in how sure it is.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from glossary import reason_words
from loaders.accounts.audit import masked
from loaders.layouts.declarations import FOLDER, LayoutError, read
from loaders.layouts.declared_keys import GUIDE
from loaders.proposals import proposal
from loaders.proposals.column_guess import Declared, Guess
from loaders.proposals.column_profiles import KINDS
from loaders.proposals.header_rows import header_row
from loaders.proposals.proposal import Looked, Proposal
from loaders.reading import sheets as readers
from loaders.reference import counties
from loaders.regions.divisions import Divisions
from store.county_folder import path_in
from store.yamls import load_yaml

__all__ = ["FOLDER", "ROWS", "Proposal", "declared", "header_row", "looked", "propose", "text"]

ROWS = 400  # of a sheet that are looked at
_SURE = 0.6
_NOTHING = 2  # exit code
_FIRST = ("field", "place")


def declared(*folders: Path) -> list[Declared]:
    """Layouts as they are declared in folders; one that is not there holds none."""
    paths = [path for folder in folders for path in sorted(folder.glob("*.yaml"))]
    return [_plain(load_yaml(path.read_text("utf-8"))) for path in paths]


def _plain(value: Any) -> Any:
    """A declaration without where its keys stand: it is written out again."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def looked(sheet: readers.Sheet) -> Looked:
    """The first rows of a sheet, as a proposal is made of them."""
    return Looked(sheet.head(ROWS), sheet.head_rows(ROWS), sheet.merges, sheet.name, sheet.file)


def propose(
    rows: Looked | Sequence[Sequence[str]],
    known: Sequence[Declared],
    counties: Sequence[Divisions],
) -> Proposal:
    """The proposal for a sheet, or for its first rows; ValueError where none could be a header."""
    if not isinstance(rows, Looked):
        rows = Looked(rows, range(1, len(rows) + 1))
    return proposal.propose(rows, known, counties)


def text(found: Proposal, file: str, sheet: str) -> str:
    """The layout as a YAML file; no cell of the sheet stands in it."""
    return "\n".join(_lines(found, file, sheet)) + "\n"


def _lines(found: Proposal, file: str, sheet: str) -> Iterator[str]:
    base, key = found.base, found.key
    place = " ".join(filter(None, (masked(file), masked(sheet))))
    yield f"# 由 {place} 推断,套用“{base['zh']}”。"
    yield f"# 请逐行核对后存为快照文件夹下的 county/layouts/{key}.yaml。"
    yield f"# 行尾为把握(0 至 1),低于 {_SURE} 的务必核对;各键的写法见 {GUIDE}。"
    yield f"key: {key}"
    yield f"zh: {base['zh']}"
    yield f"table: {base['table']}"
    if found.settings:
        yield _block(dict(found.settings))
    yield "columns:"
    own = {g.profile.header for part in found.also for g in part.guesses}
    for guess in found.guesses:
        yield _line(guess, found, elsewhere=guess.profile.header in own)
    if found.also:
        yield "also_fills:"
    for part in found.also:
        yield f"  - table: {part.base['table']}"
        yield "    columns:"
        for guess in part.guesses:
            yield "    " + _line(guess, found)
    if found.spread:
        yield _block({"unpivot": {**base["unpivot"], "columns": list(found.spread)}})
    yield from _missing(found)


def _missing(found: Proposal) -> Iterator[str]:
    """Columns of the layout that the sheet lacks, as comments."""
    has = {g.target for g in found.guesses} | {*found.settings.get("place_from", ())}
    has |= {*found.settings.get("hash", ())}
    for column in found.base["columns"]:
        name = column.get("field") or column.get("place")
        by_year = name == "year" and any("{year}" in g.profile.header for g in found.guesses)
        found_by = name == "household_id" and found.settings.get("household_by")
        if name and name not in has and not (by_year or found_by):
            word = "缺少必填" if column.get("required") else "没有找到"
            yield f"# {word}: {column['header']} ({name})"


def _block(settings: dict[str, Any]) -> str:
    return yaml.safe_dump(settings, allow_unicode=True, sort_keys=False).rstrip()


def _line(guess: Guess, found: Proposal, *, elsewhere: bool = False) -> str:
    header = json.dumps(masked(guess.profile.header), ensure_ascii=False)
    kind = KINDS[guess.profile.kind]
    if guess.column is None or guess.column.get("ignore"):
        known = guess.column["header"] if guess.column else guess.profile.header
        like = f",疑为“{known}”" if known != guess.profile.header else ""
        like = ",见 also_fills" if elsewhere else like
        return f"  - {{ignore: true, header: {header}}}  # {guess.confidence:.2f} {kind}{like}"
    aside = ("header", "also", "fill_down")
    kept = {name: value for name, value in guess.column.items() if name not in aside}
    if guess.profile.header in found.filled:
        kept["fill_down"] = True
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
            known = [*declared(FOLDER), *_usable(path_in(options.home, "layouts"))]
            places = [Divisions.load(code, options.home) for code in counties(options.home)]
            found = propose(looked(sheet), known, places)
        except ValueError as error:
            print(f"未能推断: {error}", file=sys.stderr)
            return _NOTHING
        print(text(found, sheet.file, sheet.name), end="")
    if others:
        print(f"同一文件还有: {'、'.join(others)}(用 --sheet 指定)", file=sys.stderr)
    return 0


def _usable(folder: Path) -> Iterator[Declared]:
    """Layouts of a folder; what is wrong with one is said, and a proposal needs it not.

    An empty one is the file that the proposal is about to be written to.
    """
    for path in sorted(folder.glob("*.yaml")):
        try:
            read(path)
            yield _plain(load_yaml(path.read_text("utf-8")))
        except LayoutError as error:
            if path.stat().st_size:
                print(f"未参照: {error}", file=sys.stderr)


def _without(reading: readers.Reading, sheets: Mapping[str, Any]) -> int:
    """Say why there is no such sheet."""
    why = reason_words(reading.refusal, "zh")[0] if reading.refusal else "没有这个工作表"
    there = f";有: {'、'.join(sheets)}" if sheets else ""
    print(f"未能推断: {why}{there}", file=sys.stderr)
    return _NOTHING
