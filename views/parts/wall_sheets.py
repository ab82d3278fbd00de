"""The year of households on paper for the wall: one landscape page each, twelve months."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from metrics.calendars import first_visit
from metrics.files import HouseholdFile, household_files
from metrics.household_calendar import HouseholdMonth, calendar_of, year_of
from papers import fonts
from papers.calendar_sheets import Lines, calendars_pdf, fitting
from store.reader import Reader
from views.browser.notices import notice
from views.context.stage import Stage
from views.parts import download, household_months
from views.parts.column_words import say
from views.parts.download import Outgoing

# What a month's box has room for; the household's page has the rest.
_LINES = {"came": 5, "visits": 2, "due": 2}
# Pages that one file may have.
MOST = 300

Numbers = Callable[[Reader], Sequence[str]]


def button(stage: Stage, label: str, name: str, count: int, numbers: Numbers, key: str) -> None:
    """The button that hands the sheets out; in words where this machine has no Chinese font, or
    where there are more than a file may have. ``numbers`` asks a reader for the households."""
    if not count:
        return None
    if fonts.drawing() is None:
        return notice([stage.t("no_chinese_font")], key=f"{key}_no_font")
    if count > MOST:
        return notice([stage.t("calendar_sheets_many", count=f"{count:,}", most=f"{MOST:,}")],
                      key=f"{key}_many")  # fmt: skip

    def build(out: Outgoing) -> bytes:
        return pdf(out.stage, numbers(out.stage.reader), out.mark)

    return download.button(
        stage, label, build, name.removesuffix(".xlsx") + ".pdf", count, key=key,
        help=stage.t("calendar_sheet_pdf_sub"), whole=True, media_type="application/pdf",
    )  # fmt: skip


def pdf(stage: Stage, numbers: Sequence[str], mark: str) -> bytes:
    """The sheets of households, in their order. Raises papers.fonts.NoFont, and LookupError where
    the viewer may see none of them."""
    files = household_files(stage.reader, numbers)
    found = [files[number] for number in numbers if number in files]
    if not found:
        raise LookupError("no households")
    since = first_visit(stage.reader)
    day = stage.county.data_date
    return calendars_pdf(
        {
            "lang": stage.lang,
            "title": stage.t("page_calendar"),
            "mark": mark,
            "watermark": stage.viewer.name,
            "tag": stage.simulated,
            "foot": stage.t("calendar_sheet_foot", date=day),
            "heads": [stage.t(f"calendar_sheet_{key}") for key in ("came", "visited", "due")],
            "sheets": [_sheet(stage, file, since) for file in found],
        }
    )


def _sheet(stage: Stage, file: HouseholdFile, since: Any) -> dict[str, Any]:
    day, own = stage.county.data_date, file.household
    told = calendar_of(file, year_of(day), day, since)
    name = say(stage, "head_name", own["head_name"])
    facts = [(stage.t("village_code"), stage.official(own["village_code"]))]
    if file.homed and file.homed["housed"] and file.homed["home_name"]:
        facts.append((stage.t("home"), file.homed["home_name"]))
    facts.append((stage.t("member_count"), say(stage, "member_count", own["member_count"])))
    facts += [
        (stage.t("cadre_name"), say(stage, "cadre_name", row["cadre_name"]))
        for row in file.helpers[:1]
        if row["unpaired_on"] is None
    ]
    return {
        "title": stage.t("calendar_sheet_title", name=name, year=day.year),
        "facts": facts,
        "months": [_month(stage, one) for one in told.months],
    }


def _month(stage: Stage, one: HouseholdMonth) -> dict[str, Any]:
    came: Lines = []
    for key, row in one.payments.items():
        text, bad = household_months.payment(stage, row)
        came.append({"text": f"{household_months.kind(stage, key)} {text}", "bad": bad})
    visits: Lines = [
        {"text": household_months.visitor(stage, row), "bad": False} for row in one.visits or ()
    ]
    due: Lines = []
    for each in one.items:
        if each.kind != "step":
            text, bad = household_months.item(stage, each)
            due.append({"text": text, "bad": bad})
    lines = {"came": came, "visits": visits, "due": due}
    return {
        "name": stage.t("calendar_sheet_month", month=one.month.month),
        **{key: _fitting(stage, given, _LINES[key]) for key, given in lines.items()},
    }


def _fitting(stage: Stage, lines: Lines, most: int) -> Lines:
    """As many as there is room for, what is lacking first, and how many more there are."""
    kept, left = fitting(lines, most)
    if not left:
        return kept
    return [*kept, {"text": stage.t("calendar_sheet_more", count=left), "bad": False}]
