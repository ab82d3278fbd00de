"""The first screen of /work: the sentence, who works where, posts by kind, workshops, leaders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from charts import bars, theme
from glossary import label
from metrics import work, work_lists
from metrics.county import County
from metrics.data_dates import last_before
from metrics.shares import percent
from metrics.subjects import MEMBER
from metrics.work import (
    CHECKS,
    FILLED,
    IN_ORDER,
    IN_VAIN,
    NEITHER,
    NO_INDUSTRY,
    OF_POSTS,
    ONE,
    WILLING,
    Near,
    Posts,
    Workers,
)
from metrics.work_lists import (
    AT_WORKPLACES,
    EVERY_LEADER,
    EVERY_POST,
    EVERY_WORKPLACE,
    EVERYBODY,
    LOST_SINCE,
    WORKING,
)
from rules.registry import rules
from rules.tally import Tally
from store.snapshots import NoSnapshot, SnapshotDamaged
from views.browser import components
from views.browser.markup import Markup, h
from views.context.counties import county
from views.context.stage import Stage
from views.parts import chart_blocks, pieces, tabs, threshold_sources

PLACES, MONTHS = "places", "months"
_PARTS = {None: "tab_overview", PLACES: "part_places", MONTHS: "part_months",
          EVERY_POST: "part_posts", EVERY_WORKPLACE: "part_workplaces",
          EVERY_LEADER: "part_leaders"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Here:
    """What is known of work in the place shown; ``lost`` is None with no data date before."""

    workers: Workers
    answers: dict[str, Tally]
    posts: dict[str, Posts]
    near: Near
    found: dict[str, int]
    lost: int | None


def look(stage: Stage) -> Here:
    """What the page tells of the place shown, at the data date."""
    reader, region, year = stage.reader, stage.view.region, stage.newest
    before = earlier(stage)
    return Here(
        work.workers(reader, region, year),
        work.answers(reader, region, year, stage.place.level),
        work.posts(reader, region, year),
        work.near(reader, region, year),
        work.found(reader, region),
        None if before is None else work_lists.count_lost(before, reader, region, year),
    )


def earlier(stage: Stage) -> County | None:
    """The county at the last data date; None where there is none that can be opened."""
    number = last_before(stage.county.home, stage.county.snapshot)
    try:
        return county(number) if number is not None else None
    except (NoSnapshot, SnapshotDamaged):
        return None


def headline(stage: Stage, here: Here) -> None:
    """Who can work and does, and which households have nobody at work; the parts and lists."""
    none, neither = here.answers[ONE], here.answers[NEITHER]
    trained, placed = work.trained(stage.reader, stage.view.region, stage.newest)
    title = stage.t("work_none", place=stage.place.name)
    if here.workers.people:
        title = stage.t(
            "work_finding",
            place=stage.place.name,
            people=f"{here.workers.people:,}",
            at_work=f"{here.workers.at_work:,}",
            none=f"{none.missed:,}",
            neither=f"{neither.met:,}",
        )
    sub = stage.t(
        "work_sub",
        date=stage.county.data_date,
        share=stage.measure("percent").text(here.workers.share),
        households=f"{none.asked:,}",
        trained=f"{trained:,}",
        placed=stage.measure("percent").text(percent(placed, trained)),
    )
    html = h(
        "section",
        h("h1", title),
        h("p", sub, cls="sub"),
        tabs.row(stage, _PARTS, stage.view.part or None),
        _lists(stage, here),
    )
    components.paper(html, key="headline")


def _lists(stage: Stage, here: Here) -> Markup:
    """Who lacks work or industry; each number opens its list."""
    year, told = stage.newest, here.answers
    counted = [
        (stage.t(f"part_{part}"), count, _list(stage, part), part)
        for part, count in ((EVERYBODY, here.workers.people), (WORKING, here.workers.at_work))
    ]
    if here.lost is not None:
        counted.append(
            (stage.t("list_lost_since"), here.lost, _list(stage, LOST_SINCE), LOST_SINCE)
        )
    for key, answer in ((ONE, "missed"), (NEITHER, "met"), (NO_INDUSTRY, "met")):
        href = stage.selected("rule", key, answer, year=year)
        counted.append((stage.t(f"list_{key}"), getattr(told[key], answer), href, key))
    for key in (WILLING, IN_VAIN):
        counted.append((stage.named(rules()[key]), told[key].met, _list(stage, key), key))
    facets = [
        pieces.facet(name, f"{count:,}", href if count else "", stage.view.part == key)
        for name, count, href, key in counted
    ]
    return h("div", *facets, cls="facets")


def _list(stage: Stage, part: str) -> str:
    return stage.href("work", part=part)


def where(stage: Stage, here: Here) -> None:
    """People at work by where; each bar opens who they are."""
    if not here.workers.at_work:
        none = pieces.empty(stage, stage.t("tab_overview"), stage.t("no_rows_hint"))
        components.paper(none, key="where")
        return
    shown = [place for place in work.PLACES if here.workers.by_place[place]]
    rows = [
        bars.Bar(
            stage.t(f"works_{place}"),
            here.workers.by_place[place],
            stage.selected("works", place, year=stage.newest, by=MEMBER),
        )
        for place in shown
    ]
    most = max(shown, key=lambda place: here.workers.by_place[place])
    title = stage.t(
        "works_finding",
        place=stage.t(f"works_{most}"),
        count=f"{here.workers.by_place[most]:,}",
        at_work=f"{here.workers.at_work:,}",
    )
    heads = (stage.t("works_at"), stage.t("unit_people"))
    chart = bars.ranked(
        rows,
        measure=stage.measure("people"),
        words=chart_blocks.words(title, stage.t("works_sub"), *heads, stage=stage),
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.show(chart, "where", stage)


def posts(stage: Stage, here: Here) -> None:
    """Posts of each kind: all, held, vacant for too long, held against a rule."""
    vacant, against = here.answers[FILLED].missed, work.held_against(here.posts)
    title = stage.t("posts_finding", vacant=f"{vacant:,}", against=f"{against:,}")
    rows = [_kind(stage, kind, one) for kind, one in here.posts.items()]
    head = [stage.t(key) for key in ("post_kind", "posts_all", "posts_held", "posts_vacant",
                                     "posts_against")]  # fmt: skip
    table = pieces.table(head, rows, numeric=range(1, 5), cls="data tight")
    html = h("section", pieces.heading(title, stage.t("posts_sub")), table)
    components.paper(html, key="posts")


def _kind(stage: Stage, kind: str, one: Posts) -> tuple[Any, ...]:
    return (
        pieces.Td(label("post_kind", kind, stage.lang), "firm"),
        pieces.number(stage, one.posts, "posts", _list(stage, f"every_{kind}")),
        pieces.number(stage, one.held, "posts", _list(stage, f"held_{kind}")),
        pieces.number(stage, one.vacant, "posts", _list(stage, f"vacant_{kind}")),
        pieces.number(stage, one.against, "posts", _list(stage, f"against_{kind}")),
    )


def near(stage: Stage, here: Here) -> None:
    """Workshops, bases and leaders: how many, whom they bring, and what of them misses most."""
    found = here.near
    title = stage.t(
        "near_finding",
        workplaces=f"{found.workplaces:,}",
        held=f"{found.held:,}",
        leaders=f"{found.leaders:,}",
        led=f"{found.led:,}",
    )
    led = stage.selected("rule", "leader_brings", "met", year=stage.newest)
    rows: list[tuple[Any, ...]] = [
        (pieces.Td(stage.t(name), "firm"), stage.t(f"unit_{unit}"),
         pieces.number(stage, count, unit, opens if count else ""))
        for name, unit, count, opens in (
            ("part_workplaces", "workplaces", found.workplaces, _list(stage, EVERY_WORKPLACE)),
            ("part_workplace_people", "people", found.held, _list(stage, AT_WORKPLACES)),
            ("part_leaders", "people", found.leaders, _list(stage, EVERY_LEADER)),
            ("households_led", "households", found.led, led),
        )
    ]  # fmt: skip
    rows += [
        _matter(stage, key, here, unit)
        for key, unit in (("workplace_workers", "workplaces"), ("leader_brings", "people"),
                          ("leaders_enough", "villages"))
    ]  # fmt: skip
    sub = stage.t("near_sub", jobs=f"{found.jobs:,}")
    table = pieces.table(_heads(stage), rows, numeric=(2,), cls="data tight")
    components.paper(pieces.folded(title, sub, table), key="near")


def _heads(stage: Stage) -> list[str]:
    return [stage.t(key) for key in ("looked_into", "unit", "counted")]


def _matter(stage: Stage, key: str, here: Here, unit: str) -> tuple[Any, ...]:
    count = here.answers[key].missed
    return (
        pieces.Td(stage.t("select_missed", rule=stage.named(rules()[key])), "firm"),
        stage.t(f"unit_{unit}"),
        pieces.number(stage, count, unit, _list(stage, key)),
    )


def against(stage: Stage, here: Here) -> None:
    """Which rules of posts are missed, and what in their ledger cannot well be; most first."""
    keys = [key for key in OF_POSTS if key not in (IN_ORDER, FILLED)]
    keys.sort(key=lambda key: -here.answers[key].missed)
    rows = [_matter(stage, key, here, "posts") for key in keys[:5]]
    rows += [
        (
            pieces.Td(stage.named(stage.county.checks[key]), "firm"),
            stage.t("unit_posts"),
            pieces.number(stage, here.found[key], "posts", _list(stage, key)),
        )
        for key in CHECKS
    ]
    title = stage.t("against_finding", rule=stage.named(rules()[keys[0]]),
                    count=f"{here.answers[keys[0]].missed:,}")  # fmt: skip
    table = pieces.table(_heads(stage), rows, numeric=(2,), cls="data tight")
    html = pieces.folded(title, stage.t("against_sub"), table)
    components.paper(html, key="against")


def sources(stage: Stage) -> None:
    """The thresholds and their documents."""
    known = threshold_sources.of_systems(stage, "work", "workers", "posts", "workplaces", "leaders")
    components.paper(known, key="sources")
