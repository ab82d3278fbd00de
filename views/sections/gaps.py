"""补漏洞: the fourteen gaps beside the fourteen screenings, and how far each is mended."""

from __future__ import annotations

from collections.abc import Mapping

from charts.breaks import classify, make_breaks
from findings import asking
from findings.asking import Filter
from glossary import label
from metrics import gaps, sieves
from metrics.gaps import Followed
from metrics.sieves import SIEVES, Clock, FindingFilter
from state.database import StateError, kept_open
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces

_FOLLOWED = ("open", "overdue", "repeated", "closed")


def asked(stage: Stage) -> str | None:
    """The gap that the address asks for; None for all."""
    system, _, key = (stage.view.about or "").partition(".")
    return key if system == "gap" and key in gaps.every() else None


def name(stage: Stage, key: str | None) -> str:
    """What a gap is called; that none is told for None."""
    if key in (None, gaps.NONE):
        return stage.t("gap_none")
    return label("gap", key, stage.lang)


def draw(stage: Stage, clock: Clock) -> None:
    """Each gap with what is to be mended, and how its findings and problems stand."""
    components.paper(h("section", *_gaps(stage, clock)), key="gaps")


def matrix(stage: Stage) -> None:
    """Screenings by gaps; a designed nothing where nothing was found."""
    found = gaps.matrix(stage.reader, stage.view.region)
    if found:
        components.paper(h("section", *_matrix(stage, found)), key="matrix")
    else:
        hint = stage.t("no_rows_hint")
        components.paper(pieces.empty(stage, stage.t("no_rows"), hint), key="matrix")


def _gaps(stage: Stage, clock: Clock) -> list[Markup]:
    ledger = _ledger(stage)
    head = [stage.t(key) for key in ("gap_named", "gap_mends", "sieve_findings")]
    head += [stage.t("sieve_overdue"), stage.t("sieve_mended")]
    head += [stage.t(f"gap_problems_{key}") for key in _FOLLOWED]
    rows = [_row(stage, clock, key, ledger) for key in gaps.every()]
    late = gaps.overdue(ledger or {})
    title = stage.t("gaps_finding", count=len(gaps.gaps()), late=late)
    if ledger is None:
        title = stage.t("state_unread")
    table = pieces.table(head, rows, numeric=range(2, len(head)), cls="data tight")
    sub = stage.t("gaps_sub")
    return [pieces.heading(title, sub), h("div", table, cls="wide")]


def _ledger(stage: Stage) -> Mapping[str, Followed] | None:
    """The followed problems by gap; None where they cannot be read."""
    try:
        with kept_open(stage.county.home.path).reading() as session:
            day, region = asking.today(), stage.view.region
            wanted = {key: Filter(region, day, among=one.kinds) for key, one in gaps.gaps().items()}
            viewer = stage.viewer
            return gaps.followed(
                {key: asking.by_state(session, viewer, mine) for key, mine in wanted.items()},
                {key: asking.courses(session, viewer, mine) for key, mine in wanted.items()},
            )
    except StateError:
        return None


def _row(
    stage: Stage, clock: Clock, key: str, ledger: Mapping[str, Followed] | None
) -> tuple[object, ...]:
    def found(state: str | None) -> Markup:
        wanted = FindingFilter(stage.view.region, None, state, key)
        count = sieves.count_findings(stage.reader, clock, wanted)
        href = _list(stage, None, key, state) if count else ""
        return pieces.number(stage, count, "entries", href)

    gap = gaps.gaps().get(key)
    mends = "" if gap is None else gap.zh if stage.lang == "zh" else gap.en
    one = None if ledger is None or gap is None else ledger[key]
    return (
        pieces.Td(h("b", name(stage, key)), "firm"),
        pieces.Td(mends, "said"),
        *(found(state) for state in (None, "overdue", "closed")),
        *(_problems(stage, key, one, state) for state in _FOLLOWED),
    )


def _problems(stage: Stage, key: str, one: Followed | None, state: str) -> Markup:
    """How many problems of a gap; a dash where they cannot be read, or no gap is told."""
    if one is None:
        return h("span", "—", cls="missing")
    count = getattr(one, state)
    opens = stage.href("problems", about=f"gap.{key}", state=None if state == "repeated" else state)
    return pieces.number(stage, count, "entries", opens if count and state != "repeated" else "")


def _list(stage: Stage, sieve: str | None, key: str, state: str | None = None) -> str:
    return stage.href("sieves", part=sieve or "list", about=f"gap.{key}", state=state, page=1)


def _matrix(stage: Stage, found: Mapping[tuple[str, str | None], int]) -> list[Markup]:
    """Screenings by gaps: how many findings are of both, each opening them."""
    shades = dict(zip(found, classify(found.values(), make_breaks(found.values())), strict=True))
    shown = [key for key in gaps.every() if any(gap == _stored(key) for _, gap in found)]

    def cell(sieve: str, key: str) -> pieces.Td:
        count = found.get((sieve, _stored(key)), 0)
        if not count:
            return pieces.Td(h("span", "0", cls="muted"), "")
        link = pieces.number(stage, count, "entries", _list(stage, sieve, key))
        return pieces.Td(link, f"heat heat-{shades[sieve, _stored(key)]}")

    rows = [
        (label("sieve", sieve, stage.lang), *(cell(sieve, key) for key in shown))
        for sieve in SIEVES
        if any(each == sieve for each, _ in found)
    ]
    head = [stage.t("sieve"), *(name(stage, key) for key in shown)]
    table = pieces.table(head, rows, numeric=range(1, len(head)), cls="data tight places")
    heading = pieces.heading(stage.t("gaps_matrix"), stage.t("gaps_matrix_sub"))
    return [heading, h("div", table, cls="wide")]


def _stored(key: str) -> str | None:
    return None if key == gaps.NONE else key
