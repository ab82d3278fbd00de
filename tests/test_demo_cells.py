"""Every number of every page over the demo county, by cell: what it opens, what it adds up to.

A number with a link equals the list behind it, a total its parts, a headline what stands under it;
English pages have the numbers and the links of the Chinese ones. ``make torture`` follows the links
of every third row of long tables, not of every seventh, and opens more places, parts and years.
"""

from __future__ import annotations

import re

import pytest

from store.snapshots import Home
from tests import torture
from tests.pages import claims
from tests.pages.behind import Behind
from tests.pages.conftest import Open, opener
from tests.pages.tables import Page, read
from views.context.sitemap import BY_KEY, PAGES

_TOWNSHIP, _VILLAGE, _HOUSEHOLD = "611025104", "611025104228", "61102500000032"
_CASES: list[tuple[str, dict[str, str]]] = [(spec.key, {}) for spec in PAGES]
_CASES += torture.some(
    [
        (spec.key, {"region": _TOWNSHIP})
        for spec in PAGES
        if "region" in spec.keys and spec.key not in ("household", "definitions", "quality", "data")
    ]
)
# The parts of pages, as far as what they count stands on the data date.
_CASES += torture.some(
    [
        (spec.key, {"part": tab.key})
        for spec in PAGES
        for tab in spec.tabs
        if tab.key and spec.key not in ("definitions", "admin", "data")
    ],
    2,
)
_CASES += [
    ("stress", {"shock": "percent.20"}),
    ("exit", {"asof": "today"}),
    ("overview", {"part": "board", "sort": "-income_growth"}),
    ("overview", {"part": "progress"}),
    ("village", {"region": _VILLAGE}),
    ("relocation", {"part": "sites"}),
    ("relocation", {"part": "origins"}),
    ("visits", {"part": "places"}),
    ("compare_lists", {"part": "places"}),
    ("work", {"part": "places"}),
    ("work", {"part": "months"}),
    ("deprivation", {"part": "places"}),
    ("deprivation", {"part": "years"}),
    ("targets", {"part": "all"}),
    ("targets", {"part": "places", "indicator": "risk_cleared_share"}),
]
# A year before the last: what belongs to the data date alone must not pass for it.
_MORE = [(spec.key, {"region": _VILLAGE}) for spec in PAGES if "region" in spec.keys]
_MORE += [("quality", {"region": _TOWNSHIP})]
_MORE += [(key, {"year": "2024"}) for key in ("overview", "risk_groups", "classes", "monitoring")]
_MORE = [(key, query) for key, query in _MORE if key not in ("household", "village")]

# Numbers of headlines that stand in no cell of the page, and the test that holds them.
_ELSEWHERE = {
    r"近一年应发.*到户": "sums of a part of its own: tests/pages/test_calendar.py",
    r"以来.*由": "what a figure was at the last data date: tests/metrics/test_figures.py",
    r"个村下滑": "villages without change are in neither list: tests/metrics/test_groups.py",
    r"同时在两类以上|有两个以上原因": "the picture shows the largest combinations only",
    r" · 共\d|^名单:|疑点.*涉及|应.未.:|问题清单": "the count of a list: it is compared below",
    r"年经营性收入占": "tests/metrics/test_village_income.py",
    r"个村不到": "bars of the picture below the line: tests/charts/test_income_levels.py",
    r"^网格\d+个|个村的归属": "the count of a list: tests/pages/test_zones.py",
    r"^全部村|^全部委托合同": "the count of a list: tests/pages/test_village_income.py",
    r"个村全部达标": "tests/metrics/test_exit.py",
    r"其中已确定监测": "tests/metrics/test_monitoring.py",
    r"疑点占可判定对象的比例": "what was looked at, by place: tests/metrics/test_quality.py",
    r"占农村户籍人口的比例": "rates by population, ranked: tests/charts/test_place_findings.py",
    r"筛查问题未整改率": "rates ranked, those of zero counted: tests/charts/test_place_findings.py",
    r"县退出标准:": "tests/metrics/test_exit.py",
    r"另有\d+个类别无法判定": "how many kinds: tests/charts/test_foremost.py",
    r"每户一次损失": "the size of the shock, as the page opens with",
    r"收入下降20%": "the size of the shock, as the address has it",
    r"\d项目标\d+项落后": "verdicts, the most urgent listed: tests/metrics/test_pace.py",
    r"处达到各自目标": "places held to their targets: tests/metrics/test_standing.py",
    r"^项目 \d": "the newest are shown: tests/metrics/test_projects.py",
    r"第\d+号快照": "the account of the import: tests/metrics/test_intake.py",
    r"有劳动力而无人就业户的占比": "rates ranked: tests/charts/test_place_findings.py",
    r"走访不到位户的占比": "rates ranked: tests/charts/test_place_findings.py",
    r"离监测线不到": "tests/rules/test_stress.py",
    r"项筛查发现|项核查中": "how many there are, those without a finding too",
    r"需要关注": "rules listed below, in words",
    r"年资金.*已下达|处支付慢于时间进度|^钱到户": "sums of lines: tests/test_demo_funds.py",
    r"未稳定户最多的是": "a site by its number: tests/metrics/test_relocation.py",
    r"个项目办结|工程和拨付脱节": "tests/metrics/test_project_library.py",
    r"^M0\(%\)": "rates ranked, the highest drawn: tests/charts/test_place_findings.py",
    r"多维贫困指数.*比\d{4}年": "a change between two points of the picture",
    r"人均纯收入.*比上年": "a change between two points of the picture",
    r"有劳动力[\d,]+人": "people who can work and do: tests/metrics/test_work.py",
    r"个车间和基地有": "lists of their own: tests/metrics/test_work.py",
    r"“211130”": "a name",
}


