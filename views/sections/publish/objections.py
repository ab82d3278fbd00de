"""What was objected to in notices, who answers, and how long each answer took."""

from __future__ import annotations

from typing import Any

from metrics import answers
from metrics.notices import ANSWERS, Objections
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import paged_list, pieces
from views.parts.column_words import say
from views.parts.paged_list import Column

_COLUMNS = ("objected_on", "content", "unit_in_charge", "answered_on", "days_to_answer",
            "answer_text", "objection_upheld")  # fmt: skip


def wanted(stage: Stage, key: str | None = None, state: str | None = None) -> Objections:
    """The objections of the place and year shown, of a list where one is named."""
    day = stage.county.data_date
    limit = answers.limit(stage.county.parameters, day)
    return Objections(stage.view.region, day, limit, key, state, stage.view.year)


def draw(stage: Stage) -> None:
    """How many wait, and are late; each with its answer and days, and their workbook."""
    state = stage.view.state if stage.view.state in ANSWERS else None
    counts = wanted(stage).counts(stage.reader)
    facets = [
        pieces.counted(
            stage.t(f"objection_{key}"),
            count,
            stage.href("publish", state=None if key == state else key, page=1),
            key == state,
        )
        for key, count in counts.items()
    ]
    asked = wanted(stage, state=state)
    every = asked.count(stage.reader)
    components.paper(h("div", *facets, cls="facets"), key="objection_states")
    limit = "—" if asked.limit is None else stage.measure("days").text(asked.limit)
    title = stage.t("publish_objections", count=f"{every:,}")
    words = stage.t("publish_objections_sub", place=stage.place.name, limit=limit)
    paged_list.show(stage, paged_list.Wanted(title, words, every, asked.rows), _columns(stage))


def _columns(stage: Stage) -> list[Column]:
    return [
        Column("objection_id", lambda row: row["objection_id"], cls="firm"),
        Column("place", lambda row: stage.name(row["region_code"]), cls="firm", width=18),
        Column("notice_list", lambda row: say(stage, "notice_list", row["notice_list"]),
               cls="firm"),
        Column("objection_state", lambda row: stage.t(f"objection_{row['answer_state']}"),
               cls="firm"),
        *(_column(stage, name) for name in _COLUMNS),
    ]  # fmt: skip


def _column(stage: Stage, name: str) -> Column:
    if name == "days_to_answer":
        return Column(name, lambda row: row[name], numeric=True)
    said = name in ("content", "answer_text")
    return Column(
        name, lambda row: say(stage, name, row[name]), cls="said" if said else "firm",
        width=32 if said else 14,
    )  # fmt: skip


def lines(stage: Stage, key: str) -> dict[str, Any]:
    """What was objected to in a list and what was answered, as lines on paper."""
    asked = wanted(stage, key)
    found = asked.rows(stage.reader).to_pylist()
    told = [
        stage.t(
            "publish_objection",
            day=row["objected_on"],
            content=row["content"] or "—",
            answer=row["answer_text"] or stage.t("publish_unanswered"),
        )
        for row in found
    ]
    return {
        "title": stage.t("publish_objections", count=f"{len(found):,}"),
        "lines": told or [stage.t("publish_no_objection")],
    }
