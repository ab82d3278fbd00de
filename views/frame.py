"""What stands around every page: masthead, notices, and what to do when nothing is there."""

from __future__ import annotations

import streamlit as st

from glossary import LANGUAGES, Lang, term
from views import bar
from views.components import paper
from views.markup import h
from views.pieces import link
from views.stage import Stage


def language(asked: str | None) -> Lang:
    """The language asked for, before anything else is known; Chinese if it is not one of ours."""
    return next((known for known in LANGUAGES if known == asked), "zh")


def masthead(stage: Stage) -> None:
    """County, data date, and that the data are simulated: on every page, before anything else."""
    county = stage.county.places[stage.county.code]
    html = h(
        "header",
        link(stage.href("overview"), county.name, " ", stage.t("app_title"), cls="brand"),
        h("span", f"{stage.t('data_date')} {stage.county.data_date}", cls="muted"),
        h("span", stage.t("simulated"), cls="tag strong", title=stage.t("simulated_note")),
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
        bar.language_and_link(stage)


def tell_fallen(stage: Stage) -> None:
    """Say which parts of the link could not be used."""
    for fallen in stage.fallen:
        st.warning(stage.t("fallen", key=fallen.key, given=fallen.given[:40]))


def no_data(lang: Lang) -> None:
    """Nothing is loaded yet: say what to run."""
    st.info(term("not_loaded_hint", lang), title=term("not_loaded", lang))


def broken(error: Exception) -> bool:
    """Say that something went wrong and what to do, in words; the log has the rest."""
    lang = language(st.query_params.get("lang"))
    st.error(term("broken_hint", lang), title=term("broken", lang))
    return True
