"""The files of the households picked, or of all that the filter finds, as one PDF."""

from __future__ import annotations

from metrics import lists
from metrics.filters import HouseholdFilter
from papers import fonts
from views.browser.notices import remark
from views.context.stage import Stage
from views.parts import download, file_sheets
from views.parts.download import Outgoing
from views.parts.workbook import file_name
from views.sections.ledgers import households as ledgers

_KEY = "files_pdf"


def files(stage: Stage, wanted: HouseholdFilter, about: int) -> None:
    """The button that hands the files out; in words where they are more than one file may have, or
    where this machine has no Chinese font."""
    if not about or not stage.may("export"):
        return None
    if fonts.drawing() is None:
        return remark(stage.t("no_chinese_font"), key=f"{_KEY}_no_font")
    if about > file_sheets.MOST:
        said = stage.t("files_pdf_many", count=f"{about:,}", most=f"{file_sheets.MOST:,}")
        return remark(said, key=f"{_KEY}_many")
    words = ledgers.filter_words(stage)
    name = file_name(stage, stage.t("household_files"), words.removeprefix(stage.place.name))

    def build(out: Outgoing) -> bytes:
        rules, sort = stage.county.rules, stage.view.sort
        found = lists.all_households(out.stage.reader, wanted, rules, sort)
        numbers = found.column("household_id").to_pylist()
        return file_sheets.pdf(out.stage, numbers, wanted.year, words, out.mark)

    return download.button(
        stage, stage.t("files_pdf", count=f"{about:,}"), build,
        name.removesuffix(".xlsx") + ".pdf", about, key=_KEY, help=stage.t("files_pdf_sub"),
        whole=True, media_type="application/pdf",
    )  # fmt: skip
