"""The address codec: a round trip, canonical, closed to what the viewer may not see."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import fields, replace
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.filters import STATES
from metrics.quality import CHANGES
from metrics.selections import selection
from metrics.subjects import SUBJECTS
from rules.checks import SEVERITIES
from rules.stress import SHOCKS
from views.context import address
from views.context.address import Amount, Bounds, View
from views.context.sitemap import BY_KEY, LEDGER_SORTS, PAGES

_BOUNDS = Bounds(
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
)
_ALL = tuple(View.__dataclass_fields__)


def _amount(key: str) -> st.SearchStrategy[Amount]:
    most = 100 if key.endswith("percent") else 9_999_999
    size = st.one_of(st.integers(0, most), st.integers(0, 400).map(lambda n: n / 4))
    return size.map(lambda given: Amount(key, float(given)))


def _amounts(keys: Collection[str]) -> st.SearchStrategy[Amount | None]:
    return st.one_of(st.none(), st.sampled_from(sorted(keys)).flatmap(_amount))


_VIEWS = st.builds(
    View,
    region=st.sampled_from(sorted(_BOUNDS.places)),
    year=st.sampled_from(_BOUNDS.years),
    snapshot=st.sampled_from(_BOUNDS.snapshots),
    indicator=st.sampled_from(["poverty_rate", "poor_people"]),
    level=st.sampled_from(["village", "township"]),
    compare=st.lists(st.sampled_from(sorted(_BOUNDS.places)), unique=True, max_size=3).map(tuple),
    group=st.sampled_from([None, "income_drop", "income_drop.borderline", "only.borderline"]),
    select=st.sampled_from([None, selection("rule.exit_income.missed")]),
    state=st.sampled_from([None, *STATES]),
    ledger=st.sampled_from([None, "income_drop", "borderline"]),
    by=st.sampled_from(SUBJECTS),
    q=st.text("张三李 &=%#+/?0123", max_size=12).map(str.strip),
    page=st.integers(1, 999),
    sort=st.sampled_from([*LEDGER_SORTS, *(f"-{s}" for s in LEDGER_SORTS)]),
    id=st.sampled_from([None, "H01", "6110250001"]),
    kind=st.sampled_from(address.KINDS),
    reason=st.sampled_from([None, "missing", "identity_check"]),
    file=st.one_of(st.none(), st.text("名单.xlsx &=%#+/?", min_size=1, max_size=12)),
    check=st.sampled_from([None, *_BOUNDS.checks]),
    severity=st.sampled_from([None, *SEVERITIES]),
    change=st.sampled_from([None, *CHANGES]),
    against=st.sampled_from([None, *_BOUNDS.snapshots]),
    since=st.sampled_from([None, *_BOUNDS.years]),
    beside=st.one_of(
        st.none(),
        st.tuples(st.sampled_from(sorted(_BOUNDS.places)), st.sampled_from(_BOUNDS.years)),
    ),
    part=st.sampled_from([None, "able", "weak"]),
    rule=st.sampled_from([None, *_BOUNDS.rules]),
    asof=st.sampled_from(address.AS_OF),
    what=_amounts(_BOUNDS.thresholds),
    shock=_amounts(SHOCKS),
    lang=st.sampled_from(["zh", "en"]),
)


@given(_VIEWS)
def test_a_view_survives_its_address(view: View) -> None:
    text = address.href("ledgers", address.query(view, _BOUNDS, _ALL))
    again, fallen = address.parse(dict(parse_qsl(text.partition("?")[2])), _BOUNDS)
    assert (again, fallen) == (view, [])


@given(_VIEWS)
def test_the_address_is_canonical(view: View) -> None:
    found = address.query(view, _BOUNDS, _ALL)
    again, _ = address.parse(found, _BOUNDS)
    assert address.query(again, _BOUNDS, _ALL) == found
    assert list(found) == [key for key in _ALL if key in found]


@given(st.dictionaries(st.sampled_from([*_ALL, "nonsense"]), st.text(max_size=30)))
def test_no_address_whatever_raises_or_reaches_out(query: dict[str, str]) -> None:
    view, fallen = address.parse(query, _BOUNDS)
    assert view.region in _BOUNDS.places
    assert set(view.compare) <= set(_BOUNDS.places)
    assert view.year in _BOUNDS.years and view.snapshot in _BOUNDS.snapshots
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
        ("id", "../x"),
        ("q", "x" * 41),
        ("lang", "fr"),
    ],
)
def test_a_bad_value_falls_back_and_says_so(key: str, bad: str) -> None:
    default, _ = address.parse({}, _BOUNDS)
    view, fallen = address.parse({key: bad}, _BOUNDS)
    assert view == default
    assert [(f.key, f.given) for f in fallen] == [(key, bad)]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_lists_every_key(name: str) -> None:
    text = (Path(__file__).parents[3] / name).read_text("utf-8")
    (listed,) = (p for p in text.split("\n\n") if p.startswith(("Query keys:", "网址参数:")))
    keys = re.findall(r"`([a-z]+)`", listed)
    assert [key for key in keys if key not in ("zh", "en")] == [f.name for f in fields(View)]


def test_defaults_are_left_out_and_pinned_for_sharing() -> None:
    view, _ = address.parse({}, _BOUNDS)
    assert address.query(view, _BOUNDS, _ALL) == {}
    pinned = address.query(view, _BOUNDS, _ALL, pinned=True)
    assert pinned == {"year": "2025", "snapshot": "3"}


def test_keys_of_other_pages_are_kept_out() -> None:
    view, _ = address.parse({"q": "张三", "page": "3"}, _BOUNDS)
    assert address.query(view, _BOUNDS, BY_KEY["map"].keys) == {}


def test_a_change_of_filter_goes_back_to_the_first_page() -> None:
    view, _ = address.parse({"page": "7"}, _BOUNDS)
    assert view.but(group="borderline").page == 1
    assert view.but(sort="-member_count").page == 7
    assert view.but(page=8).page == 8


def test_every_page_has_a_file_a_path_of_its_own_and_known_keys() -> None:
    assert len({p.path for p in PAGES}) == len(PAGES)
    for page in PAGES:
        assert set(page.keys) <= set(_ALL)


def test_another_end_of_a_comparison_leaves_the_part_listed() -> None:
    view, _ = address.parse({"part": "able", "page": "3"}, _BOUNDS)
    assert (view.but(against=2).part, view.but(against=2).page) == (None, 1)
    assert view.but(since=2019).part == "able"


@pytest.mark.parametrize("text", ["percent.101", "percent.999", "percent.-1", "person_yuan.1e9"])
def test_a_shock_beyond_all_is_refused(text: str) -> None:
    view, fallen = address.parse({"shock": text}, _BOUNDS)
    assert view.shock is None and [f.key for f in fallen] == ["shock"]


def test_a_page_opens_with_its_own_year_where_that_is_held() -> None:
    for first, opened in ((2020, 2020), (None, 2025), (1999, 2025)):
        bounds = replace(_BOUNDS, year=first)
        view, _ = address.parse({}, bounds)
        assert view.year == opened
        assert address.query(view, bounds, _ALL) == {}
        assert address.query(view, bounds, _ALL, pinned=True)["year"] == str(opened)
        asked, _ = address.parse({"year": "2025"}, bounds)
        assert asked.year == 2025
