"""The frame of every page: who is looking, the menu, the filter bar; then the page itself."""

from __future__ import annotations

import streamlit as st

from glossary import term
from state.database import StateError
from store.snapshots import NoSnapshot, SnapshotDamaged
from views import entrance, frame
from views.browser import components, notices
from views.context import keeping, limited, sitemap, visitor, where
from views.context.stage import ROOT, SnapshotAbsent, asked, set_stage
from views.parts import (
    changed_rules_notice,
    newer_data_notice,
    shared_link_notice,
    tabs,
    watermark,
    withdrawn_notice,
)

ICON = ROOT / "views" / "assets" / "icon.svg"

lang = frame.language(asked())
st.set_page_config(page_title=term("app_title", lang), page_icon=str(ICON), layout="wide")
try:
    guest = visitor.asked_anew()
except StateError:
    entrance.unknown(lang)
    st.stop()
if not guest.may_look:
    entrance.instead(lang, guest)
    st.stop()
pages = [
    st.Page(spec.file, title=term(spec.title, lang), url_path=spec.path, default=spec.path == "")
    for spec in sitemap.PAGES
]
# The menu is ours: Streamlit's own forgets what was chosen and does not say which page is shown.
chosen = st.navigation(pages, position="hidden")
try:
    stage = set_stage(sitemap.BY_PATH[chosen.url_path])
except SnapshotAbsent as absent:
    frame.absent(lang, absent.number, chosen.url_path)
    st.stop()
except visitor.LoginNeeded:
    entrance.login_needed(lang)
    st.stop()
except (NoSnapshot, SnapshotDamaged) as fault:
    frame.no_snapshot(lang, fault, chosen.url_path)
    st.stop()
if begins := keeping.start(stage):
    components.go(begins)
    components.follow()
    st.stop()
if frame.kept_from(stage):
    components.follow()
    st.stop()
if not limited.may_search(stage):
    frame.too_often(stage)
    st.stop()
st.set_page_config(page_title=where.title(stage))
components.surroundings(stage.lang, frame.cleaned(stage))
frame.head(stage)
watermark.draw(stage)
newer_data_notice.line(stage)
shared_link_notice.tell(stage)
if stage.stop is None:
    frame.choices(stage)
    if not stage.spec.scene:
        tabs.draw(stage)
frame.tell_fallen(stage)
withdrawn_notice.tell(stage)
changed_rules_notice.tell(stage)
notices.begin()
if stage.stop is None:
    chosen.run()
else:
    frame.instead(stage)
components.screen()
components.follow()
