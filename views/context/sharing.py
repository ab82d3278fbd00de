"""Short links: as what a view is kept, whether a view is a link's, what became of its numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from metrics import lists
from state import links
from state.database import StateError, kept_open
from state.links import Sent
from state.meeting_tables import MeetingItem
from state.tables import SavedView, ShortLink
from store.scope import Scope
from views.context import address, headlines, page_keys, possible, sitemap, versions
from views.context.counties import county
from views.context.page_keys import BESIDE
from views.context.page_spec import PageSpec
from views.context.stage import Stage, staged
from views.context.versions import Written

# What makes no other view: how a list is turned, the language, and when the numbers are of.
_SAME = ("page", "sort", "lang", "rules", "snapshot", "year", *BESIDE)


@dataclass(frozen=True, slots=True)
class Differing:
    """The households that count for more at one of two snapshots: how many, and their list."""

    households: int
    href: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A number as a link showed it and as it is now, None where it is not known.

    ``went`` and ``came`` are the households that made it more then, and that do now; None where
    the number has no list of households.
    """

    name: str
    unit: str
    then: float | None
    now: float | None
    went: Differing | None = None
    came: Differing | None = None


@dataclass(frozen=True, slots=True)
class Since:
    """What became of a link's numbers: those that differ, and the addresses of both views.

    ``then`` is empty where the link's snapshot was removed. ``counted`` says whether it showed any
    number; ``told`` is false where these are of more than the viewer sees, and ``narrowed`` says
    that they are shown a part of what was sent.
    """

    link: ShortLink
    moved: tuple[Moved, ...]
    then: str
    now: str
    counted: bool
    told: bool
    narrowed: bool


def pinned(stage: Stage) -> dict[str, str]:
    """The query that a stage's view is sent as: of lasting meaning, by today's rules, without what
    stays in this session."""
    view = replace(stage.view, rules=stage.bounds.rulebook, link=None, draft=None)
    bounds = replace(stage.bounds, searches={})
    return address.query(view, bounds, {*stage.spec.keys, *BESIDE}, pinned=True)


def sent(stage: Stage) -> Sent:
    """A stage's view with the numbers that whoever opens it now is shown."""
    query = pinned(stage)
    number = stage.county.snapshot.number
    plain = at(stage, stage.spec, query, number)
    shown = {
        "places": list(stage.scope.narrowed(stage.view.region).codes),
        "latest": stage.view.year == stage.newest,
        "numbers": headlines.numbers(plain),
    }
    return Sent(stage.spec.path, urlencode(query), number, stage.county.data_date,
                stage.bounds.rulebook, shown)  # fmt: skip


def lasting(stage: Stage) -> dict[str, str]:
    """The query that a view is kept as, to be opened at the newest data.

    A year that is the newest, or the one that its page opens with, is left to be that then.
    """
    fresh, _ = address.parse({}, stage.bounds)
    left = {"snapshot", "rules", *(["year"] if stage.view.year == fresh.year else [])}
    return {key: value for key, value in pinned(stage).items() if key not in left}


def at(stage: Stage, spec: PageSpec, query: Mapping[str, str], number: int) -> Stage:
    """A page's query at a snapshot, for the same viewer."""
    opened = county(number)
    bounds = replace(possible.bounds(opened, stage.wide, spec), current=stage.bounds.current)
    return staged(spec, {**query, "snapshot": str(number)}, opened, stage.wide, bounds)


def written(kept: ShortLink | SavedView | MeetingItem) -> tuple[PageSpec, dict[str, str]] | None:
    """The page and the query of what is kept as they are written today; None for a page that is
    gone."""
    now = versions.today(Written(kept.path, tuple(parse_qsl(kept.query))))
    spec = sitemap.BY_PATH.get(now.path)
    return None if spec is None else (spec, dict(now.pairs))


def seen_of(query: Mapping[str, str], root: str) -> dict[str, str]:
    """A link's query for somebody whose pages begin at ``root``: of a place that holds it, it."""
    region = query.get("region", root)
    return {**query, "region": root} if root.startswith(region) and root != region else dict(query)


