"""The address codec: a round trip, canonical, closed to what the viewer may not see."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from findings.asking import MINE
from findings.texts import SOURCES
from glossary import codes
from metrics.field_sources import fields_of
from metrics.filters import STATES
from metrics.funds import which
from metrics.quality import CHANGES
from metrics.selections import selection
from metrics.subjects import SUBJECTS
from rules.checks import SEVERITIES
from rules.stress import SHOCKS
from sampling.designs import KINDS, MOST, MOST_VILLAGES, SHARES
from tests.metrics.asking import wheres
from views.context import address, mending
from views.context.address import SCALES, Query
from views.context.pages_check import LEDGER_SORTS
from views.context.sitemap import BY_KEY, BY_PATH, PAGES
from views.context.versions import VERSION
from views.context.view import Amount, Bounds, Draft, Fallen, View, clashes

PLACES = ("611025101", "611025101200")
FIELDS = fields_of(codes(), {}, PLACES, date(2025, 12, 31))
BOUNDS = Bounds(
    root="611025",
    places=frozenset({"611025", "611025101", "611025101200"}),
    years=tuple(range(2014, 2026)),
    snapshots=(1, 2, 3),
    current=3,
    indicators=frozenset({"poverty_rate", "poor_people", ""}),
    groups=("income_drop", "borderline"),
    checks=("village_road", "member_post_old"),
    rules=("exit_income", "village_rate"),
    thresholds=("poverty_line_yuan", "income_drop_percent"),
    parts=("able", "weak"),
    sorts=LEDGER_SORTS,
    rulebook="fedcba987654",
    fields=FIELDS,
    columns=("village_code", *FIELDS.columns),
    searches={"~0123456789ab": "张三", "~ba9876543210": "61102519900101123X"},
    zones=("Z1", "Z1-01"),
)
_ALL = tuple(View.__dataclass_fields__)


def _amount(key: str) -> st.SearchStrategy[Amount]:
    most = 100 if key.endswith("percent") else 9_999_999
    size = st.one_of(st.integers(0, most), st.integers(0, 400).map(lambda n: n / 4))
    return size.map(lambda given: Amount(key, float(given)))


def _amounts(keys: Collection[str]) -> st.SearchStrategy[Amount | None]:
    return st.one_of(st.none(), st.sampled_from(sorted(keys)).flatmap(_amount))


VIEWS = st.builds(
    View,
    region=st.sampled_from(sorted(BOUNDS.places)),
    zone=st.sampled_from([None, "Z1", "Z1-01"]),
    year=st.sampled_from(BOUNDS.years),
    snapshot=st.sampled_from(BOUNDS.snapshots),
    indicator=st.sampled_from(["poverty_rate", "poor_people"]),
    level=st.sampled_from(["village", "township"]),
    scale=st.sampled_from(SCALES),
    compare=st.lists(st.sampled_from(sorted(BOUNDS.places)), unique=True, max_size=3).map(tuple),
    group=st.sampled_from([None, "income_drop", "income_drop.borderline", "only.borderline"]),
    select=st.sampled_from([None, selection("rule.exit_income.missed")]),
    where=wheres(FIELDS),
    state=st.sampled_from([None, *STATES]),
    ledger=st.sampled_from([None, "income_drop", "borderline"]),
    by=st.sampled_from(SUBJECTS),
    q=st.one_of(
        st.sampled_from(["", *BOUNDS.searches.values()]),
        st.from_regex(r"H?[0-9]{1,7}", fullmatch=True),
    ),
    page=st.integers(1, 999),
    sort=st.sampled_from([*LEDGER_SORTS, *(f"-{s}" for s in LEDGER_SORTS)]),
    facet=st.sampled_from([None, *FIELDS]),
    cols=st.lists(st.sampled_from(["village_code", *FIELDS.columns]), unique=True, max_size=4).map(
        tuple
    ),
    pick=st.lists(st.sampled_from(["H01", "H02", "6110250001"]), unique=True).map(tuple),
    id=st.sampled_from([None, "H01", "6110250001"]),
    fund=st.sampled_from(
        [None, which("central"), which("county.subsidy.idle"), which("livelihood.units")]
    ),
    kind=st.sampled_from(address.KINDS),
    reason=st.sampled_from([None, "missing", "identity_check"]),
    file=st.one_of(st.none(), st.text("名单.xlsx &=%#+/?", min_size=1, max_size=12)),
    check=st.sampled_from([None, *BOUNDS.checks]),
    severity=st.sampled_from([None, *SEVERITIES]),
    change=st.sampled_from([None, *CHANGES]),
    against=st.sampled_from([None, *BOUNDS.snapshots]),
    since=st.sampled_from([None, *BOUNDS.years]),
    beside=st.one_of(
        st.none(),
        st.tuples(st.sampled_from(sorted(BOUNDS.places)), st.sampled_from(BOUNDS.years)),
    ),
    part=st.sampled_from([None, "able", "weak"]),
    rule=st.sampled_from([None, *BOUNDS.rules]),
    asof=st.sampled_from(address.AS_OF),
    what=_amounts(BOUNDS.thresholds),
    shock=_amounts(SHOCKS),
    unit=st.sampled_from([None, "0123abcd", "3fa9c1d2"]),
    source=st.sampled_from([None, *SOURCES]),
    about=st.sampled_from([None, "other", "rule.exit_income", "sieve.water"]),
    mine=st.sampled_from([None, *MINE]),
    finding=st.one_of(st.none(), st.integers(1, 99_999)),
    draft=st.one_of(
        st.none(),
        st.builds(
            Draft,
            st.sampled_from(["rule.exit_income", "check.member_post_old", "other"]),
            st.sampled_from(["H01", "6110250001"]),
            st.one_of(st.none(), st.integers(1, 20)),
        ),
        st.builds(
            Draft,
            st.sampled_from(["check.project_split", "other"]),
            st.just(""),
            project=st.sampled_from(["P1", "61102520240001"]),
        ),
        st.builds(
            Draft,
            st.sampled_from(["check.asset_unused", "check.village_road"]),
            st.just(""),
            subject=st.sampled_from(["ZC61102500125", "611025001201"]),
        ),
    ),
    design=st.sampled_from(KINDS),
    share=st.sampled_from(SHARES),
    size=st.integers(1, MOST),
    villages=st.integers(2, MOST_VILLAGES),
    asks=st.lists(st.sampled_from([*BOUNDS.rules]), unique=True, max_size=3).map(tuple),
    sample=st.one_of(st.none(), st.integers(1, 99_999)),
    seed=st.one_of(st.none(), st.integers(0, 10**12 - 1)),
    project=st.sampled_from([None, "P1", "61102520240001"]),
    meeting=st.one_of(st.none(), st.integers(1, 99_999)),
    item=st.one_of(st.none(), st.integers(0, 41)),
    rules=st.sampled_from([BOUNDS.rulebook, "0123456789ab"]),
    link=st.sampled_from([None, "abcdefgh23"]),
    v=st.just(VERSION),
    lang=st.sampled_from(["zh", "en"]),
)


@given(VIEWS)
def test_a_view_survives_its_address(view: View) -> None:
    text = address.href("ledgers", address.query(view, BOUNDS, _ALL))
    again, fallen = address.parse(dict(parse_qsl(text.partition("?")[2])), BOUNDS)
    assert (again, fallen) == (view, [])


@given(VIEWS)
def test_the_address_is_canonical(view: View) -> None:
    found = address.query(view, BOUNDS, _ALL)
    again, _ = address.parse(found, BOUNDS)
    assert address.query(again, BOUNDS, _ALL) == found
    assert list(found) == [key for key in _ALL if key in found]


@given(st.dictionaries(st.sampled_from([*_ALL, "nonsense"]), st.text(max_size=30)))
def test_no_address_whatever_raises_or_reaches_out(query: dict[str, str]) -> None:
    view, fallen = address.parse(query, BOUNDS)
    assert view.region in BOUNDS.places
    assert set(view.compare) <= set(BOUNDS.places)
    assert view.year in BOUNDS.years and view.snapshot in BOUNDS.snapshots
    assert view.page >= 1 and view.sort.removeprefix("-") in LEDGER_SORTS
    assert {f.key for f in fallen} <= set(query)


@pytest.mark.parametrize(
    ("key", "bad"),
    [
        ("region", "433125"),
        ("region", "611025101%"),
        ("kind", "deleted"),
        ("check", "village_luck"),
        ("severity", "fatal"),
        ("change", "lost"),
        ("against", "9"),
        ("against", "-1"),
        ("reason", "a;b"),
        ("reason", ""),
        ("file", "a\nb"),
        ("year", "2031"),
        ("year", "02015"),
        ("year", "٢٠١٥"),
        ("snapshot", "9"),
        ("indicator", "poverty"),
        ("level", "county"),
        ("scale", "county"),
        ("compare", "611025.433125"),
        ("group", "rich"),
        ("group", "only"),
        ("group", "only.rich"),
        ("group", "only.borderline.income_drop"),
        ("group", "borderline.income_drop"),
        ("state", "lost"),
        ("page", "0"),
        ("page", "-1"),
        ("sort", "head_name"),
        ("sort", "--member_count"),
        ("unit", "县水利局"),
        ("unit", "0123ABCD"),
        ("source", "rumour"),
        ("about", "rule.A"),
        ("mine", "yours"),
        ("finding", "0"),
        ("meeting", "0"),
        ("item", "-1"),
        ("draft", "rule.exit_income"),
        ("draft", "rule.exit_income.H01.0"),
        ("draft", "rule.exit_income.../x"),
        ("draft", "check.asset_unused.subject."),
        ("design", "luck"),
        ("share", "most"),
        ("size", "0"),
        ("size", "1001"),
        ("villages", "1"),
        ("asks", "exit_luck"),
        ("asks", ""),
        ("sample", "0"),
        ("seed", "0123"),
        ("seed", "1234567890123"),
        ("seed", "-1"),
        ("draft", "gossip.exit_income.H01"),
        ("id", "../x"),
        ("q", "1" * 41),
        ("select", "class.labour_class.weak.2099.weak"),
        ("lang", "fr"),
    ],
)
def test_a_bad_value_falls_back_and_says_so(key: str, bad: str) -> None:
    default, _ = address.parse({}, BOUNDS)
    view, fallen = address.parse({key: bad}, BOUNDS)
    assert view == default
    assert [(f.key, f.given) for f in fallen] == [(key, bad)]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_lists_every_key(name: str) -> None:
    text = (Path(__file__).parents[3] / name).read_text("utf-8")
    (listed,) = (p for p in text.split("\n\n") if p.startswith(("Query keys:", "网址参数:")))
    keys = re.findall(r"`([a-z]+)`", listed)
    assert [key for key in keys if key not in ("zh", "en")] == [f.name for f in fields(View)]


def test_defaults_are_left_out_and_pinned_for_sharing() -> None:
    view, _ = address.parse({}, BOUNDS)
    assert address.query(view, BOUNDS, _ALL) == {}
    pinned = address.query(view, BOUNDS, {*BY_KEY["household"].keys, "v"}, pinned=True)
    told = {"year": "2025", "snapshot": "3", "rules": BOUNDS.rulebook, "v": str(VERSION)}
    assert pinned == told, "of a household's own file the place makes no difference"
    for page in ("overview", "funds"):  # of the page of funds ``id`` is a line of one
        place = address.query(view, BOUNDS, {*BY_KEY[page].keys, "v"}, pinned=True)
        assert place == {"region": BOUNDS.root, **told}, "whoever opens it may begin elsewhere"


def test_keys_of_other_pages_are_kept_out() -> None:
    view, _ = address.parse({"q": "张三", "page": "3"}, BOUNDS)
    assert address.query(view, BOUNDS, BY_KEY["map"].keys) == {}


def test_a_change_of_filter_goes_back_to_the_first_page() -> None:
    view, _ = address.parse({"page": "7"}, BOUNDS)
    assert view.but(group="borderline").page == 1
    assert view.but(sort="-member_count").page == 7
    assert view.but(page=8).page == 8


def test_every_page_has_a_file_a_path_of_its_own_and_known_keys() -> None:
    assert len({p.path for p in PAGES}) == len(PAGES)
    for page in PAGES:
        assert set(page.keys) <= set(_ALL)


def test_another_end_of_a_comparison_leaves_the_part_listed() -> None:
    view, _ = address.parse({"part": "able", "page": "3"}, BOUNDS)
    assert (view.but(against=2).part, view.but(against=2).page) == (None, 1)
    assert view.but(since=2019).part == "able"


@pytest.mark.parametrize("text", ["percent.101", "percent.999", "percent.-1", "person_yuan.1e9"])
def test_a_shock_beyond_all_is_refused(text: str) -> None:
    view, fallen = address.parse({"shock": text}, BOUNDS)
    assert view.shock is None and [f.key for f in fallen] == ["shock"]


def test_a_page_opens_with_its_own_year_where_that_is_held() -> None:
    for first, opened in ((2020, 2020), (None, 2025), (1999, 2025)):
        bounds = replace(BOUNDS, year=first)
        view, _ = address.parse({}, bounds)
        assert view.year == opened
        assert address.query(view, bounds, _ALL) == {}
        assert address.query(view, bounds, _ALL, pinned=True)["year"] == str(opened)
        asked, _ = address.parse({"year": "2025"}, bounds)
        assert asked.year == 2025


_MARKS = ("。", "，", "）", "》", " ", "\u200b", ".", ",", ")", "」", "；")
_TAILS = st.sampled_from(_MARKS)
_UNSAID = ("q", "file")  # free texts: another text is another search, and is shown as it is


def _read(pairs: list[tuple[str, str]]) -> tuple[View, list[Fallen]]:
    given: dict[str, list[str]] = {}
    for key, value in pairs:
        given.setdefault(key, []).append(value)
    return address.parse(given, BOUNDS)


def _pairs(view: View) -> list[tuple[str, str]]:
    return list(address.query(view, BOUNDS, _ALL).items())


@given(VIEWS, _TAILS, st.integers(1, 3))
def test_marks_behind_an_address_are_seen_through(view: View, tail: str, times: int) -> None:
    view = replace(view, file=None)
    pairs = _pairs(view)
    if pairs:
        key, value = pairs[-1]
        again, fallen = _read([*pairs[:-1], (key, value + tail * times)])
        assert again == view and not fallen


@given(VIEWS, st.integers(1, 2), st.booleans())
def test_an_address_that_was_escaped_again_is_the_same_view(
    view: View, times: int, whole: bool
) -> None:
    view = replace(view, file=None, compare=())
    query = urlencode(address.query(view, BOUNDS, _ALL))
    for _ in range(times):
        query = quote(query, safe="" if whole else "=&")
    again, fallen = _read(parse_qsl(query, keep_blank_values=True))
    assert again == view and not fallen


@given(VIEWS)
def test_keys_in_capitals_or_behind_an_ampersand_in_words_are_read(view: View) -> None:
    view = replace(view, file=None)
    for change in (str.upper, str.title, lambda key: f"amp;{key}", lambda key: f"amp;amp;{key}"):
        again, fallen = _read([(change(key), value) for key, value in _pairs(view)])
        assert again == view and not fallen


@given(VIEWS, st.data())
def test_a_key_that_is_misspelt_is_told(view: View, data: st.DataObject) -> None:
    pairs = _pairs(replace(view, file=None))
    if not pairs:
        return
    at = data.draw(st.integers(0, len(pairs) - 1))
    key, value = pairs[at]
    wrong = data.draw(st.sampled_from([key[:-1], f"{key}x", key[::-1], f"x{key}"]))
    _, fallen = _read([*pairs[:at], (wrong, value), *pairs[at + 1 :]])
    assert wrong in _ALL or "unknown" in {one.why for one in fallen}


@given(VIEWS, VIEWS)
def test_keys_given_twice_never_widen(one: View, other: View) -> None:
    """Either both say the same, or there is no view."""
    first, second = _pairs(replace(one, file=None)), _pairs(replace(other, file=None))
    again, fallen = _read([*first, *second])
    twice = {key for key, value in first if dict(second).get(key, value) != value}
    assert twice == {one.key for one in fallen if one.why == "twice"}
    assert all(one.stops for one in fallen)
    if not fallen:
        assert again == _read(list({**dict(first), **dict(second)}.items()))[0]


@given(
    VIEWS,
    st.data(),
    st.text(st.characters(categories=("L", "N", "P", "S")), min_size=1, max_size=3),
)
def test_any_other_change_of_a_value_is_another_value_or_told(
    view: View, data: st.DataObject, text: str
) -> None:
    pairs = [pair for pair in _pairs(view) if pair[0] not in _UNSAID]
    if not pairs:
        return
    at = data.draw(st.integers(0, len(pairs) - 1))
    key, value = pairs[at]
    cut = data.draw(st.integers(0, len(value)))
    changed = value[:cut] + text + value[cut:]
    again, fallen = _read([*pairs[:at], (key, changed), *pairs[at + 1 :]])
    seen = dict(_pairs(again)).get(key)
    assert fallen or seen in (value, changed, None)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"region": ["611025101", "611025"]}, "twice"),
        ({"region": "433125"}, "bad"),
        ({"Regio": "611025101"}, "unknown"),
        ({"from": "singlemessage"}, "unknown"),
        ({"year": ["2018", "2018"]}, None),
        ({"year": ["2018", "2019"]}, "twice"),
        ({"region=611025101&year=2018": ""}, None),
        ({"year": "2018&region=611025101"}, None),
    ],
)
def test_what_chat_programs_make_of_links(given: Query, why: str | None) -> None:
    view, fallen = address.parse(given, BOUNDS)
    assert [one.why for one in fallen] == ([why] if why else [])
    assert not fallen or view == address.parse({}, BOUNDS)[0]


def test_a_key_of_another_page_is_told() -> None:
    view, (fallen,) = address.parse({"group": "borderline"}, BOUNDS, BY_KEY["map"].keys)
    assert (fallen.key, fallen.why, view.group) == ("group", "foreign", None)
    assert not fallen.stops


def test_what_does_not_go_together_is_told() -> None:
    view, _ = address.parse({"by": "member", "year": "2018", "since": "2019"}, BOUNDS)
    assert {(one.key, one.other) for one in clashes(view, BOUNDS)} == {
        ("by", "year=2018"), ("since", "year=2018")
    }  # fmt: skip
    view, _ = address.parse({"by": "entry", "state": "missing"}, BOUNDS)
    assert [one.key for one in clashes(view, BOUNDS)] == ["by"]


@pytest.mark.parametrize(
    ("path", "query", "leads"),
    [
        ("map", "year=2018", None),
        ("Map", "year=2018", "map?year=2018"),
        ("map/", "", "map"),
        ("map。", "", "map"),
        ("risk_groups", "", "risk-groups"),
        ("map?year=2018", "", "map?year=2018"),
        ("map%3Fyear%3D2018", "region=611025101", "map?year=2018&region=611025101"),
        ("map%253Fyear%253D2018", "", "map?year=2018"),
        ("?year=2018", "", "?year=2018"),
        ("nonsense", "", None),
        ("", "", None),
    ],
)
def test_a_path_leads_to_the_page_that_was_meant(path: str, query: str, leads: str | None) -> None:
    assert mending.moved(path, query, BY_PATH) == leads


def test_below_a_path_of_its_own_every_address_begins_with_it(monkeypatch) -> None:
    monkeypatch.setattr(address, "base", lambda: "/taizhang")
    assert address.href("map", {"year": "2018"}) == "/taizhang/map?year=2018"
    assert address.href("", {}) == "/taizhang/"
