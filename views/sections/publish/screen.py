"""The first screen: what is due, what was not kept, and each list with its duty and state."""

from __future__ import annotations

from collections.abc import Sequence

from metrics import disclosure, notices
from metrics.disclosure import FUNDS, LISTS, MADE_OF, MONITORING, Notices
from metrics.notices import COMPARED, OF_FUNDS, STATES
from views.browser import components
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces, tabs, threshold_sources

PLACES, OBJECTIONS = "places", "objections"
_PARTS: dict[str | None, str] = {
    None: "part_lists",
    PLACES: "part_notice_places",
    OBJECTIONS: "part_objections",
    **{key: f"disclosed_{key}" for key in LISTS},
}
# Lists of which a board of another place is no state: their own source does not say it.
_NO_BOARD = (MONITORING, FUNDS)


def look(stage: Stage) -> list[Notices]:
    """Every list of the place and year shown."""
    return disclosure.overview(
        stage.reader, stage.county.parameters, stage.view.region, stage.view.year
    )


def headline(stage: Stage, found: Sequence[Notices]) -> None:
    """How many notices are due and how many failed; the lists as parts."""
    told = {state: f"{disclosure.in_all(found, state):,}" for state in STATES}
    title = stage.t("publish_finding", place=stage.place.name, year=stage.view.year, **told)
    silent = [stage.t(f"disclosed_{one.key}") for one in found if not one.states]
    sub = stage.t("publish_sub", date=stage.county.data_date)
    if silent:
        sub += stage.t("publish_silent", lists=stage.t("rule_comma").join(silent))
    part = stage.view.part or None
    shown = part.removeprefix("made_").removeprefix("own_") if part else None
    nav = tabs.row(stage, _PARTS, shown, page=1, state=None)
    components.paper(h("section", h("h1", title), h("p", sub, cls="sub"), nav), key="headline")


def lists(stage: Stage, found: Sequence[Notices]) -> None:
    """A row a list: where and how long it hangs, its rows, and what became of their notices."""
    keys = ("disclosed", "disclosed_where", "disclosed_days", "disclosed_rows", "notice_owed",
            "notice_made")  # fmt: skip
    head = [*map(stage.t, keys), *(stage.t(f"notice_{state}") for state in STATES)]
    rows = [_row(stage, one) for one in found]
    html = h(
        "section",
        pieces.heading(stage.t("publish_lists"), stage.t("publish_lists_sub")),
        h("div", pieces.table(head, rows, numeric=range(2, len(head)), cls="data tight"),
          cls="wide"),
        _compared(stage),
    )  # fmt: skip
    components.paper(html, key="lists")


def _compared(stage: Stage) -> Markup:
    """Where the books of notices and another file both speak, and how often they differ."""
    told = notices.compared(stage.reader, stage.view.region)
    if not told["both"]:
        return h("p", stage.t("publish_not_compared"), cls="sub")
    said = stage.t("publish_compared", both=f"{told['both']:,}")
    every = [
        h("span", stage.named(stage.county.checks[key]), " ",
          pieces.number(stage, told[key], "entries", stage.href("quality", check=key)
                        if told[key] else ""))
        for key in COMPARED
    ]  # fmt: skip
    return h(
        "p",
        said,
        *(part for one in every for part in ("; " if stage.lang == "en" else ";", one)),
        cls="sub",
    )


def _row(stage: Stage, one: Notices) -> tuple[object, ...]:
    if one.days is None:
        days: Markup | str = h("span", stage.t("unknown"), cls="missing")
    else:
        days = pieces.number(stage, one.days, "days")
    opens = stage.href("publish", part=one.key, page=1, state=None) if one.rows else ""
    standing = one.standing
    sums = (standing.owed, standing.made) if standing else (None, None)
    return (
        pieces.Td(h("b", stage.t(f"disclosed_{one.key}")), "firm"),
        stage.t(f"disclosed_where_{one.key}"),
        days,
        pieces.number(stage, one.rows, "entries", opens),
        *(_number(stage, one.key, name, n)
          for name, n in zip(("owed", "made"), sums, strict=True)),
        *(_number(stage, one.key, state, one.states.get(state)) for state in STATES),
    )  # fmt: skip


def _number(stage: Stage, key: str, state: str, count: int | None) -> Markup:
    """How many are in a state; a dash for a list of which no file tells, and for what its own
    source does not say."""
    if count is None:
        return h("span", "—", cls="missing", title=stage.t("notice_no_file"))
    if state == "elsewhere" and key in _NO_BOARD:
        return h("span", "—", cls="missing", title=stage.t("notice_no_board"))
    return pieces.number(stage, count, "entries", opens(stage, key, state) if count else "")


def opens(stage: Stage, key: str, state: str, region: str | None = None) -> str:
    """What stands behind a number of a list and state: households, lines, or notices."""
    place = region or stage.view.region
    if key == MONITORING:
        return stage.selected("notice", state, region=place)
    if key == FUNDS and state in OF_FUNDS and region is None:
        return stage.href("funds", part="publication", check=OF_FUNDS[state])
    assert key in MADE_OF
    return stage.href("publish", part=f"made_{key}", state=state, page=1, region=place)


def sources(stage: Stage) -> None:
    """How many days each list hangs, and the document that says so."""
    parameters = stage.county.parameters
    lines = [
        h("li", h("b", stage.t(f"disclosed_{key}")), " ",
          threshold_sources.threshold(stage, parameters[disclosure.DAYS[key]], stage.view.year))
        for key in LISTS
    ]  # fmt: skip
    html = pieces.folded(stage.t("publish_sources"), "", h("ul", *lines))
    components.paper(html, key="sources")
