"""A sample's sheets: what to check of each household, a page each on paper, and as a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from metrics.files import HouseholdFile, household_files, numbered
from papers.household_sheets import sheets_pdf
from sampling.designs import digest
from sampling.keeping import Kept
from sampling.questions import VISIT, allowed, sample_code
from state.sample_tables import SampleHousehold, SampleItem
from views.context.stage import Stage
from views.parts import sample_words, sheet_items
from views.parts.column_words import say
from views.parts.workbook import FIRST, plain_text, write_head

Make = Callable[[Stage, Kept, str], bytes]
# What a page has room for; the workbook has the rest.
_MOST_ITEMS = 22
_FACTS = ("member_count", "poverty_state", "monitor_kind", "per_capita_net_income_yuan")
_SIGNS = ("sign_visitor", "sign_household", "sign_day")
# The workbook's sheets: a line a household with the general questions, a line an item.
HOUSEHOLDS = ("sheet_sample", "sheet_number", "household_id", "village_code", "head_name",
              "asked_visit", "asked_wrongly_exited", "asked_missed", "asked_satisfied",
              "sheet_note")  # fmt: skip
ITEMS = ("sheet_sample", "sheet_number", "household_id", "village_code", "sheet_question",
         "sheet_item", "sheet_told", "sheet_answer", "sheet_note")  # fmt: skip
_WIDTHS = {"household_id": 18, "village_code": 16, "sheet_question": 24, "sheet_item": 40,
           "sheet_told": 50, "sheet_note": 40, "sheet_number": 7, "sheet_sample": 8}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A household with its file as the viewer may see it; None where the data lack it."""

    household: SampleHousehold
    file: HouseholdFile | None
    items: list[SampleItem]
    year: int


def _sheets(stage: Stage, found: Kept) -> Iterator[_Sheet]:
    files = household_files(stage.reader, [one.household_id for one in found.households])
    for one in found.households:
        number = one.household_id
        yield _Sheet(one, files.get(number), list(found.items.get(number, ())), found.sample.year)


# Paper


def pdf(stage: Stage, found: Kept, mark: str) -> bytes:
    """The sheets as one PDF, a page a household. Raises papers.fonts.NoFont."""
    sample = found.sample
    county = stage.county.places[stage.county.code].name
    foot = stage.t(
        "sheet_foot",
        sample=sample_code(sample.number),
        seed=sample.seed,
        snapshot=sample.snapshot,
        date=sample.data_date,
        design=sample_words.design(stage, found.design),
        words=sample.words,
    )
    heads = ["", *(stage.t(key) for key in ("sheet_item", "sheet_told", "sheet_answer",
                                            "sheet_note"))]  # fmt: skip
    told = {
        "lang": stage.lang,
        "title": f"{county} {stage.t('sheet_title', sample=sample_code(sample.number))}",
        "mark": mark,
        "watermark": stage.viewer.name,
        "tag": stage.simulated,
        "foot": foot,
        "heads": heads,
        "signs": [stage.t(key) for key in _SIGNS],
        "sheets": [_page(stage, found, one) for one in _sheets(stage, found)],
    }
    return sheets_pdf(told)


def _page(stage: Stage, found: Kept, sheet: _Sheet) -> dict[str, Any]:
    one = sheet.household
    hashed = digest(found.sample.seed, one.household_id)
    shown = sheet.items[:_MOST_ITEMS]
    left = sheet.items[_MOST_ITEMS:]
    items = [
        {
            "name": sample_words.question(stage, item.question, item.title),
            "told": sheet_items.told(stage, sheet.file, sheet.year, item.question),
            "answers": [
                sample_words.answer(stage, item.question, key) for key in allowed(item.question)
            ],
        }
        for item in shown
    ]
    return {
        "number": str(one.number),
        "household": one.household_id,
        "order": stage.t("sheet_order_said", place=one.place, digest=hashed[:16]),
        "facts": _facts(stage, found, sheet),
        "items": items,
        "more": stage.t("sheet_more", count=len(left)) if left else "",
    }  # fmt: skip


def _facts(stage: Stage, found: Kept, sheet: _Sheet) -> list[tuple[str, str]]:
    one = sheet.household
    facts = [
        (stage.t("village_code"), sample_words.place(stage, one.village_code)),
        (stage.t("stratum"), sample_words.stratum(stage, found.sample.kind, one.stratum)),
    ]
    if sheet.file is None:
        return [*facts, (stage.t("sheet_told"), stage.t("sheet_no_file"))]
    year = sheet.file.facts(sheet.year) or {}
    facts.insert(0, (stage.t("head_name"), say(stage, "head_name", year.get("head_name"))))
    facts += [(stage.t(key), say(stage, key, year.get(key))) for key in _FACTS]
    people = [
        "".join((say(stage, "name", row["name"]), f"({say(stage, 'relation', row['relation'])})"))
        for _, row in numbered(sheet.file)
    ]
    return [*facts, (stage.t("sheet_people"), "、".join(people))]


