"""The lists of /work: people, posts, workplaces, leaders, villages; households that lost work."""

from __future__ import annotations

from glossary import label
from metrics import work, work_lists
from metrics.subjects import MEMBER
from metrics.work import CHECKS, OF_LEADERS, OF_POSTS, OF_VILLAGES, OF_WORKPLACES
from metrics.work_lists import (
    LEADERS,
    LISTS,
    LOST_SINCE,
    OF_KINDS,
    PEOPLE,
    POSTS,
    WORKPLACES,
)
from rules.registry import rules
from views.browser import components
from views.context.stage import Stage
from views.parts import paged_list, pieces
from views.parts.column_words import dated, say
from views.sections.work import screen

_UNITS = {PEOPLE: "people", POSTS: "posts", WORKPLACES: "workplaces", LEADERS: "leaders"}
_POST_RULES = tuple(key for key in OF_POSTS if key in LISTS)


def listed(stage: Stage) -> None:
    """The rows of the list chosen and their workbook."""
    part, region, year = stage.view.part or "", stage.view.region, stage.newest
    if part == LOST_SINCE:
        _lost(stage)
        return
    names = {key: name(stage, key) for key in LISTS}
    paged_list.choose(stage, "work_bar", "work_list", names, part)
    count = work_lists.count(stage.reader, part, region, year)
    relation = LISTS[part].relation
    unit = _UNITS.get(relation, "villages")
    wanted = paged_list.Wanted(
        stage.t(f"work_listed_{unit}", list=names[part], count=f"{count:,}"),
        f"{stage.place.name} · {stage.county.data_date}",
        count,
        lambda reader, *page: work_lists.listed(reader, part, region, year, *page),
        whole=True,
    )
    columns = {PEOPLE: _people, POSTS: _posts, WORKPLACES: _workplaces, LEADERS: _leaders}
    paged_list.show(stage, wanted, columns.get(relation, _villages)(stage))


def name(stage: Stage, part: str) -> str:
    """What a list is called: the check or the rule that finds its rows, or what they miss."""
    if part in OF_KINDS:
        what, kind = OF_KINDS[part]
        said = label("post_kind", kind, stage.lang)
        return stage.t("role_short", role=said, rule=stage.t(f"posts_{what}"))
    if part in CHECKS:
        return stage.named(stage.county.checks[part])
    if part not in rules():
        return stage.t(f"part_{part}")
    named = stage.named(rules()[part])
    return named if LISTS[part].relation == PEOPLE else stage.t("select_missed", rule=named)


def _lost(stage: Stage) -> None:
    """Households of whom somebody was at work at the last data date and nobody is now."""
    before, region, year = screen.earlier(stage), stage.view.region, stage.newest
    if before is None:
        none = pieces.empty(stage, stage.t("list_lost_since"), stage.t("dyn_alone_hint"))
        components.paper(none, key="list")
        return
    count = work_lists.count_lost(before, stage.reader, region, year)
    title = stage.t("lost_since_listed", count=f"{count:,}", date=before.data_date)
    wanted = paged_list.Wanted(
        title,
        f"{stage.place.name} · {stage.county.data_date}",
        count,
        lambda reader, *page: work_lists.lost_since(before, reader, region, year, *page),
        whole=True,
    )
    columns = [_household(stage), _plain("head_name"), paged_list.village(stage),
               _number("workers"), _number("longest_work_months"),
               _told(stage, "industry_measure")]  # fmt: skip
    paged_list.show(stage, wanted, columns)


def _household(stage: Stage) -> paged_list.Column:
    def opens(row: paged_list.Row) -> str:
        return stage.href("household", id=row["household_id"]) if row["household_id"] else ""

    return paged_list.Column(
        "household_id", lambda row: row["household_id"], opens, cls="firm", width=20
    )


def _plain(key: str, width: int = 14) -> paged_list.Column:
    return paged_list.Column(key, lambda row: row[key], cls="firm", width=width)


def _told(stage: Stage, key: str) -> paged_list.Column:
    return paged_list.Column(key, lambda row: dated(stage, row, key), cls="firm")


def _number(key: str) -> paged_list.Column:
    return paged_list.Column(key, lambda row: row[key], numeric=True)


def _missed(stage: Stage, keys: tuple[str, ...]) -> paged_list.Column:
    def said(row: paged_list.Row) -> str:
        told = (stage.named(rules()[key]) for key in work.missed(row, keys))
        return stage.t("rule_comma").join(told)

    return paged_list.Column("visits_missed", said, cls="said", width=40)


def _people(stage: Stage) -> list[paged_list.Column]:
    return [
        _household(stage),
        _plain("name"),
        paged_list.village(stage),
        _number("age"),
        _told(stage, "labour"),
        _number("work_months"),
        _number("days_since_work"),
        _told(stage, "trained_on"),
        _number("days_since_training"),
    ]


def _posts(stage: Stage) -> list[paged_list.Column]:
    return [
        _plain("post_id", 16),
        _told(stage, "post_kind"),
        _plain("duty"),
        _plain("holder_name"),
        _household(stage),
        paged_list.village(stage),
        _told(stage, "appointed_on"),
        _told(stage, "vacated_on"),
        _number("holder_age"),
        _told(stage, "paid_through"),
        _number("attended_days"),
        _missed(stage, _POST_RULES),
    ]


def _opening(
    stage: Stage, column: str, kind: str, key: str, by: str = "household"
) -> paged_list.Column:
    """A number that opens the households, or people, that a workplace or leader has."""

    def opens(row: paged_list.Row) -> str:
        if not row[column] or not work.allows_number((row[key],)):
            return ""
        return stage.selected(kind, row[key], year=stage.newest, by=by)

    return paged_list.Column(column, lambda row: row[column], opens, numeric=True)


def _workplaces(stage: Stage) -> list[paged_list.Column]:
    return [
        paged_list.Column("workplace_name", lambda row: row["name"], cls="firm", width=24),
        _told(stage, "workplace_kind"),
        paged_list.village(stage),
        _plain("operator", 24),
        _told(stage, "running"),
        paged_list.Column("jobs_offered", lambda row: row["jobs"], numeric=True),
        _opening(stage, "jobs_held", "workplace", "workplace_id", MEMBER),
        paged_list.Column(
            "jobs_held_percent",
            lambda row: say(stage, "jobs_held_percent", row["jobs_held_percent"]),
            numeric=True,
        ),
        _missed(stage, OF_WORKPLACES),
    ]


def _leaders(stage: Stage) -> list[paged_list.Column]:
    return [
        _plain("leader_name"),
        _told(stage, "leader_kind"),
        _plain("enterprise", 24),
        paged_list.village(stage),
        _opening(stage, "led_households", "leader", "leader_id"),
        _told(stage, "leader_trained_on"),
        _told(stage, "leader_approved_on"),
        _missed(stage, OF_LEADERS),
    ]


def _villages(stage: Stage) -> list[paged_list.Column]:
    return [
        paged_list.village(stage),
        _told(stage, "poor_village"),
        _number("village_leaders"),
        _missed(stage, OF_VILLAGES),
    ]
