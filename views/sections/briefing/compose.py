"""A briefing put together: the parts of its template, each with its words and what it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from papers.content import Block, Paper, Section, Text
from papers.templates import Part, Template, templates
from state import meetings
from state.database import kept_open
from state.meeting_tables import Meeting, MeetingDecision, MeetingItem
from state.tables import SavedView
from views.context import gathering
from views.context.stage import Stage
from views.sections.briefing import of_meeting, of_place, of_view
from views.sections.overview.numbers import Overview


@dataclass(frozen=True, slots=True)
class Source:
    """What a briefing is made of: the place of its page, or a saved view, or a meeting."""

    view: SavedView | None = None
    meeting: Meeting | None = None

    @property
    def kind(self) -> str:
        """The template that it takes."""
        return "meeting" if self.meeting else "view" if self.view else "monthly"


def paper(stage: Stage, source: Source, mark: str) -> Paper:
    """The briefing, for its viewer. ``mark`` says who takes it out and when.

    Raises LookupError for a view that the viewer may not see any more, StateError.
    """
    template = templates()[source.kind]
    here = _seen(stage, source)
    overview = Overview(here)
    facts = dict.fromkeys(("view", "title"), "") | of_place.facts(overview)
    facts["view"] = source.meeting.title if source.meeting else (
        source.view.title if source.view else "")  # fmt: skip
    sections = [
        each for part in template.parts for each in _sections(overview, source, part, facts)
    ]
    return _paper(here, template, source, facts, mark, sections)


def _seen(stage: Stage, source: Source) -> Stage:
    """The stage that a briefing tells of: a view's own, else the page's."""
    if source.view is None:
        return stage
    view = gathering.view_of(stage, source.view)
    if view is None:
        raise LookupError(source.view.number)
    return view


def _paper(
    stage: Stage,
    template: Template,
    source: Source,
    facts: Mapping[str, str],
    mark: str,
    sections: Sequence[Section],
) -> Paper:
    title = template.title_zh if stage.lang == "zh" else template.title_en
    held = source.meeting
    under = (
        f"{held.held_on} · {held.venue}".strip(" ·") if held else stage.official(stage.place.code)
    )
    number = stage.t("snapshot_number", number=stage.county.snapshot.number)
    return Paper(
        title=title.format(**facts),
        subtitle=under,
        about=f"{stage.t('data_date')} {stage.county.data_date} · {number}",
        simulated=stage.simulated,
        mark=mark,
        watermark=f"{stage.viewer.name} {datetime.now().astimezone():%Y-%m-%d %H:%M}",
        lang=stage.lang,
        sections=tuple(sections),
        contents=stage.t("brief_contents"),
        opens=stage.t("brief_open"),
    )


def _sections(
    overview: Overview, source: Source, part: Part, facts: Mapping[str, str]
) -> list[Section]:
    stage = overview.stage
    if part.show == "views":
        return _views(stage, source, part, facts)
    if part.show in ("decisions", "carried"):
        found = _decided(stage, source, part.show)
        if not found and part.show == "carried":
            return []
        return [_section(stage, part, {**facts, **of_meeting.facts(found)},
                         of_meeting.blocks(stage, found))]  # fmt: skip
    return [_section(stage, part, facts, of_place.PARTS[part.show](overview))]


def _section(
    stage: Stage, part: Part, facts: Mapping[str, str], blocks: Sequence[Block]
) -> Section:
    """A heading, the words declared for it, and what is shown; that there is nothing is said."""
    zh = stage.lang == "zh"
    words = (part.text_zh if zh else part.text_en).format(**facts)
    texts = [Text(words)] if words else []
    shown = list(blocks) or [Text(stage.t("brief_nothing"))]
    return Section((part.zh if zh else part.en).format(**facts), (*texts, *shown))


def _decided(stage: Stage, source: Source, show: str) -> list[MeetingDecision]:
    if source.meeting is None:
        return of_meeting.of_all(stage)
    state = kept_open(stage.county.home.path)
    if show == "carried":
        return meetings.carried(state, source.meeting)
    return meetings.decisions(state, [source.meeting.number])


def _views(stage: Stage, source: Source, part: Part, facts: Mapping[str, str]) -> list[Section]:
    """A section a view; one that the viewer may not see is said to be left out."""
    kept: list[SavedView | MeetingItem] = []
    if source.meeting is not None:
        kept += source.meeting.items
    elif source.view is not None:
        kept.append(source.view)
    found = []
    for one in kept:
        view = gathering.view_of(stage, one)
        blocks: list[Block] = [Text(stage.t("view_unseen"))]
        if view is not None:
            asks = one.question if isinstance(one, MeetingItem) else ""
            code = one.code if isinstance(one, MeetingItem) else ""
            blocks = of_view.blocks(view, note=one.note, question=asks, code=code)
        found.append(_section(stage, part, {**facts, "title": one.title}, blocks))
    return found