@pytest.fixture(scope="module")
def behind(demo: Home) -> Behind:
    return Behind(demo)


@pytest.fixture
def page(demo: Home, behind: Behind, monkeypatch: pytest.MonkeyPatch) -> Open:
    assert behind.county, "what is derived is made before a page waits for it"
    return opener(demo, monkeypatch)


# What was read of the pages that were opened: nothing here changes what they show.
_READ: dict[tuple[str, ...], Page] = {}


def _open(page: Open, key: str, query: dict[str, str]) -> Page:
    view = (key, *(f"{name}={value}" for name, value in sorted(query.items())))
    if view not in _READ:
        more = {"id": _HOUSEHOLD} if key == "household" else {}
        app = page(key, **query, **more)
        assert not app.exception and not app.warning
        _READ[view] = read(app)
    return _READ[view]


@pytest.mark.harder
@pytest.mark.parametrize(
    ("key", "query"),
    [*_CASES, *(pytest.param(*more, marks=pytest.mark.torture) for more in _MORE)],
    ids=str,
)
def test_every_number_is_that_of_the_list_behind_it(
    page: Open, behind: Behind, key: str, query: dict[str, str]
) -> None:
    shown = _open(page, key, query)
    numbers = claims.sampled(claims.linked(shown), torture.times(7, 3))
    wrong = [told for claim in numbers if (told := claims.disagrees(claim, behind))]
    assert not wrong
    assert not claims.unequal_totals(shown, "zh")
    assert not claims.wrong_shares(shown)
    loose = [
        (title, number)
        for title, number in claims.unsupported(shown)
        if not any(re.search(pattern, title) for pattern in _ELSEWHERE)
    ]
    assert not loose


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d[\d,]*(?:\.\d+)?%?", text.replace(" %", "%"))


def _plain(href: str) -> str:
    return re.sub(r"&?lang=en", "", href).replace("?&", "?").rstrip("?")


def _chips(page: Page) -> list[tuple[float, str]]:
    counted = [facet for facet in page.facets if facet.count.replace(",", "").isdigit()]
    return [(facet.number, _plain(facet.href)) for facet in counted]


# The definitions tell each word in both; on the page of rights stands what is written meanwhile.
_BOTH = [spec.key for spec in PAGES if spec.key not in ("definitions", "admin")]


@pytest.mark.harder
@pytest.mark.parametrize("key", torture.some(_BOTH))
def test_english_pages_have_the_same_numbers_and_links(page: Open, key: str) -> None:
    chinese, english = _open(page, key, {}), _open(page, key, {"lang": "en"})
    assert len(chinese.tables) == len(english.tables)
    for ours, theirs in zip(chinese.tables, english.tables, strict=True):
        assert len(ours.rows) == len(theirs.rows), ours.title
        for mine, other in zip(ours.rows, theirs.rows, strict=True):
            for cell, same in zip(mine, other, strict=True):
                assert _plain(cell.href) == _plain(same.href)
                if re.fullmatch(r"[-−]?[\d,.]+%?", cell.text):
                    assert cell.text == same.text.replace(" %", "%"), (ours.title, mine[0].text)
    marks = [(_numbers(mark.text), _plain(mark.href)) for mark in chinese.marks]
    assert marks == [(_numbers(mark.text), _plain(mark.href)) for mark in english.marks]
    chips = [
        (facet.number, _plain(facet.href)) for facet in chinese.facets if facet.count.isdigit()
    ]
    assert chips == [(f.number, _plain(f.href)) for f in english.facets if f.count.isdigit()]


# Pages that open with figures alone; their tables stand in a part.
_IN_PART = {"exit": {"part": "places"}, "stress": {"part": "places"}}


@pytest.mark.parametrize(
    ("key", "nth"), [(k, n) for k in ("exit", "risk_groups", "dynamics", "monitoring", "sieves",
                                      "safety_net", "stress", "quality", "relocation",
                                      "visits", "compare_lists", "work", "homes") for n in (0, 2)]
)  # fmt: skip
def test_a_list_that_is_opened_says_the_count(
    page: Open, behind: Behind, key: str, nth: int
) -> None:
    """The page of a list itself, for a sample of links: its heading has the number clicked."""
    shown = _open(page, key, _IN_PART.get(key, {}))
    numbers = [c for c in claims.linked(shown) if c.row and behind.counts(c.href)]
    claim = numbers[nth * len(numbers) // 3]
    stage = behind.stage(claim.href)
    query = dict(part.split("=") for part in claim.href.partition("?")[2].split("&") if part)
    opened = _open(page, stage.spec.key, query)
    assert BY_KEY[stage.spec.key].path in claim.href
    counts = {int(n.replace(",", "")) for h in opened.headings for n in _numbers(h) if "." not in n
              and "%" not in n}  # fmt: skip
    assert claim.said.value in counts, (claim, opened.headings)
