"""One project's file: its steps, work beside payment, its households, its assets and doubts."""

from __future__ import annotations

from typing import Any

from glossary import label
from metrics.project_file import Beneficiaries, ProjectFile, Taken, project_file
from views.browser import components
from views.browser.markup import Markup, h
from views.browser.notices import notice
from views.context import witness
from views.context.refusal import Refusal
from views.context.stage import Stage
from views.parts import finding_words, follow_up, paged_list, pieces
from views.parts.column_words import say, unit_of
from views.sections.projects import lists

_FACTS = ("project_id", "village_code", "category", "year", "unit_in_charge", "planned_yuan",
          "paid_yuan", "content")  # fmt: skip
_CONTRACT = ("approval_document", "tender_way", "bidders", "contractor", "contract_yuan")
_SHEETS = ("sheet_on", "progress_percent", "moved_points", "invested_yuan", "paid_yuan",
           "progress_note", "difficulty")  # fmt: skip
_ASSETS = ("asset_id", "name", "asset_kind", "asset_state", "owner", "custodian", "value_yuan")
_HOMES = ("household_id", "head_name", "village_code", "promised_jobs", "jobs",
          "promised_income_yuan", "income_yuan", "promised_dividend_yuan", "dividend_yuan",
          "short_yuan")  # fmt: skip
_EFFECT = (("promised_jobs", "jobs"), ("promised_income_yuan", "income_yuan"),
           ("promised_dividend_yuan", "dividend_yuan"))  # fmt: skip


def show(stage: Stage, project_id: str) -> None:
    """A project that the viewer may see; of any other, that there is nothing."""
    file = project_file(stage.reader, project_id)
    if file is None:
        witness.refused(stage, Refusal("project", project_id))
        return notice([stage.t("refused_hint")], key="project_refused")
    _head(stage, file)
    _steps(stage, file)
    _doubts(stage, file)
    _sheets(stage, file)
    _assets(stage, file)
    _effect(stage, file)
    return None


def _head(stage: Stage, file: ProjectFile) -> None:
    project = file.project
    crumbs = pieces.crumbs(
        pieces.link(stage.href("projects", project=None, part="list"), stage.t("page_projects")),
        pieces.link(
            stage.href("village", region=project["village_code"]),
            stage.name(project["village_code"]),
        ),
    )
    facts = [(stage.t(name), say(stage, name, project[name])) for name in _FACTS]
    if file.path:
        facts += [(stage.t(name), say(stage, name, file.path[name])) for name in _CONTRACT]
    line = stage.t("from_file", file=project["source_file"], row=project["source_row"])
    title = h("h1", project["name"])
    told = h("p", _standing(stage, file), cls="sub")
    html = h("section", crumbs, title, told, pieces.facts(facts), h("p", line, cls="sub"))
    components.paper(html, key="project")


def _standing(stage: Stage, file: ProjectFile) -> str:
    """Where it stands, what is next, and how late."""
    if file.facts is None:
        return stage.t("project_no_year")
    here = label("project_step", file.facts["step"], stage.lang)
    if file.facts["finished"]:
        return stage.t("project_finished")
    following = label("project_step", file.facts["next_step"], stage.lang)
    if file.facts["late"]:
        days = stage.measure("days").text(file.facts["days_late"])
        return stage.t("project_late", step=here, next=following, days=days)
    return stage.t("project_stands", step=here, next=following)


def _steps(stage: Stage, file: ProjectFile) -> None:
    """The time line: when each step was due, when it was taken, how late."""
    if not file.steps:
        return
    rows = [_step(stage, one) for one in file.steps if not one.skipped]
    head = [stage.t(key) for key in ("stage", "next_due_on", "done_on", "days_late")]
    title = pieces.heading(stage.t("project_steps"), stage.t("project_steps_sub"))
    html = h("section", title, pieces.table(head, rows, numeric=(3,), cls="data tight"))
    components.paper(html, key="steps")


