"""村集体经济 over the small county: villages of 60,000, of 120,000 and of nothing."""

from __future__ import annotations

import re

import pytest

from tests.pages.conftest import Open, shown
from tests.pages.tables import read
from tests.small_county import BROOK, EAST, HILL, MILL


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", "试验县2025年村集体收入3项目标达到0项"),
        ("en", "of the targets of collective income (3), 0 met"),
    ],
)
def test_it_says_which_targets_are_met(open_page: Open, lang: str, told: str) -> None:
    app = open_page("village_income", **({"lang": lang} if lang == "en" else {}))
    assert not app.exception
    assert told in shown(app)


def test_a_township_meets_them(open_page: Open) -> None:
    text = shown(open_page("village_income", region=EAST))
    assert "3项目标达到3项" in text and "各项目标都已达到" in text


def test_what_is_missing_and_which_villages_would_do(open_page: Open) -> None:
    """One village and 50,000 yuan to the second target, one and 40,000 to the third."""
    text = shown(open_page("village_income"))
    assert "3项目标未达到" in text and "有收入即可" in text
    assert 'href="/village-income?part=reach_income_base"' in text and "50,000" in text
    assert 'href="/village-income?part=reach_income_strong"' in text and "40,000" in text
    assert f'href="/village?region={HILL}&amp;part=income"' in text


def test_the_numbers_of_what_is_wrong_open_lists(open_page: Open) -> None:
    text = shown(open_page("village_income"))
    for part in ("income_shell", "income_source_spread", "income_payer_spread",
                 "entrust_paid_whole", "entrust_in_force"):  # fmt: skip
        assert f'href="/village-income?part={part}"' in text, part
    assert 'href="/village-income?part=income_unknown"' not in text, "nobody is unknown"


def test_before_the_targets_it_says_so(open_page: Open) -> None:
    text = shown(open_page("village_income", region=MILL))
    assert "磨坊" in text and "0" in text


@pytest.mark.parametrize(
    ("part", "village", "other"),
    [
        ("villages", MILL, None),
        ("income_shell", MILL, HILL),
        ("met_income_strong", BROOK, HILL),
        ("reach_income_strong", HILL, MILL),
        ("largest_operating", HILL, BROOK),
        ("income_payer_spread", BROOK, HILL),
    ],
)
def test_a_list_has_the_village_that_its_number_counts(
    open_page: Open, part: str, village: str, other: str | None
) -> None:
    text = shown(open_page("village_income", part=part))
    assert f'href="/village?region={village}&amp;part=income"' in text
    assert other is None or f"region={other}&amp;part=income" not in text


def test_villages_are_sorted_as_asked(open_page: Open) -> None:
    text = shown(open_page("village_income", sort="-collective_income_yuan"))
    at = [text.index(f"region={code}&amp;part=income") for code in (BROOK, HILL, MILL)]
    assert at == sorted(at)


def test_sources_and_payers(open_page: Open) -> None:
    text = shown(open_page("village_income", part="sources"))
    assert "青禾商贸" in text and "120,000" in text
    assert 'href="/village-income?part=largest_grant"' in text


def test_contracts_say_what_they_owe(open_page: Open) -> None:
    text = shown(open_page("village_income", part="entrusted"))
    assert "应交收益1万元,已交4,000元,少交6,000元" in text
    assert "磨坊冷库" in text and "高坡互助资金" in text
    text = shown(open_page("village_income", part="entrust_paid_whole"))
    assert "磨坊冷库" in text and "高坡互助资金" not in text


def test_tables_that_agree_say_so(open_page: Open) -> None:
    text = shown(open_page("village_income", part="differences"))
    assert "2025年有0处数据不一致或可疑" in text
    assert not open_page("village_income", part="income_form_differs", lang="en").exception


def test_the_village_has_its_income_by_year(open_page: Open) -> None:
    text = shown(open_page("village", region=HILL, part="income"))
    assert "30,000" in text and "经营收入" in text
    assert "请导入各乡镇的统计表" not in text


@pytest.mark.usefixtures("only_west")
def test_a_township_viewer_sees_their_own_only(open_page: Open) -> None:
    text = shown(open_page("village_income", part="villages"))
    assert MILL in text and HILL not in text and BROOK not in text


@pytest.mark.parametrize(("part", "title"), [("villages", "全部村"), ("entrusted", "全部委托合同")])
def test_a_list_is_as_long_as_its_heading_says(open_page: Open, part: str, title: str) -> None:
    app = open_page("village_income", part=part)
    [table] = [each for each in read(app).tables if each.title.startswith(title)]
    [count, *_] = re.findall(r"\d+", table.title)
    assert len(table.rows) == int(count) > 0
