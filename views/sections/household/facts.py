"""What the household page draws, section by section."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from charts import income_stack as incomes
from charts.lines import Line
from glossary import label
from metrics.files import HouseholdFile, per_person
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import chart_blocks, finding_words, pieces
from views.parts.column_words import dated, say
from views.parts.follow_up import FollowUp

_BASICS = (
    "member_count", "registered", "poverty_attribute", "identified_on", "exit_year",
    "monitor_kind", "cause_1", "cause_2", "village_group", "phone", "farmland_mu",
    "woodland_mu", "floor_area_m2", "entry_road", "road_distance_km", "sanitary_toilet", "fuel",
)  # fmt: skip
_GUARANTEES = ("out_of_school", "uninsured_member", "housing_unsafe", "water_unsafe")
_MEMBER = (
    "name", "relation", "sex", "birth_date", "identity_number", "education", "school_status",
    "health", "labour", "work_months", "major_illness_insured",
)  # fmt: skip
_LEDGER = ("group_key", "reason", "measure", "responsible", "opened_on", "due_on", "closed_on",
           "ledger_state")  # fmt: skip
_RELOCATED = ("site_name", "approach", "people", "moved_in_on", "months_in_new_home",
              "old_house_demolished", "kept_reason", "land_restored", "house_m2", "certificate",
              "follow_up")  # fmt: skip
_PARTS = ("wage_yuan", "business_yuan", "property_yuan", "transfer_yuan")


def head(stage: Stage, file: HouseholdFile) -> None:
    """Whose file this is, where, and the basics."""
    own = file.household
    place = own["village_code"]
    crumbs = pieces.crumbs(
        *(
            pieces.link(stage.href(page, region=code), stage.name(code))
            for page, code in (("overview", place[:9]), ("village", place))
            if code in stage.bounds.places
        ),
        h("span", own["household_id"], cls="muted"),
    )
    title = h("h1", stage.t("household_of", name=own["head_name"] or "—"))
    hint = h("span", stage.t("print_hint"), cls="no-print")
    masked = None if stage.reveal else stage.t("masked_note")
    note = h("p", masked, " ", hint, cls="sub")
    basics = pieces.facts((stage.t(c), dated(stage, own, c)) for c in _BASICS)
    source = _source(stage, own)
    components.paper(h("section", crumbs, title, note, basics, source, cls="file"), key="head")


def _source(stage: Stage, row: Mapping[str, Any]) -> Markup | str:
    if not row.get("source_file"):
        return ""
    text = stage.t("from_file", file=row["source_file"], row=row["source_row"])
    return h("p", text, cls="sub source")


def suspicions(stage: Stage, file: HouseholdFile, follow: FollowUp) -> None:
    """What the checks find suspicious in this household, if anything."""
    if not file.findings:
        return
    rows = [
        (
            finding_words.subject(stage, {**row, "head_name": file.household["head_name"]}),
            finding_words.severity(stage, row["severity"]),
            pieces.link(
                stage.href("quality", region=row["village_code"], check=row["check_key"]),
                stage.named(stage.county.checks[row["check_key"]]),
            ),
            finding_words.sentence(stage, row),
            follow.beside(f"check.{row['check_key']}", _member(row)),
        )
        for row in file.findings
    ]
    head = [stage.t(key) for key in ("subject", "severity", "check", "findings", "page_problems")]
    title = f"{stage.t('page_quality')} {len(rows)}"
    html = h("section", pieces.heading(title, stage.t("suspicions_sub")), pieces.table(head, rows))
    components.paper(html, key="suspicions")


def _member(row: Mapping[str, Any]) -> str | None:
    """Which of the household's people a suspicion is about, if it is about one."""
    return row["subject_id"] if row["level"] in finding_words.OF_PEOPLE else None


