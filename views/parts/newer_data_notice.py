"""The line that says that newer data have come: a page keeps what it began with until asked."""

from __future__ import annotations

import streamlit as st

from glossary import term
from store.snapshots import NoSnapshot, SnapshotDamaged
from views.browser import components
from views.browser.markup import h
from views.context.counties import home, newest, renewing
from views.context.stage import Stage, set_stage
from views.parts import pieces

_SECONDS = 30  # between two looks, so that a page that nobody touches says it too


def line(stage: Stage) -> None:
    """Say that the home has another current snapshot than the one that this session began with.

    Not on a page whose address names an older one.
    """
    if stage.view.snapshot == stage.bounds.current:
        _look(stage)


@st.fragment(run_every=_SECONDS)
def _look(stage: Stage) -> None:
    # A page that is one scene may have gone on since it was drawn.
    stage = set_stage(stage.spec) if stage.spec.scene else stage
    view = stage.view
    place = home()
    if renewing():
        components.paper(
            h("p", term("renewing", view.lang), cls="sub", role="status"), key="renewing"
        )
    try:
        current = newest()
        if current == view.snapshot:
            return
        day = place.open(current, verify=False).data_date
    except (NoSnapshot, SnapshotDamaged):  # the next run of the page says so
        return
    href = stage.href(stage.spec.key, snapshot=current)
    key = "newer_data" if current > view.snapshot else "other_data"
    words = term(key, view.lang, number=current, date=day, shown=view.snapshot)
    link = pieces.link(href, term("use_newer", view.lang))
    components.paper(h("p", words, " ", link, cls="sub", role="status"), key="newer")