def _step(stage: Stage, one: Taken) -> tuple[Any, ...]:
    late = one.days_late
    word: Markup | str = "—"
    if late:
        word = h("span", stage.t("clock_late", days=f"{late:,}"), cls="light bad")
    elif late is not None:
        word = stage.t("in_time")
    name = label("project_step", one.step, stage.lang)
    due = one.due_on.isoformat() if one.due_on else "—"
    done = one.done_on.isoformat() if one.done_on else stage.t("not_yet")
    return pieces.Td(name, "firm"), pieces.Td(due, "firm"), pieces.Td(done, "firm"), word


def _doubts(stage: Stage, file: ProjectFile) -> None:
    """What the checks find, each with the way to open a problem of it."""
    if not file.findings:
        return
    project = file.project
    follow = follow_up.of_project(stage, project["project_id"], project["village_code"])
    rows = [
        (
            finding_words.severity(stage, row["severity"]),
            pieces.link(
                stage.href("quality", region=row["village_code"], check=row["check_key"]),
                stage.named(stage.county.checks[row["check_key"]]),
            ),
            finding_words.sentence(stage, row),
            follow.beside(f"check.{row['check_key']}"),
        )
        for row in file.findings
    ]
    head = [stage.t(key) for key in ("severity", "check", "findings", "page_problems")]
    html = h("section", pieces.heading(stage.t("project_doubts")), pieces.table(head, rows))
    components.paper(html, key="doubts")


def _sheets(stage: Stage, file: ProjectFile) -> None:
    """Every half-monthly sheet, the newest first: work beside payment, what moved."""
    if not file.sheets:
        return
    table = _table(stage, file.sheets, _SHEETS)
    title = pieces.heading(stage.t("project_sheets"), stage.t("project_sheets_sub"))
    components.paper(h("section", title, table), key="sheets")


def _assets(stage: Stage, file: ProjectFile) -> None:
    if file.assets:
        title = pieces.heading(stage.t("project_assets"))
        components.paper(h("section", title, _table(stage, file.assets, _ASSETS)), key="assets")


def _table(stage: Stage, rows: list[dict[str, Any]], columns: tuple[str, ...]) -> Markup:
    numeric = [i for i, name in enumerate(columns) if unit_of(name) is not None]
    body = [
        (*(say(stage, name, row[name], unit=False) for name in columns), _line(stage, row))
        for row in rows
    ]
    head = [*(_headed(stage, name) for name in columns), stage.t("source_file")]
    return pieces.table(head, body, numeric=numeric, cls="data tight")


def _headed(stage: Stage, name: str) -> str:
    unit = unit_of(name)
    said = stage.t("asset" if name == "name" else name)
    return stage.headed(said, stage.t(f"unit_{unit}")) if unit else said


def _line(stage: Stage, row: dict[str, Any]) -> Markup:
    return h(
        "span", stage.t("from_file", file=row["source_file"], row=row["source_row"]), cls="sub"
    )


def _effect(stage: Stage, file: ProjectFile) -> None:
    """What households had beside what they were promised, in sum and one by one."""
    benefit = file.benefit
    if not benefit["households"]:
        return
    rows = [
        (stage.t(had), say(stage, promised, benefit[promised]), say(stage, had, benefit[had]))
        for promised, had in _EFFECT
    ]
    head = [stage.t(key) for key in ("effect", "promised", "had")]
    title = pieces.heading(stage.t("project_effect"), stage.t("project_effect_sub"))
    components.paper(h("section", title, pieces.table(head, rows, numeric=(1, 2))), key="effect")
    homes = Beneficiaries(file.project["project_id"])
    asked = paged_list.Wanted(
        stage.t("project_homes", count=f"{benefit['households']:,}"),
        file.project["name"],
        int(benefit["households"]),
        lambda reader, *part: homes.rows(reader, *part),
        whole=True,
    )
    columns = [_column(stage, name) for name in _HOMES]
    paged_list.show(stage, asked, [*columns, lists.source(stage)])


def _column(stage: Stage, name: str) -> paged_list.Column:
    numeric = unit_of(name) is not None

    def says(row: paged_list.Row) -> Any:
        value = row[name]
        return value if numeric or value is None else say(stage, name, value)

    def household(row: paged_list.Row) -> str:
        return stage.href("household", id=row["household_id"])

    opens = household if name == "household_id" else None
    return paged_list.Column(name, says, opens, numeric, "" if numeric else "firm")