# The workbook


def workbook(stage: Stage, found: Kept, mark: str) -> bytes:
    """The sheets as a workbook to be filled in: its answers are chosen from lists."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheets = list(_sheets(stage, found))
    households = book.add_worksheet(stage.t("sheet_households"))
    _begin(stage, found, book, households, HOUSEHOLDS, mark)
    for line, sheet in enumerate(sheets, start=FIRST):
        _household_line(stage, found, households, line, sheet)
    last = FIRST + len(sheets)
    for place, column in enumerate(HOUSEHOLDS):
        if column.startswith("asked_"):
            question = column.removeprefix("asked_")
            _lists(stage, households, place, last, question)
    items = book.add_worksheet(stage.t("sheet_all_items"))
    _begin(stage, found, book, items, ITEMS, mark)
    lines = [(one, item) for one in sheets for item in one.items if "." in item.question]
    for line, (one, item) in enumerate(lines, start=FIRST):
        _item_line(stage, found, items, line, one, item)
    _lists(stage, items, ITEMS.index("sheet_answer"), FIRST + len(lines), "")
    book.close()
    return target.getvalue()


def _begin(
    stage: Stage, found: Kept, book: Any, sheet: Worksheet, columns: tuple[str, ...], mark: str
) -> None:
    sample = found.sample
    title = stage.t("sheet_title", sample=sample_code(sample.number))
    words = stage.t(
        "sheet_foot",
        sample=sample_code(sample.number),
        seed=sample.seed,
        snapshot=sample.snapshot,
        date=sample.data_date,
        design=sample_words.design(stage, found.design),
        words=sample.words,
    )
    heads = [(stage.t(column), _WIDTHS.get(column, 12)) for column in columns]
    write_head(stage, book, sheet, title, words, heads, mark)


def _common(stage: Stage, found: Kept, sheet: _Sheet) -> dict[str, str]:
    one = sheet.household
    year = sheet.file.facts(sheet.year) if sheet.file else None
    return {
        "sheet_sample": sample_code(found.sample.number),
        "sheet_number": str(one.number),
        "household_id": one.household_id,
        "village_code": stage.official(one.village_code)
        if one.village_code in stage.county.places
        else one.village_code,
        "head_name": say(stage, "head_name", year["head_name"]) if year else "",
    }


def _household_line(stage: Stage, found: Kept, sheet: Worksheet, line: int, one: _Sheet) -> None:
    own = {f"asked_{item.question}" for item in one.items}
    told = _common(stage, found, one)
    for place, column in enumerate(HOUSEHOLDS):
        if column.startswith("asked_"):
            text = _answered(stage, found, one, column.removeprefix("asked_"))
            text = text if column in own else stage.t("sheet_not_asked")
        elif column == "sheet_note":
            text = _note(found, one, VISIT)
        else:
            text = told[column]
        sheet.write_string(line, place, plain_text(text))


def _item_line(
    stage: Stage, found: Kept, sheet: Worksheet, line: int, one: _Sheet, item: SampleItem
) -> None:
    told = _common(stage, found, one) | {
        "sheet_question": item.question,
        "sheet_item": sample_words.question(stage, item.question, item.title),
        "sheet_told": sheet_items.told(stage, one.file, one.year, item.question),
        "sheet_answer": _answered(stage, found, one, item.question),
        "sheet_note": _note(found, one, item.question),
    }
    for place, column in enumerate(ITEMS):
        sheet.write_string(line, place, plain_text(told[column]))


def _answered(stage: Stage, found: Kept, one: _Sheet, question: str) -> str:
    """What was answered already: a workbook that is given out again holds it."""
    held = found.answers.get((one.household.household_id, question))
    return sample_words.answer(stage, question, held.answer) if held else ""


def _note(found: Kept, one: _Sheet, question: str) -> str:
    held = found.answers.get((one.household.household_id, question))
    return held.note if held else ""


def _lists(stage: Stage, sheet: Worksheet, column: int, last: int, question: str) -> None:
    """Let the cells of a column be chosen from the answers that there are."""
    words = [sample_words.answer(stage, question, key) for key in allowed(question)]
    sheet.data_validation(
        FIRST, column, last, column, {"validate": "list", "source": words, "error_type": "warning"}
    )
