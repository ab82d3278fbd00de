"""The classes page: classes, moves, measures and verifications, each opening its households."""

from __future__ import annotations

import pytest

from metrics import classes
from tests.pages.conftest import Open, notices, shown
from tests.pages.tables import read
from tests.small_county import EAST, MILL, WEST


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_opens_in_both_languages(open_page: Open, lang: str) -> None:
    app = open_page("classes", lang=lang)
    assert not app.exception and not notices(app)
    text = shown(app)
    assert ("户建档立卡户中" if lang == "zh" else "are able to work") in text
    listed = shown(open_page("classes", lang=lang, part="list"))
    assert ("最早" if lang == "zh" else "Oldest verification") in listed


def test_every_class_opens_its_households(open_page: Open) -> None:
    text = shown(open_page("classes"))
    assert 'href="/ledgers?select=class.labour_class.no_labour"' in text
    assert f'href="/ledgers?region={EAST}&amp;select=class.labour_class.no_labour"' in text
    assert f'href="/classes?region={WEST}"' in text
    assert f'href="/ledgers?region={WEST}&amp;indicator=registered_households"' in text


def test_a_class_opened_lists_as_many_as_it_counts(open_page: Open) -> None:
    text = shown(open_page("ledgers", select="class.labour_class.no_labour", region=EAST))
    assert "无劳动能力户" in text and "H02" in text


def test_moves_follow_the_year_and_the_kind_of_class(open_page: Open) -> None:
    app = open_page("classes", part="moves")
    assert app.selectbox(key="bar_since").value == 2024
    assert "无法比较" in shown(app), "labour is known of the newest year only"
    assert "select=class.labour_class.able.2024.unknown" in shown(app)
    app.selectbox(key="bar_since").select(2023).run()
    assert app.query_params["since"] == "2023"
    assert "select=class.labour_class.able.2023.unknown" in shown(app)
    app.segmented_control(key="bar_part").set_value("labour_subclass").run()
    assert app.query_params["part"] == "labour_subclass"
    by_sub = shown(open_page("classes", part="labour_subclass"))
    assert "select=class.labour_subclass.lacking.2024.unknown" in by_sub


def test_the_first_year_has_nothing_to_move_from(open_page: Open) -> None:
    app = open_page("classes", year="2023", part="moves")
    assert not app.exception and "年末以来" not in shown(app)
    later = open_page("classes", year="2024", since="2025")
    assert later.selectbox(key="bar_since").value == 2023, "only an earlier year is compared with"


def test_mismatches_open_and_another_year_is_not_told(open_page: Open) -> None:
    text = shown(open_page("classes", part="measures"))
    assert "没有本类的主要措施" in text and "select=rule.measure_mismatch.met" in text
    before = shown(open_page("classes", part="measures", year="2024"))
    assert "2024年的措施与类别无从核对" in before
    assert "select=rule.measure_mismatch.met" not in before


def test_measures_by_place_show_all_of_a_class_and_those_without(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = (*classes.MISMATCHES, classes.MISMATCH)
    counts = {
        key: {"all": 10 * n, "without": n, "unknown": 3} for n, key in enumerate(keys, start=1)
    }
    monkeypatch.setattr(classes, "mismatches", lambda *_: {EAST: counts})
    [table] = [
        t for t in read(open_page("classes", part="measures")).tables if "措施与类别不符" in t.head
    ]
    shown_in = [cell.text for cell in table.row("东岭").values()]
    assert shown_in == ["东岭", "10", "1", "20", "2", "30", "3", "4", "3"]


def test_the_share_verified_is_of_all_that_are_asked(open_page: Open) -> None:
    """Of five registered households one has all nine."""
    [table] = [t for t in read(open_page("classes", part="nine")).tables if "完成率" in t.head]
    assert [cell.text for cell in table.row("合计").values()] == ["合计", "5", "1", "20.0%", "4"]


def test_verifications_are_counted_and_listed_oldest_first(open_page: Open) -> None:
    text = shown(open_page("classes", part="nine"))
    assert "九核全部完成的有1户" in text and 'href="/ledgers?select=nine.all.open"' in text
    assert f'href="/ledgers?region={EAST}&amp;select=nine.all.open"' in text
    text = shown(open_page("classes", part="list"))
    assert text.index('id=H03"') < text.index('id=H01"') < text.index('id=H02"')
    assert "九项都没有核" in text and "从未核实" in text


def test_a_place_without_any_verification_says_so(open_page: Open, only_west: None) -> None:
    assert "没有导入九核记录" in shown(open_page("classes", part="nine"))


def test_a_township_viewer_sees_their_own_only(open_page: Open, only_west: None) -> None:
    text = shown(open_page("classes"))
    assert "2户建档立卡户中" in text and "西川" in text
    text += "".join(
        shown(open_page("classes", part=part)) for part in ("measures", "moves", "nine", "list")
    )
    assert EAST not in text and "H01" not in text
    assert f'href="/village?region={MILL}"' in text