def income(stage: Stage, file: HouseholdFile) -> None:
    """Income a person by source and year, against the year's line."""
    years = [
        row for row in file.years if row["member_count"] and row["net_income_yuan"] is not None
    ]
    if not years:
        return
    when = [row["year"] for row in years]

    def line(column: str) -> Line:
        return Line(stage.t(column), when, [per_person(row, column) for row in years])

    measure = stage.measure("yuan")
    lines = [row["poverty_line_yuan"] for row in years]
    chart = incomes.income(
        [line(column) for column in _PARTS],
        line("expense_yuan"),
        Line(
            stage.t("per_capita_net_income_yuan"),
            when,
            [row["per_capita_net_income_yuan"] for row in years],
        ),
        Line(stage.t("poverty_line"), when, lines),
        measure=measure,
        words=chart_blocks.words(
            _income_finding(stage, years[-1]),
            stage.t("income_sub"),
            stage.t("year"),
            stage=stage,
        ),
        frame=chart_blocks.frame(),
    )
    chart_blocks.show(chart, "income", stage)


def _income_finding(stage: Stage, row: Mapping[str, Any]) -> str:
    value = stage.measure("yuan").number(row["per_capita_net_income_yuan"])
    change = row["income_change_percent"]
    if change is None:
        return stage.t("income_finding", year=row["year"], value=value)
    key = "income_finding_up" if change >= 0 else "income_finding_down"
    size = stage.measure("percent").text(abs(change))
    return stage.t(key, year=row["year"], value=value, change=size)


def _rows(
    stage: Stage,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    title: str,
    key: str,
    note: str = "",
    beside: Sequence[Any] = (),
) -> None:
    body: list[Sequence[Any]] = [
        tuple(dated(stage, row, column) for column in columns) for row in rows
    ]
    head = [stage.t(c) for c in columns]
    if any(beside):
        body = [(*row, more) for row, more in zip(body, beside, strict=True)]
        head.append(stage.t("page_problems"))
    html = h(
        "section",
        pieces.heading(title, note),
        pieces.table(head, body) if rows else h("p", stage.t("no_rows"), cls="sub"),
    )
    components.paper(html, key=key)


def members(stage: Stage, file: HouseholdFile) -> None:
    """Who belongs to the household, and how many of them the list lacks."""
    title, note = f"{stage.t('members')} {len(file.members)}", ""
    if file.unlisted:
        title = stage.t("members_of", listed=len(file.members), size=file.household["member_count"])
        note = stage.t("members_unlisted", count=stage.measure("people").text(file.unlisted))
    _rows(stage, _MEMBER, file.members, title, "members", note)


def guarantees(stage: Stage, file: HouseholdFile) -> None:
    """The three guarantees and water, each safe, a problem, or not recorded."""

    def state(value: bool | None) -> Markup:
        word = stage.t("unknown") if value is None else stage.t("unsafe" if value else "safe")
        return h("span", word, cls=f"light {tones[value]}")

    tones = {True: "bad", False: "good", None: ""}
    pairs = [(stage.t(column), state(file.household[column])) for column in _GUARANTEES]
    html = h("section", pieces.heading(stage.t("guarantees")), pieces.facts(pairs))
    components.paper(html, key="guarantees")


def ledger(stage: Stage, file: HouseholdFile, follow: FollowUp) -> None:
    """What the townships' ledgers hold of this household; beside what is overdue, its problem."""
    beside = [
        follow.beside(f"ledger.{row['group_key']}") if row["ledger_state"] == "overdue" else None
        for row in file.ledger
    ]
    _rows(stage, _LEDGER, file.ledger, stage.t("ledger"), "ledger", beside=beside)


def help_given(stage: Stage, file: HouseholdFile) -> None:
    """Measures and relocation."""
    measures = [
        (label("measure_kind", row["kind"], stage.lang), row["detail"] or "—")
        for row in file.measures
    ]
    parts = [
        h("section", pieces.heading(stage.t("measures")), pieces.facts(measures))
        if measures
        else h("section", pieces.heading(stage.t("measures")), h("p", stage.t("no_rows"))),
    ]
    if file.relocation:
        parts.append(_facts(stage, "relocation", _RELOCATED, file.relocation))
    components.paper(h("div", *parts), key="help")


def _facts(stage: Stage, title: str, columns: Sequence[str], row: Mapping[str, Any]) -> Markup:
    pairs = [(stage.t(column), say(stage, column, row.get(column))) for column in columns]
    return h("section", pieces.heading(stage.t(title)), pieces.facts(pairs), _source(stage, row))
