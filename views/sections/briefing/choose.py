"""What a briefing is made of, and a button for each kind of file."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from papers import document, fonts, pdf, sheets, slides
from papers.content import Paper
from papers.templates import own_slides, templates
from state import meetings
from state.database import StateError, kept_open
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice, remark
from views.context import keeping
from views.context.stage import Stage
from views.parts import download, pieces, workbook
from views.parts.download import Build, Outgoing
from views.sections.briefing import compose
from views.sections.briefing.compose import Source

_OFFICE = "application/vnd.openxmlformats-officedocument"
# Each kind of file: how it is written, and its media type.
FORMATS: dict[str, tuple[Callable[[Paper], bytes], str]] = {
    "pptx": (lambda paper: slides.write(paper, own_slides()),
             f"{_OFFICE}.presentationml.presentation"),
    "docx": (document.write, f"{_OFFICE}.wordprocessingml.document"),
    "xlsx": (sheets.write, f"{_OFFICE}.spreadsheetml.sheet"),
    "pdf": (pdf.write, "application/pdf"),
}  # fmt: skip


def show(stage: Stage) -> None:
    """Of what: this place, a saved view, or a meeting; then the files."""
    try:
        source = _source(stage)
    except StateError:
        notice([stage.t("state_unread")], alert=True, key="briefing_unread")
        return
    template = templates()[source.kind]
    about = source.meeting.title if source.meeting else (
        source.view.title if source.view else stage.place.name)  # fmt: skip
    head = [h("h1", f"{stage.named(template)} · {about}"), h("p", stage.t("brief_sub"), cls="sub")]
    parts = [h("li", stage.t(f"brief_part_{part.show}")) for part in template.parts]
    components.paper(h("section", *head, h("ol", *parts, cls="agenda")), key="briefing_head")
    with st.container(horizontal=True, key="briefing_files"):
        for form in FORMATS:
            _button(stage, source, form, f"{stage.named(template)} {about}")
    if fonts.drawing() is None:
        remark(stage.t("brief_no_font"), key="brief_no_font")
    if source.kind == "monthly":
        _ways(stage)


def _source(stage: Stage) -> Source:
    """What the address names, or what is picked. Raises StateError."""
    state = kept_open(stage.county.home.path)
    who = stage.viewer.subject
    if stage.view.meeting is not None:
        found = meetings.find(state, stage.view.meeting, who)
        if found is not None:
            return Source(meeting=found)
    shares = bool(stage.viewer.where("share").codes)
    views = (
        {one.view.number: one.view for one in keeping.listed(stage) if one.href} if shares else {}
    )
    if not views:
        return Source()
    number = st.selectbox(stage.t("brief_of"), [0, *views], key="briefing_of", width=360,
                          format_func=lambda one: views[one].title if one in views
                          else stage.t("brief_this_place", place=stage.place.name))  # fmt: skip
    return Source(view=views.get(number))


def _button(stage: Stage, source: Source, form: str, words: str) -> None:
    if form == "pdf" and fonts.drawing() is None:
        return
    write, media_type = FORMATS[form]
    name = workbook.file_name(stage, words).removesuffix("xlsx") + form
    download.button(stage, stage.t(f"brief_{form}"), _build(source, write), name, 0,
                    key=f"briefing_{form}", media_type=media_type)  # fmt: skip


def _build(source: Source, write: Callable[[Paper], bytes]) -> Build:
    def build(out: Outgoing) -> bytes:
        return write(compose.paper(out.stage, source, out.mark))

    return build


def _ways(stage: Stage) -> None:
    """To the meetings, whose pages make theirs."""
    if stage.viewer.where("share").codes:
        way = pieces.link(stage.href("meeting"), stage.t("brief_of_meeting"))
        components.paper(h("p", way, cls="sub"), key="briefing_meetings")
