"""What a key of a layout would read that was not: told with the sheet that it is missed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from loaders.cells import values
from loaders.layouts import matching
from loaders.layouts.matching import Layout, Match
from loaders.proposals.header_rows import HeaderRows, header_rows, years_of
from loaders.proposals.header_similarity import plain
from loaders.reading.sheets import Sheet
from loaders.regions.divisions import Divisions
from loaders.regions.place_in_text import named_place

# Reasons that say which key of a layout would read the sheet.
NEEDS_A_KEY = frozenset({"years_in_headers", "place_not_a_column", "household_not_numbered"})

_ROWS = 30  # of a sheet that are looked at
_FEW = 3  # columns of the register that are worth a register
_IDENTITY, _HOUSEHOLD = plain("证件号码"), plain("户编号")

Why = tuple[str, Sequence[str]]  # a reason and the headers that it is about


def unread(sheet: Sheet, known: Sequence[Layout], divisions: Divisions) -> Why:
    """Why a sheet is of no known layout, and the headers that it lacks or that show why."""
    if sheet.hidden:
        return "hidden_sheet", ()
    header = _header(sheet)
    names = header.names if header else ()
    if years := years_of(names):
        return "years_in_headers", list(years)
    nearest = matching.lacking(sheet, known)
    lacks = nearest[1] if nearest else ()
    if nearest and header and _place_stands_elsewhere(sheet, header, nearest[0], lacks, divisions):
        return "place_not_a_column", lacks
    folded = [plain(name) for name in names if name]
    identities = [
        n for n, text in zip(filter(None, names), folded, strict=True) if _is_identity(text)
    ]
    if identities and not any(_HOUSEHOLD in text for text in folded):
        return "household_not_numbered", identities
    return ("missing_columns", lacks) if nearest else ("unknown_layout", ())


def _header(sheet: Sheet) -> HeaderRows | None:
    try:
        return header_rows(sheet.head(_ROWS), sheet.head_rows(_ROWS), sheet.merges)
    except ValueError:
        return None


def _is_identity(text: str) -> bool:
    return _IDENTITY in text or "证件" in text


def _place_stands_elsewhere(
    sheet: Sheet,
    header: HeaderRows,
    nearest: Layout,
    lacks: Sequence[str],
    divisions: Divisions,
) -> bool:
    """Whether all that a sheet lacks are places that its name, its file's or its title has."""
    levels = {column.place for column in nearest.columns if column.header in lacks}
    texts = [sheet.name, sheet.file.rsplit(".", 1)[0], *header.titles]
    return bool(levels) and all(
        level and any(named_place(values.compact(text), level, divisions) for text in texts)
        for level in levels
    )


def unused(match: Match, reasons: Iterable[str]) -> list[Why]:
    """What a sheet that was read holds more; ``reasons`` are those that refused rows of it."""
    if match.is_further:
        return []
    found: list[Why] = []
    if years := years_of([header.strip() for header in match.unknown]):
        found.append(("years_in_headers", list(years)))
    if "unknown_household" in reasons and (headers := _of_register(match)):
        found.append(("register_in_rows", headers))
    return found


def _of_register(match: Match) -> list[str]:
    """Headers of columns left out that the register has, if they would make one."""
    (register,) = (each for each in matching.load() if each.table == "household")
    left = {
        position: (header.strip(),)
        for position, header in enumerate(match.headers)
        if header.strip() and (position not in match.at or match.at[position].ignore)
    }
    width = len(match.headers)
    texts = [left.get(position, ()) for position in range(width)]
    at, _ = matching.positions(register, texts)
    fields = {each.column.field for each in at.values() if each.column.field}
    enough = len(fields) >= _FEW and {"registered", "member_count"} <= fields
    return [each.text for _, each in sorted(at.items())] if enough else []
