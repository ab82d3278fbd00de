"""What stands around every page: masthead, notices, and what to do when nothing is there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from glossary import LANGUAGES, Lang, term
from store.retention import removed
from store.snapshots import SnapshotDamaged
from views.browser.components import paper
from views.browser.markup import Markup, h
from views.context import choice_bar
from views.context.address import is_whole
from views.context.desk import Desk
from views.context.stage import Stage
from views.parts.pieces import link
from views.sections.data import snapshots, uploads


def language(asked: str | None) -> Lang:
    """The language asked for, before anything else is known; Chinese if it is not one of ours."""
    return next((known for known in LANGUAGES if known == asked), "zh")


def masthead(stage: Stage) -> None:
    """County, data date, and what of the data is simulated: on every page, before anything else."""
    county = stage.county.places[stage.county.code]
    html = h(
        "header",
        link(stage.href("overview"), county.name, " ", stage.t("app_title"), cls="brand"),
        h("span", f"{stage.t('data_date')} {stage.county.data_date}", cls="muted"),
        _simulated(stage),
        cls="masthead",
    )
    row = st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="masthead_row",
    )
    with row:
        paper(html, key="masthead")
        choice_bar.language_and_link(stage)


def _simulated(stage: Stage) -> Markup | None:
    if not stage.simulated:
        return None
    note = "simulated_note" if stage.county.simulated == "all" else "simulated_part_note"
    return h("span", stage.simulated, cls="tag strong", title=stage.t(note))


def tell_fallen(stage: Stage) -> None:
    """Say which parts of the link could not be used."""
    for fallen in stage.fallen:
        number = int(fallen.given) if fallen.key == "against" and is_whole(fallen.given) else 0
        if number and (record := removed(stage.county.home, number)):
            st.warning(_gone(Desk.of(stage), number, record))
        else:
            st.warning(stage.t("fallen", key=fallen.key, given=fallen.given[:40]))


def absent(lang: Lang, number: int, path: str) -> None:
    """A link to a snapshot that is not there: say so, and show nothing of another in its place."""
    desk = Desk.bare(lang)
    if record := removed(desk.home, number):
        st.warning(_gone(desk, number, record))
    else:
        st.warning(desk.t("snapshot_unknown", number=number))
    if desk.current is not None:
        query = {k: v for k, v in st.query_params.items() if k != "lang"}
        href = desk.href(path, **{**query, "snapshot": desk.current})
        paper(link(href, desk.t("use_current", number=desk.current)), key="to_current")


def _gone(desk: Desk, number: int, record: Mapping[str, Any]) -> str:
    """That a snapshot was removed: when, and which data date it had."""
    day, when = record.get("data_date") or "—", desk.when(record["at"])
    return desk.t("snapshot_removed", number=number, date=day, when=when)


def no_snapshot(lang: Lang, fault: Exception, path: str) -> None:
    """Nothing is loaded, or it is damaged: say so, and lead to the page where that is mended."""
    desk = Desk.bare(lang)
    if isinstance(fault, SnapshotDamaged):
        hint = desk.t("damaged_hint" if desk.viewer.loads else "damaged_ask")
        st.error(hint, title=desk.t("damaged", number=desk.current))
    else:
        hint = desk.t("not_loaded_hint" if desk.viewer.loads else "not_loaded_ask")
        st.info(hint, title=desk.t("not_loaded"))
    if path == "data":
        uploads.panel(desk)
        snapshots.table(desk)
    elif desk.viewer.loads:
        paper(link(desk.href("data"), desk.t("to_data")), key="to_data")


def broken(error: Exception) -> bool:
    """Say that something went wrong and what to do, in words; the log has the rest."""
    lang = language(st.query_params.get("lang"))
    st.error(term("broken_hint", lang), title=term("broken", lang))
    return True
