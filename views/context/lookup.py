"""What a few letters mean: a place, page, indicator, rule, saved view or household.

Found by name in either language, by code, by pinyin and its initials. Nobody is found by name here:
that is a right of its own, counted, on ``/ledgers``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qs

from access.identity import Guest
from glossary import LANGUAGES, label, term
from metrics.county import County, Place
from metrics.lists import codes_from
from rules.registry import rules
from store.folding import compact
from store.romanised import initials, spelt
from store.snapshots import NoSnapshot, SnapshotDamaged
from views.context import address, keeping, possible, searching, sitemap, values, visitor
from views.context.counties import county, home
from views.context.page_spec import PageSpec
from views.context.stage import Stage, staged
from views.context.zoned import narrows

Kind = Literal["household", "place", "zone", "page", "saved", "indicator", "rule"]
KINDS: tuple[Kind, ...] = ("household", "place", "zone", "page", "saved", "indicator", "rule")
MOST = 8  # shown at a time
_HOUSEHOLDS = 4  # of these
LONGEST = 40
_FEWEST = 3  # characters of a household's number that name few enough


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be gone to: what it is called, and what else it is found by.

    ``key`` is a code or the key of what is declared; ``names`` are folded, ``letters`` the pinyin
    of its Chinese names and the initials.
    """

    kind: Kind
    key: str
    label: dict[str, str]
    names: tuple[str, ...]
    letters: tuple[str, ...]

    def rank(self, text: str) -> int | None:
        """How well a folded text names it, 0 best; None for not at all."""
        if text == self.key or text in self.names:
            return 0
        if self.key.startswith(text) and text.isdigit():
            return 1
        if any(name.startswith(text) for name in self.names):
            return 1
        if any(one.startswith(text) for one in self.letters):
            return 2
        within = len(text) > 1 or not text.isascii()  # one letter stands in nearly every name
        return 3 if within and any(text in name for name in self.names) else None


def found(guest: Guest, text: str, path: str, query: str) -> list[dict[str, str]]:
    """What a text means for who asks, over the view of a page: ``kind`` and ``label`` in its
    language, ``note`` to tell it from others, and the ``href``; the best first."""
    word = _folded(text)
    if not word:
        return []
    inside = path.removeprefix(address.base()).strip("/")
    try:
        stage = _over(guest, sitemap.BY_PATH.get(inside, sitemap.BY_PATH[""]), query)
    except (NoSnapshot, SnapshotDamaged):
        return []
    hits = [
        (rank, n, one) for n, one in enumerate(_all(stage)) if (rank := one.rank(word)) is not None
    ]
    best = sorted(hits, key=lambda hit: (hit[0], KINDS.index(hit[2].kind), hit[1]))
    told = [*_households(stage, text), *(_told(stage, one, word) for _, _, one in best[:MOST])]
    return told[:MOST]


def _folded(text: str) -> str:
    return compact(text[:LONGEST]).lower()


def _over(guest: Guest, spec: PageSpec, query: str) -> Stage:
    """The stage of the view that the box was opened over, without anything of its session."""
    given, place = parse_qs(query.lstrip("?")), home()
    meant = address.meant(given, "snapshot", values.is_whole)
    number = int(meant[0]) if len(meant) == 1 else None
    opened = county(number if number in place.numbers() else None)
    viewer = visitor.viewer_of(guest, opened.code, opened.simulated, opened.zones)
    return staged(spec, given, opened, viewer, possible.bounds(opened, viewer, spec))


def _all(stage: Stage) -> Iterator[Entry]:
    """All that this viewer can go to, but households."""
    pages = {spec.key for spec in sitemap.menu(stage.viewer)}
    for one in stage.county.kept("lookup", lambda: tuple(_fixed(stage.county))):
        if one.kind == "place":
            if stage.scope.codes and one.key in stage.bounds.places:
                yield one
        elif one.kind == "zone":
            if one.key in stage.bounds.zones:
                yield one
        elif _PAGE_OF.get(one.kind, one.key) in pages:
            yield one
    for saved in keeping.menu(stage):
        yield _entry("saved", saved.href, dict.fromkeys(LANGUAGES, saved.view.title))


