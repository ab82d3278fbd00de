"""The projects page on one screen: where projects stand, work beside payment, what to act on."""

from __future__ import annotations

from functools import partial

from charts import beside, pipeline
from charts.theme import Frame
from glossary import label
from metrics import project_library
from metrics.project_library import LATE, STEPS, Library, Projects
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import chart_blocks, pieces
from views.sections.projects import opening

_LINES = 7
# A third of a page: with the list beside both charts all stands on one screen.
_THIRD = Frame(380, 320, 15, 3)


def show(stage: Stage) -> None:
    """The sentence, both charts, and the projects that are overdue longest."""
    found = project_library.library(stage.reader, stage.view.region)
    _sentence(stage, found)
    if not found.projects:
        components.paper(
            pieces.empty(stage, stage.t("no_projects"), stage.t("no_rows_hint")), key="none"
        )
        return
    blocks = [
        partial(_pipeline, stage, found),
        partial(_beside, stage),
        partial(_to_act_on, stage, found),
    ]
    chart_blocks.columns((1, 1, 1.15), blocks)


def _sentence(stage: Stage, found: Library) -> None:
    count = stage.measure("projects")
    title = stage.t(
        "projects_lead",
        place=stage.place.name,
        count=count.number(found.projects),
        share=stage.measure("percent").text(found.finished_share),
        late=count.number(found.late),
    )
    if found.longest_step:
        title += stage.t(
            "projects_longest",
            days=stage.measure("days").text(found.longest),
            step=_step(stage, found.longest_step),
        )
    sub = stage.t("projects_sub", date=stage.county.data_date)
    opening.opening(stage, title, sub)


def _step(stage: Stage, step: str) -> str:
    return label("project_step", step, stage.lang)


def listed(stage: Stage, state: str | None) -> str:
    """Address of the list of projects in a state."""
    return stage.href("projects", part="list", state=state)


def _pipeline(stage: Stage, found: Library) -> None:
    stops = []
    for step in STEPS[:-1]:
        one = found.steps.get(step, project_library.Step())
        rest, late = (listed(stage, f"{kind}_{step}") for kind in ("rest", "late"))
        stops.append(pipeline.Stop(_step(stage, step), one.projects, one.late, rest, late))
    words = chart_blocks.words(
        stage.t("pipeline_title", count=stage.measure("projects").text(found.unfinished)),
        stage.t("pipeline_sub"),
        stage.t("stage"),
        stage.t("projects"),
        stage.t("late"),
        stage=stage,
    )
    chart = pipeline.pipeline(
        stops,
        stage.t("late"),
        measure=stage.measure("projects"),
        words=words,
        frame=chart_blocks.frame(_THIRD),
    )
    chart_blocks.show(chart, "pipeline", stage)


def _beside(stage: Stage) -> None:
    points = project_library.points(stage.reader, stage.view.region)
    if not points:
        hint = pieces.empty(stage, stage.t("beside_none"), stage.t("no_rows_hint"))
        components.paper(hint, key="beside_none")
        return
    pairs = [
        beside.Pair(p.name, p.work, p.paid, p.apart, stage.href("projects", project=p.project_id))
        for p in points
    ]
    apart = project_library.apart(points)
    words = chart_blocks.words(
        stage.t("beside_title", count=stage.measure("projects").text(apart)),
        stage.t("beside_sub"),
        stage.t("project"),
        stage.t("progress_percent"),
        stage.t("paid_percent"),
        stage=stage,
    )
    chart = beside.beside(
        pairs,
        (stage.t("beside_above"), stage.t("beside_below")),
        measure=stage.measure("percent"),
        words=words,
        frame=chart_blocks.frame(_THIRD),
    )
    chart_blocks.show(chart, "beside", stage)


def _to_act_on(stage: Stage, found: Library) -> None:
    """The lines that somebody has to act on, each leading to its project."""
    rows = Projects(stage.view.region, LATE).rows(stage.reader, 0, _LINES).to_pylist()
    if not rows:
        components.paper(h("section", pieces.heading(stage.t("act_none"))), key="act")
        return
    body = [
        (
            pieces.link(stage.href("projects", project=r["project_id"]), r["project"]),
            pieces.Td(_step(stage, r["next_step"]), "firm"),
            stage.measure("days").number(r["days_late"]),
        )
        for r in rows
    ]
    head = [stage.t(key) for key in ("project", "next_step", "days_late")]
    title = stage.t("act_title", count=len(rows))
    late = stage.measure("projects").text(found.late)
    every = pieces.link(listed(stage, LATE), stage.t("act_all", late=late))
    html = h(
        "section",
        pieces.heading(title),
        pieces.table(head, body, numeric=(2,), cls="data tight"),
        h("p", every, cls="sub"),
    )
    components.paper(html, key="act")