def opened(stage: Stage) -> ShortLink | None:
    """The link that a stage's address says it was opened by; None where it is no link of this view,
    or of none any more."""
    try:
        link = links.find(kept_open(stage.county.home.path), stage.view.link or "")
    except StateError:
        return None
    found = None if link is None else written(link)
    if link is None or found is None or found[0] != stage.spec:
        return None
    query = seen_of(found[1], stage.bounds.root)
    years = {query.get("year"), str(stage.newest) if _latest(link) else query.get("year")}
    same = _same(query) == _same(pinned(stage)) and pinned(stage).get("year") in years
    return link if same else None


def _latest(link: ShortLink) -> bool:
    """Whether a link shows the newest year of its data: today's is then the newest of today's."""
    return bool(json.loads(link.shown)["latest"])


def _same(query: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in query.items() if key not in _SAME}


def since(stage: Stage, link: ShortLink) -> Since:
    """What became of the numbers that the link of a stage's view showed, at the newest snapshot."""
    found = written(link)
    assert found is not None
    spec, query = found
    narrowed = seen_of(query, stage.bounds.root) != query
    query = seen_of(query, stage.bounds.root)
    shown = json.loads(link.shown)
    newest = stage.county.home.current_number()
    fresh = {k: v for k, v in query.items() if k != "rules"}
    if _latest(link):
        fresh["year"] = str(max(county(newest).years))
    now = at(stage, spec, fresh, newest)
    there = link.snapshot in stage.bounds.snapshots
    places = Scope.of(shown["places"])
    told = all(map(stage.scope.contains, places.codes)) and not narrowed
    moved: tuple[Moved, ...] = ()
    if told:
        # Whoever sees more than was counted is told of what was counted, and of no list of it.
        lists_it = there and link.snapshot != newest and _sees_just(now, places)
        then = at(stage, spec, query, link.snapshot) if lists_it else None
        moved = _moved(_held(now, places), then, shown["numbers"])
    begun = {"link": link.code}
    pin = address.href(spec.path, {**query, **begun}) if there else ""
    today = address.href(spec.path, pinned(now) | begun)
    return Since(link, moved, pin, today, bool(shown["numbers"]), told, narrowed)


def shown_by(stage: Stage, link: ShortLink) -> dict[str, float | None]:
    """The numbers that a link showed, for somebody who sees what they count and just that in the
    stage's view; none for others."""
    shown = json.loads(link.shown)
    return dict(shown["numbers"]) if _sees_just(stage, Scope.of(shown["places"])) else {}


def _sees_just(stage: Stage, places: Scope) -> bool:
    return stage.scope.narrowed(stage.view.region) == places


def _held(stage: Stage, places: Scope) -> Stage:
    """The stage of somebody who sees these places and no others: whose numbers a link holds."""
    if _sees_just(stage, places):
        return stage
    scopes = {**stage.viewer.scopes, "see": places}
    return replace(stage, viewer=replace(stage.viewer, scopes=scopes))


def _moved(now: Stage, then: Stage | None, numbers: Mapping[str, Any]) -> tuple[Moved, ...]:
    """The numbers that are others now, with the households that make the difference."""
    today = headlines.numbers(now)
    found = []
    for key, before in numbers.items():
        if key not in today or today[key] == before:
            continue
        one = Moved(headlines.name(now, key), headlines.unit(now, key), before, today[key])
        if then is not None:
            went, came = _differing(then, now, key), _differing(now, then, key)
            one = replace(one, went=went, came=came)
        found.append(one)
    return tuple(found)


def _differing(here: Stage, there: Stage, key: str) -> Differing | None:
    listed = headlines.listed(here, key)
    if listed is None:
        return None
    spec = sitemap.BY_KEY["ledgers"]
    query = pinned(here) if here.spec is spec else {
        each: value for each, value in pinned(here).items() if each in page_keys.EVERYWHERE
    }  # fmt: skip
    query = {**query, **listed, "against": str(there.county.snapshot.number)}
    view = at(here, spec, query, here.county.snapshot.number)
    households, _ = lists.counted(view.reader, view.households())
    return Differing(households, view.href("ledgers"))