# Where one of a kind is shown; a page is shown by itself.
_PAGE_OF: dict[Kind, str] = {"indicator": "trends", "rule": "definitions"}


def _fixed(opened: County) -> Iterator[Entry]:
    """Places, pages, indicators and rules: the same for everybody until they are asked for."""
    for place in opened.places.values():
        names = (place.name, place.short_name, place.official_name)
        yield _entry("place", place.code, dict.fromkeys(LANGUAGES, place.short_name), names)
    for zone in opened.zones.values():
        if not zone.by_group:
            called = [*dict.fromkeys(zone.names.values()), zone.code]
            yield _entry("zone", zone.code, dict.fromkeys(LANGUAGES, called[0]), called)
    for spec in sitemap.PAGES:
        if not spec.hidden:
            yield _entry("page", spec.key, {lang: term(spec.title, lang) for lang in LANGUAGES})
    for key, indicator in opened.indicators.items():
        yield _entry("indicator", key, {"zh": indicator.zh, "en": indicator.en})
    for key, rule in rules().items():
        yield _entry("rule", key, {"zh": rule.zh, "en": rule.en})


def _entry(kind: Kind, key: str, label: dict[str, str], further: Iterable[str] = ()) -> Entry:
    names = dict.fromkeys(_folded(name) for name in (*label.values(), *further))
    letters = dict.fromkeys(
        each for name in names if not name.isascii() for each in (*initials(name), *spelt(name))
    )
    return Entry(kind, key, label, tuple(names), tuple(letters))


def _told(stage: Stage, one: Entry, word: str) -> dict[str, str]:
    note, href = "", one.key
    if one.kind == "place":
        place = stage.county.places[one.key]
        note, href = _within(stage, place, word), _place(stage, place)
    elif one.kind == "zone":
        return _zone(stage, one.key)
    elif one.kind == "page":
        href = stage.menu(one.key)
    elif one.kind == "indicator":
        href = stage.href("trends", indicator=one.key)
    elif one.kind == "rule":
        href = stage.href("definitions", rule=one.key)
    return _line(stage, one.kind, one.label[stage.lang], note, href)


def _line(stage: Stage, kind: Kind, label: str, note: str, href: str) -> dict[str, str]:
    return {"kind": stage.t(f"lookup_{kind}"), "label": label, "note": note, "href": href}


def _within(stage: Stage, place: Place, word: str) -> str:
    """The township of a village, as names repeat; the code to whoever types one."""
    parent = stage.name(place.parent) if place.level == "village" and place.parent else ""
    return " ".join(filter(None, (parent, place.code if word.isdigit() else "")))


def _place(stage: Stage, place: Place) -> str:
    """A village's own page; of a wider place the page shown, where it follows places."""
    if place.level == "village":
        return stage.href("village", region=place.code)
    here = stage.spec
    follows = "region" in here.keys and not here.hidden
    return stage.href(here.key if follows else "overview", region=place.code)


def _zone(stage: Stage, code: str) -> dict[str, str]:
    """A zone or grid on the page shown, where that is one that zones narrow."""
    zone = stage.county.zones[code]
    page = stage.spec.key if narrows(stage.spec) and not stage.spec.hidden else "zones"
    href = stage.href(page, zone=code, region=stage.bounds.root)
    note = f"{label('zone_level', zone.level, stage.lang)} {code}"
    return _line(stage, "zone", zone.name(stage.wide.scope), note, href)


def _households(stage: Stage, text: str) -> Iterator[dict[str, str]]:
    """Households whose number begins so, of whom nothing is told but the village."""
    start = compact(text[:LONGEST]).upper()
    if len(start) < _FEWEST or searching.is_private(start):
        return
    if not sitemap.BY_KEY["household"].opens_to(stage.viewer):
        return
    for row in codes_from(stage.reader, stage.newest, start, _HOUSEHOLDS):
        href = stage.href("household", id=row["household_id"])
        note = stage.name(row["village_code"])
        yield _line(stage, "household", row["household_id"], note, href)
