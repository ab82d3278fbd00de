"""A button for a workbook, within what a viewer may take out: rows, and files a minute."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import streamlit as st
import xlsxwriter

from access.limits import METER
from store.settings import setting
from views.browser import components
from views.browser.markup import h
from views.context import limited
from views.context.stage import Stage

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def button(
    stage: Stage,
    label: str,
    build: Callable[[], bytes],
    file_name: str,
    rows: int,
    *,
    key: str = "export",
    help: str | None = None,
) -> None:
    """A button that builds the workbook when it is clicked.

    Of more ``rows`` than may be taken out there is a sentence in its place, as a sheet would lose
    those that it does not hold.
    """
    most: int = setting("TAIZHANG_EXPORT_ROWS")
    if rows > most:
        said = stage.t("export_too_many", rows=f"{rows:,}", most=f"{most:,}")
        components.paper(h("p", said, cls="sub", role="status"), key=f"{key}_too_many")
        return
    who = limited.who(stage)  # asked now: at the click nobody's page is being drawn

    def within_limits() -> bytes:
        return build() if METER.spend(who, "export") else _refusal(stage)

    st.download_button(
        label,
        within_limits,
        file_name=file_name,
        mime=_WORKBOOK,
        on_click="ignore",
        key=key,
        help=help,
    )


def _refusal(stage: Stage) -> bytes:
    """A workbook that holds the reason: of a file that is refused a browser shows no word."""
    target = BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    most = setting("TAIZHANG_EXPORTS_A_MINUTE")
    book.add_worksheet().write_string(0, 0, stage.t("exported_too_often", most=most))
    book.close()
    return target.getvalue()
