"""Who of a household works and where, its posts and training, and who brings it along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from metrics.files import HouseholdFile
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces
from views.parts.column_words import dated

_POST = ("post_kind", "duty", "holder_name", "appointed_on", "vacated_on", "agreement_until",
         "month_yuan", "paid_through", "attended_days")  # fmt: skip
_JOB = ("member_name", "workplace_name", "started_on", "ended_on", "month_pay_yuan")
_COURSE = ("member_name", "course", "trained_on", "course_days", "certified")
_LEADER = ("leader_name", "enterprise", "leader_phone", "lead_way", "led_since_on",
           "led_income_yuan")  # fmt: skip


def working(stage: Stage, file: HouseholdFile) -> None:
    """The posts, jobs near home, courses and leaders of a household; nothing where none is."""
    told = (("posts_held", file.posts, _POST), ("jobs_near", file.jobs, _JOB),
            ("courses", file.courses, _COURSE), ("led_by", file.leaders, _LEADER))  # fmt: skip
    tables = [
        part for title, rows, columns in told if rows for part in _part(stage, title, rows, columns)
    ]
    if not tables:
        return
    found = file.working or {}
    sub = stage.t(
        "work_of_household",
        at_work=dated(stage, found, "workers_at_work"),
        workers=dated(stage, found, "workers"),
    )
    heading = pieces.heading(stage.t("page_work"), sub)
    components.paper(h("section", heading, *tables), key="work")


def _part(
    stage: Stage, title: str, rows: Iterable[Mapping[str, Any]], columns: Sequence[str]
) -> list[Markup]:
    head = [stage.t(column) for column in columns]
    body = [tuple(dated(stage, row, column) for column in columns) for row in rows]
    return [h("h3", stage.t(title)), pieces.table(head, body)]
