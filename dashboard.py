"""The frame of every page: who is looking, the menu, the filter bar; then the page itself."""

from __future__ import annotations

import streamlit as st

from glossary import term
from store.snapshots import NoSnapshot, SnapshotDamaged
from views import frame
from views.browser import components
from views.context import choice_bar, sitemap
from views.context.stage import PROJECT, SnapshotAbsent, set_stage
from views.parts import newer_data_notice, withdrawn_notice

ICON = PROJECT / "views" / "assets" / "icon.png"

lang = frame.language(st.query_params.get("lang"))
st.set_page_config(page_title=term("app_title", lang), page_icon=str(ICON), layout="wide")
menus = {
    section and term(section, lang): [
        st.Page(
            spec.file,
            title=term(spec.title, lang),
            icon="",
            url_path=spec.path,
            default=spec.path == "",
            visibility="hidden" if spec.hidden else "visible",
        )
        for spec in specs
    ]
    for section, specs in sitemap.sections().items()
}
chosen = st.navigation(menus, position="top")
try:
    stage = set_stage(sitemap.BY_PATH[chosen.url_path])
except SnapshotAbsent as absent:
    frame.absent(lang, absent.number, chosen.url_path)
    st.stop()
except (NoSnapshot, SnapshotDamaged) as fault:
    frame.no_snapshot(lang, fault, chosen.url_path)
    st.stop()
frame.masthead(stage)
newer_data_notice.line(stage)
choice_bar.filter_bar(stage)
frame.tell_fallen(stage)
withdrawn_notice.tell(stage)
chosen.run()
components.screen()
components.follow()
