"""The report of an import as tables: what became of the rows of every sheet, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from glossary import Lang, reason_words
from metrics.intake import sheet_counts
from views.browser.markup import Markup, h
from views.parts import pieces

Say = Callable[..., str]
Report = Mapping[str, Any]

_COLUMNS = (("unknown_headers", "columns_unknown"), ("doubled_headers", "columns_doubled"))
_STATES = {"twice": "file_twice", "changed": "file_changed", "same": "file_same"}
_CHANGES = ("before", "added", "changed", "gone", "after")
_ROWS = (("hidden_rows", "rows_hidden"), ("struck_rows", "rows_struck"))


def sheets(report: Report, t: Say, lang: Lang) -> tuple[Markup | None, Markup | None]:
    """Two tables: the sheets with refused rows, and those that were taken whole; None for none."""
    every = report.get("sheets", ())
    refused = [sheet for sheet in every if sheet["quarantined"]]
    whole = [sheet for sheet in every if not sheet["quarantined"]]
    return _table(refused, t, lang), _table(whole, t, lang)


def _table(found: Sequence[Mapping[str, Any]], t: Say, lang: Lang) -> Markup | None:
    if not found:
        return None
    head = [t(key) for key in ("file", "sheet", "rows_read", "accepted", "mended", "quarantined")]
    rows = [
        (
            sheet["file"],
            "→".join(filter(None, (sheet["sheet"], sheet.get("part")))),
            *(f"{n:,}" if n else pieces.Td("0", "muted") for n in sheet_counts(sheet).values()),
            _why(sheet, lang),
        )
        for sheet in sorted(found, key=lambda s: -sheet_counts(s)["quarantined"])
    ]
    return pieces.table([*head, t("reasons")], rows, numeric=range(2, 6), cls="data tight files")


def _why(sheet: Mapping[str, Any], lang: Lang) -> Markup:
    """Reasons with their counts, the most frequent first: refused with what to do, then mended."""
    lines = [
        h("div", words, h("b", f" {count:,}"), h("span", f" {todo}", cls="note"))
        for reason, count in _most(sheet["quarantined"])
        for words, todo in [reason_words(reason, lang)]
    ]
    mends = [f"{reason_words(reason, lang)[0]} {n:,}" for reason, n in _most(sheet["mends"])]
    told = h("div", joined(mends, lang), cls="note") if mends else None
    return h("div", *lines, told, cls="why")


def _most(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: -item[1])


def left_out(report: Report, t: Say, lang: Lang) -> Markup | None:
    """Files that were not read and sheets that no layout knows, with their reasons."""
    rows = [
        (entry["file"], _place(entry), _number(entry.get("rows")), *_told(entry, lang))
        for entry in (*report.get("unread", ()), *report.get("skipped", ()))
    ]
    if not rows:
        return None
    head = [t(key) for key in ("file", "sheet", "rows_read", "reasons", "todo")]
    return pieces.table(head, rows, numeric=[2], cls="data tight files")


def _place(entry: Mapping[str, Any]) -> str:
    """The sheet, and the cell where reading stopped."""
    return " ".join(filter(None, (entry.get("sheet"), entry.get("cell"))))


def _told(entry: Mapping[str, Any], lang: Lang) -> tuple[str, str]:
    """Why a file or sheet was left out, with the headers that it lacks, and what to do."""
    what, todo = reason_words(entry.get("reason", "unknown_layout"), lang)
    lacks = joined(entry.get("headers", ()), lang)
    return f"{what}: {lacks}" if lacks else what, todo


def notes(report: Report, t: Say, lang: Lang) -> list[str]:
    """What else is to be said: columns not loaded, rows that are hidden or struck through, totals
    that differ, files seen before."""
    said = []
    for sheet in report.get("sheets", ()):
        place = " ".join(filter(None, (sheet["file"], sheet["sheet"])))
        for key, term in _COLUMNS:
            if names := sheet.get(key):
                said.append(t(term, sheet=place, columns=joined(names, lang)))
        for key, term in _ROWS:
            if count := sheet.get(key):
                said.append(t(term, sheet=place, count=f"{count:,}"))
        for entry in sheet.get("unused", ()):
            what, todo = reason_words(entry["reason"], lang)
            said.append(f"{place} {what} ({joined(entry['headers'], lang)}): {todo}")
        if filled := sheet.get("filled"):
            cells = joined([f"{header} {n:,}" for header, n in filled.items()], lang)
            said.append(t("cells_filled_down", sheet=place, columns=cells))
        if failed := [check for check in sheet.get("checks", ()) if not check["agrees"]]:
            said.append(t("checks_differ", sheet=place, count=f"{len(failed):,}"))
    sources = report.get("sources", ())
    if report.get("simulated", "none") == "all":
        said.append(t("simulated"))
    elif report.get("simulated") == "part":
        names = joined([s["file"] for s in sources if s.get("simulated")], lang)
        said.append(t("simulated_files", files=names) if names else t("simulated_part"))
    for source in sources:
        if state := _STATES.get(source.get("state", "")):
            said.append(t(state, file=source["file"]))
    return said


def changes(report: Report, t: Say, lang: Lang, names: Mapping[str, str]) -> Markup | None:
    """Rows before, added, changed, gone and after of every table that the files change; the same
    by township on request, but for a county's first import, of which all is new."""
    found = {
        table: entry
        for table, entry in report.get("changes", {}).items()
        if any(entry[kind] for kind in ("added", "changed", "gone"))
    }
    if not found:
        return None
    rows = [
        (
            names.get(table, table),
            *_changed(entry),
            _mode(report.get("arrivals", {}).get(table), t),
        )
        for table, entry in found.items()
    ]
    counted = [t(f"rows_{kind}") for kind in _CHANGES]
    head = [t("table_name"), *counted, t("taken_for")]
    whole = pieces.table(head, rows, numeric=range(1, 6), cls="data tight")
    by_place = [
        (place, names.get(table, table), *_changed(counts))
        for table, entry in found.items()
        for counts in entry.get("townships", {}).values()
        if (place := counts.get("place"))
    ]
    if report.get("base") is None or not by_place:
        return whole
    head = [t("township"), t("table_name"), *counted]
    table = pieces.table(head, by_place, numeric=range(2, 7), cls="data tight")
    return h("div", whole, h("details", h("summary", t("changes_by_township")), table))


def _changed(entry: Mapping[str, int]) -> list[str | pieces.Td]:
    return [f"{entry[kind]:,}" if entry[kind] else pieces.Td("0", "muted") for kind in _CHANGES]


def _mode(arrival: Mapping[str, Any] | None, t: Say) -> str:
    """What the files of a table were taken for."""
    return t(f"taken_{arrival['mode']}") if arrival else ""


def _number(count: int | None) -> str:
    return "—" if count is None else f"{count:,}"


def carried(report: Report, t: Say, lang: Lang, names: Mapping[str, str]) -> str:
    """Tables taken over from an earlier snapshot, in words; empty without any."""
    parts = [
        t("carried_table", table=names[table], rows=f"{e['rows']:,}", number=e["snapshot"])
        for table, e in report.get("carried", {}).items()
        if table in names and e["rows"]
    ]
    return joined(parts, lang)


def joined(parts: Sequence[str], lang: Lang) -> str:
    """Words one after the other, as the language lists them."""
    return ("、" if lang == "zh" else ", ").join(parts)
