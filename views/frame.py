"""What stands around every page: masthead, notices, and what to do when nothing is there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from glossary import LANGUAGES, Lang, term
from metrics.county import Place
from store.retention import removed
from store.settings import setting
from store.snapshots import SnapshotDamaged
from views import entrance
from views.browser import markup
from views.browser.components import go, lookup, paper, surroundings
from views.browser.markup import Markup, h, join
from views.browser.notices import notice
from views.context import (
    address,
    choice_bar,
    keeping,
    page_keys,
    searching,
    sitemap,
    where,
    witness,
)
from views.context.address import KEYS, Query
from views.context.address import meant as meant_by
from views.context.desk import Desk
from views.context.page_spec import PageSpec
from views.context.refusal import Refusal, refusal_of
from views.context.stage import Stage, asked
from views.context.values import is_whole
from views.context.view import Fallen
from views.context.workplaces import grouped, workplaces
from views.parts import share, unrecorded
from views.parts.pieces import link
from views.scenes.bar import bar
from views.sections.data import snapshots, uploads

_NO_PAGE = PageSpec("refused", "", "refused", ("lang",), hidden=True)  # no page of the list
_MOST_KEPT = 12  # saved views in the menu; its page lists all
_MOST_SAID = 40  # characters of a value that an address may hold


def language(given: Query) -> Lang:
    """The language asked for, before anything else is known; Chinese if it is not one of ours."""
    meant = meant_by(given, "lang", LANGUAGES.__contains__)
    return next((known for known in LANGUAGES if meant == [known]), "zh")


def head(stage: Stage) -> None:
    """What stays in sight of every page: the menu, and which page this is of what."""
    with st.container(key="top", gap=None):
        _menu_row(stage)
        _masthead_row(stage)


def menu(stage: Stage) -> Markup:
    """Every page that the viewer may use by workplace, theirs laid open and the others folded, the
    page shown marked; each keeps the place, the year and so on chosen here. At its end the box that
    goes to whatever a few letters name."""
    found = list(workplaces(stage.viewer).items())
    return h(
        "nav",
        *(_workplace(stage, name, pages) for name, pages in found[:1]),
        *(_folded(stage, name, pages) for name, pages in found[1:]),
        h("button", stage.t("lookup_open"), h("kbd", "Ctrl+K"), type="button", data_lookup=True),
        cls="menu",
        aria_label=stage.t("menu"),
    )


def _menu_row(stage: Stage) -> None:
    """The menu, and what its search box asks."""
    paper(menu(stage), key="menu")
    words = {key: stage.t(f"lookup_{key}") for key in ("label", "hint", "none", "failed")}
    lookup(f"{address.base()}/lookup", words)


def _workplace(stage: Stage, name: str, pages: Sequence[PageSpec]) -> Markup:
    """A workplace laid open in one line: its pages, those under a heading folded under it."""
    here = _shown_under(stage) in pages
    label = h("span", stage.t(name), cls="workplace", aria_current="true" if here else None)
    first, *headed = grouped(pages)
    folded = (_fold(stage, of, [_entry(stage, spec) for spec in found], found)
              for of, found in headed)  # fmt: skip
    return join(label, *(_entry(stage, spec) for spec in first[1]), *folded)


def _folded(stage: Stage, name: str, pages: Sequence[PageSpec]) -> Markup:
    """A workplace that opens at a click, each of its headings over its own pages."""
    first, *headed = grouped(pages)
    links = [_entry(stage, spec) for spec in first[1]]
    if name == page_keys.SAVED:
        kept = keeping.menu(stage)[:_MOST_KEPT]
        links = [*(link(one.href, one.view.title) for one in kept), *links]
    links += [_under(stage, of, found) for of, found in headed]
    return _fold(stage, name, links, pages, "headed" if headed else None)


def _fold(
    stage: Stage, name: str, links: list[Markup], pages: Sequence[PageSpec], cls: str | None = None
) -> Markup:
    here = _shown_under(stage) in pages
    label = h("summary", stage.t(name), aria_current="true" if here else None)
    return h("details", label, h("div", *links, cls=cls), name="menu")


def _under(stage: Stage, of: str, pages: Sequence[PageSpec]) -> Markup:
    links = (_entry(stage, spec) for spec in pages)
    return h("div", h("b", stage.t(of)), *links, role="group", aria_label=stage.t(of))


def _shown_under(stage: Stage) -> PageSpec:
    """The page that the menu marks: one that no menu names stands under another."""
    return sitemap.BY_KEY.get(stage.spec.under, stage.spec)


def _entry(stage: Stage, spec: PageSpec) -> Markup:
    shown = _shown_under(stage)
    current = None if spec != shown else "page" if spec == stage.spec else "true"
    return markup.link(stage.menu(spec.key), stage.t(spec.title), aria_current=current)


def _masthead_row(stage: Stage) -> None:
    row = st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key="masthead_row",
    )
    with row:
        paper(masthead(stage), key="masthead")
        choice_bar.language(stage)
        share.panel(stage)


def choices(stage: Stage) -> None:
    """The filter bar: our own on a page that is one scene, where a choice runs no more than it."""
    if stage.spec.scene:
        paper(bar(stage), key="bar")
    else:
        choice_bar.filter_bar(stage)


def masthead(stage: Stage) -> Markup:
    """County, page, place and year, data date, and what of the data is simulated: on every page."""
    county = stage.county.places[stage.county.code]
    about = [h("strong", where.page(stage), cls="page")]
    about += [h("span", part) for part in where.subject(stage)]
    handed_on = where.handed_on(stage)
    return h(
        "header",
        link(stage.menu("overview"), county.name, " ", stage.t("app_title"), cls="brand"),
        h("span", *about, cls="where"),
        h("span", f"{stage.t('data_date')} {stage.county.data_date}", cls="muted"),
        _simulated(stage),
        entrance.mark(stage.lang),
        h("span", handed_on, cls="sub") if handed_on else None,
        cls="masthead",
    )


def _simulated(stage: Stage) -> Markup | None:
    if not stage.simulated:
        return None
    note = "simulated_note" if stage.county.simulated == "all" else "simulated_part_note"
    return h("span", stage.simulated, cls="tag strong", title=stage.t(note))


def tell_fallen(stage: Stage) -> None:
    """Say which parts of the link could not be used, and why."""
    if stage.fallen:
        words = [_why(stage, fallen) for fallen in stage.fallen]
        notice(words, key="fallen")


def _why(stage: Stage, fallen: Fallen) -> str:
    """What could not be used of an address, in words."""
    number = int(fallen.given) if fallen.key == "against" and is_whole(fallen.given) else 0
    if number and (record := removed(stage.county.home, number)):
        return _gone(Desk.of(stage), number, record)
    stops = fallen.key in ("q", "where") and fallen.why == "bad"
    return stage.t(
        f"fallen_{fallen.key}" if stops else f"fallen_{fallen.why}",
        key=fallen.key,
        given=fallen.given[:_MOST_SAID],
        other=fallen.other,
    )


def instead(stage: Stage) -> None:
    """Of a link without a view: what may have been meant, to choose from."""
    key, stop = stage.spec.key, stage.stop
    assert stop is not None
    if stop.why == "twice":
        found = [
            (f"{stop.key}={one}", stage.href(key, **address.one(stop.key, one, stage.bounds)))
            for one in stop.choices
        ]
    elif stop.key == "where":
        found = [(stage.t("without_conditions"), stage.href(key, where=()))]
    else:
        found = [(stage.t("without_search"), stage.href(key, q=""))]
    links = (h("li", link(href, words)) for words, href in found)
    paper(h("ul", *links, cls="empty"), key="instead")


def cleaned(stage: Stage) -> str:
    """The address as it should stand in the bar; empty where it may stand as it came.

    One that was mended, or without a text that addresses do not hold.
    """
    given, here = asked(), stage.href(stage.spec.key)
    if not stage.fallen:
        return "" if set(KEYS).issuperset(given) else here
    left_out = any(one.why == "left_out" for one in stage.fallen)
    if not left_out or given.get("q") == [searching.MARK]:
        return ""
    return f"{here}{'&' if '?' in here else '?'}q={searching.MARK}"


def kept_from(stage: Stage) -> bool:
    """Whether the viewer is not shown what the address asks for; then what they see instead."""
    refusal = refusal_of(stage)
    if refusal is not None:
        _refused(stage, refusal)
        return True
    if address.is_file(stage.spec.keys) and not witness.household(stage):
        surroundings(stage.lang)
        head(stage)
        unrecorded.say(stage)
        return True
    return False


def _refused(stage: Stage, refusal: Refusal) -> None:
    """The one page for all that a viewer is not shown: it tells nothing of what was asked for."""
    fresh, _ = address.parse({"lang": stage.lang}, stage.bounds)
    blank = replace(stage, spec=_NO_PAGE, view=fresh, fallen=(), carried={})
    pages = sitemap.menu(stage.viewer)
    if stage.spec.path == "" and pages and stage.spec not in pages:
        go(blank.href(pages[0].key))  # they came to the program, and asked for nothing in it
        return
    if refusal.given:
        witness.refused(stage, refusal)
    if sitemap.BY_KEY["overview"] in pages:
        ways = [(p.name, blank.href("overview", region=p.code)) for p in _roots(stage)]
    else:
        ways = [(stage.t(spec.title), blank.href(spec.key)) for spec in pages]
    surroundings(stage.lang)
    with st.container(key="top", gap=None):
        _menu_row(blank)
        name = stage.county.places[stage.county.code].name
        brand = h("span", name, " ", stage.t("app_title"), cls="brand")
        paper(h("header", brand, cls="masthead"), key="masthead")
    hint = "zone_of_groups" if refusal.what == "grid" else "refused_hint"
    notice([stage.t(hint)], title=stage.t("refused"), key="refused")
    paper(h("ul", *(h("li", link(href, words)) for words, href in ways), cls="empty"), key="ways")


def _roots(stage: Stage) -> list[Place]:
    """The widest place that the viewer may see, and what lies in it."""
    places, root = stage.county.places, stage.bounds.root
    return [places[root], *stage.county.children(root, stage.scope)]


def absent(lang: Lang, number: int, path: str) -> None:
    """A link to a snapshot that is not there: say so, and show nothing of another in its place."""
    desk = Desk.bare(lang)
    surroundings(lang)
    if record := removed(desk.home, number):
        notice([_gone(desk, number, record)], key="absent")
    else:
        notice([desk.t("snapshot_unknown", number=number)], key="absent")
    if desk.current is not None:
        query = {k: v for k, v in st.query_params.items() if k in KEYS and k != "lang"}
        href = desk.href(path, **{**query, "snapshot": desk.current})
        paper(link(href, desk.t("use_current", number=desk.current)), key="to_current")


def _gone(desk: Desk, number: int, record: Mapping[str, Any]) -> str:
    """That a snapshot was removed: when, and which data date it had."""
    day, when = record.get("data_date") or "—", desk.when(record["at"])
    return desk.t("snapshot_removed", number=number, date=day, when=when)


def no_snapshot(lang: Lang, fault: Exception, path: str) -> None:
    """Nothing is loaded, or it is damaged: say so, and lead to the page where that is mended."""
    desk = Desk.bare(lang)
    surroundings(lang)
    if isinstance(fault, SnapshotDamaged):
        hint = desk.t("damaged_hint" if desk.viewer.loads else "damaged_ask")
        notice([hint], title=desk.t("damaged", number=desk.current), alert=True, key="damaged")
    else:
        hint = desk.t("not_loaded_hint" if desk.viewer.loads else "not_loaded_ask")
        notice([hint], title=desk.t("not_loaded"), key="not_loaded")
    if path == "data" and sitemap.BY_KEY["data"].opens_to(desk.viewer):
        uploads.panel(desk)
        snapshots.table(desk)
    elif desk.viewer.loads:
        paper(link(desk.href("data"), desk.t("to_data")), key="to_data")


def too_often(stage: Stage) -> None:
    """More was searched for than may be: say so, and show nothing that was not asked for."""
    surroundings(stage.lang)
    said = stage.t("searched_too_often", most=setting("TAIZHANG_SEARCHES_A_MINUTE"))
    notice([said], key="too_often")
    paper(link(stage.href("ledgers", q=""), stage.t("clear_filters")), key="to_list")


def broken(error: Exception) -> bool:
    """Say that something went wrong and what to do, in words; the log has the rest."""
    lang = language(asked())
    notice([term("broken_hint", lang)], title=term("broken", lang), alert=True, key="broken")
    return True
