"""What is unknown or was not in force yet is never shown as 0, on no page and in no language."""

from __future__ import annotations

import pytest

from tests.pages.conftest import Open
from tests.pages.tables import read
from tests.small_county import EAST

_BEFORE = {"year": "2024"}  # health, residence and housing are known as of the data date only


def test_heat_cells_say_count_and_share_of_those_that_could_be_told(open_page: Open) -> None:
    table = read(open_page("risk_groups")).table("大病残疾户")
    cell = table.row("东岭")["大病残疾户"]
    # H01, H02, H03 and H04 have members listed; H03 and H04 have somebody ill or disabled.
    assert (cell.text, cell.small) == ("2", "50.0%")
    assert cell.query == {"region": EAST, "group": "major_illness_disability"}


@pytest.mark.parametrize(("lang", "dash"), [("zh", "—"), ("en", "—")])
def test_a_group_that_cannot_be_told_is_a_dash_in_every_cell(
    open_page: Open, lang: str, dash: str
) -> None:
    table = read(open_page("risk_groups", lang=lang, **_BEFORE)).tables[0]
    assert len(table.rows) == 3
    for row in table.rows:
        assert [cell.text for cell in row[1:4]] == [dash] * 3
        assert not any(cell.href for cell in row[1:4])


def test_the_map_of_an_unknown_ranks_nobody(open_page: Open) -> None:
    query = {"indicator": "elderly_living_alone_households", **_BEFORE}
    page = read(open_page("map", **query))
    assert "2024年独居老人户暂无数据" in page.headings
    assert {cell.text for cell in page.tables[0].column("户")} == {"—"}


def test_counts_are_added_and_not_ranked(open_page: Open) -> None:
    page = read(open_page("map", indicator="poor_people", level="township"))
    assert "2025年贫困人口合计2人,2个乡镇中1个有" in page.headings


def test_a_rate_is_ranked_with_what_it_is_a_share_of(open_page: Open) -> None:
    page = read(open_page("map", indicator="poverty_rate", level="township"))
    assert "2025年贫困发生率最高的是西川(2.0%,2/100),1个乡镇为0" in page.headings


def test_a_count_of_zero_stands_only_where_most_could_be_told(open_page: Open) -> None:
    """Food and clothing were not recorded: who meets all standards cannot be told of anybody."""
    page = read(open_page("exit", part="places"))
    row = page.table("各地的户退出判定").row("东岭")
    assert [row[head].text for head in ("全部达标", "只缺一项")] == ["—", "—"]
    assert row["未知"].number == 3
    headings = read(open_page("exit")).headings
    assert any(heading.startswith("无法判定谁只差一项") for heading in headings)
    mill = page.table("各地的户退出判定").row("西川")
    assert mill["有不达标"].number == 1, "H06 is known to miss safe housing"


def test_a_subclass_without_its_standards_is_unknown_not_empty(open_page: Open) -> None:
    """Without a poverty line nobody can be called reliable, and nobody is 0 of them."""
    whole = read(open_page("classes")).table("放心户").row("合计")
    assert whole["有劳动能力户"].number
    assert whole["放心户"].number is None and whole["放心户"].href == ""
    assert whole["小类不明"].number
