"""Every page over the small county: it opens, says what the address says, and no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from access.limits import Meter
from glossary import term
from metrics import groups
from metrics.county import open_county
from store.simulated import State
from store.snapshots import Home
from tests import small_county
from tests.pages.conftest import Open, copied, notices, shown
from tests.pages.tables import read
from tests.small_county import BROOK, COUNTY, EAST, HILL, MILL, WEST
from views.context.sitemap import PAGES

_KEYS = [page.key for page in PAGES]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", _KEYS)
def test_every_page_opens_in_both_languages(open_page: Open, page: str, lang: str) -> None:
    query = {"lang": lang} if lang == "en" else {}
    app = open_page(page, **query, **({"id": "H03"} if page == "household" else {}))
    assert not app.exception
    assert not notices(app)
    text = shown(app)
    assert term("simulated", lang) in text
    assert "2025-12-31" in text


@pytest.mark.usefixtures("everybody_known")
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("state", ["all", "part", "none"])
def test_the_masthead_says_what_is_simulated(
    open_page: Open, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, state: State, lang: str
) -> None:
    small_county.publish(tmp_path, simulated=state)
    open_county(Home(tmp_path))
    monkeypatch.setenv("TAIZHANG_HOME", str(tmp_path))
    text = shown(open_page(**({"lang": lang} if lang == "en" else {})))
    part = {"zh": "含模拟数据", "en": "Partly simulated data"}[lang]
    assert (f">{part}<" in text) == (state == "part")
    assert (f">{term('simulated', lang)}<" in text) == (state == "all")
    assert (term("simulated", lang).lower() in text.lower()) == (state != "none")


def test_the_overview_shows_its_numbers_each_opening_its_households(open_page: Open) -> None:
    text = shown(open_page())
    assert 'href="/ledgers?indicator=monitored_households"' in text
    assert 'href="/ledgers?indicator=ledger_overdue&amp;by=entry"' in text
    assert "未达标 · ≤0" in text
    assert "贫困发生率" not in text, "a rate that has come to nothing is the long view's"
    assert "贫困发生率" in shown(open_page("overview", part="progress"))


def test_a_year_and_a_place_from_the_address_are_followed(open_page: Open) -> None:
    app = open_page("overview", region=EAST, year="2024")
    text = shown(app)
    assert f'value="/?region={EAST}&amp;year=2024" selected>东岭<' in text
    assert f"region={EAST}&amp;year=2024&amp;indicator=registered" not in text
    assert f'href="/ledgers?region={EAST}&amp;year=2024&amp;indicator=per_capita_income"' in text


def test_a_choice_in_the_bar_writes_the_address(open_page: Open) -> None:
    app = open_page("exit")
    app.selectbox(key="bar_township").select(WEST).run()
    assert app.query_params["region"] == WEST
    assert not app.exception
    app.selectbox(key=f"bar_village_{WEST}").select(MILL).run()
    assert app.query_params["region"] == MILL
    app.selectbox(key="bar_township").select(COUNTY).run()
    assert "region" not in app.query_params


def test_one_choice_after_another_is_followed(open_page: Open) -> None:
    app = open_page("exit")
    for region in (WEST, EAST, WEST, EAST):
        app.selectbox(key="bar_township").select(region).run()
        assert app.query_params["region"] == region
        assert app.selectbox(key="bar_township").value == region


def test_an_older_data_date_is_opened_and_pinned(open_page: Open) -> None:
    app = open_page("overview", snapshot="1")
    text = shown(app)
    assert "2025-11-30" in text
    assert "snapshot=1" in text
    assert "snapshot=1" in copied(app)


def test_the_shared_link_pins_year_snapshot_and_rules(open_page: Open, two_dates: Home) -> None:
    link = copied(open_page("ledgers", group="borderline"))
    rules = open_county(two_dates).rulebook.fingerprint
    pinned = f"region={COUNTY}&year=2025&snapshot=2&group=borderline&rules={rules}&v=1"
    assert link.endswith(f"/ledgers?{pinned}")


@pytest.mark.parametrize(("key", "bad"), [("year", "1999"), ("lang", "fr"), ("snapshot", "01")])
def test_a_bad_value_falls_back_and_is_told(open_page: Open, key: str, bad: str) -> None:
    app = open_page("overview", **{key: bad})
    assert not app.exception
    assert len(notices(app)) == 1
    assert key in notices(app)[0] and bad in notices(app)[0]


def test_the_map_page_lists_what_it_colours(open_page: Open) -> None:
    text = shown(open_page("map", indicator="poor_people", level="township"))
    assert "东岭" in text and "西川" in text
    assert f'href="/ledgers?region={WEST}&amp;indicator=poor_people&amp;by=member"' in text


def test_trends_of_an_indicator_known_for_one_year_say_so(open_page: Open) -> None:
    app = open_page("trends", indicator="relocated_households")
    assert not app.exception
    assert any("2025" in said for said in notices(app))


def test_compared_places_come_from_the_address(open_page: Open) -> None:
    text = shown(open_page("trends", compare=f"{EAST}.{WEST}"))
    chosen = re.findall(r'href="/trends\?compare=(\w+)" data-go aria-current="true"', text)
    assert chosen == [WEST, EAST]  # each is a click from being left out
    added = dict(re.findall(r'value="/trends\?compare=([\w.]+)">([^<]+)<', text))
    places = {COUNTY: "试验", HILL: "高坡", BROOK: "溪口", MILL: "磨坊"}
    assert added == {f"{EAST}.{WEST}.{code}": name for code, name in places.items()}
    full = shown(open_page("trends", compare=".".join((COUNTY, EAST, WEST, HILL, BROOK, MILL))))
    assert 'data-choice="compare"' not in full


def test_risk_groups_open_their_lists(open_page: Open) -> None:
    text = shown(open_page("risk_groups"))
    assert f'href="/ledgers?region={EAST}&amp;group=major_illness_disability"' in text
    text = shown(open_page("risk_groups", part="ledgers"))
    assert 'href="/ledgers?state=missing&amp;ledger=elderly_living_alone"' in text
    assert 'href="/ledgers?state=without_cause&amp;ledger=income_drop"' in text
    assert "6户次" in text and "1户次" in text


def test_the_ledgers_page_filters_counts_and_lists(open_page: Open) -> None:
    text = shown(open_page("ledgers", group="exited_2014_2015"))
    assert "2014年和2015年脱贫户" in text
    assert "共2户7人" in text
    assert 'href="/household?id=H01"' in text and 'href="/household?id=H02"' not in text


def test_exactly_these_groups(open_page: Open) -> None:
    text = shown(open_page("ledgers", group="only.major_illness_disability.exited_2014_2015"))
    assert "仅大病残疾户+2014年和2015年脱贫户" in text
    assert "共1户4人" in text


def test_sorting_and_searching_the_list(open_page: Open) -> None:
    text = shown(open_page("ledgers", sort="-per_capita_net_income_yuan"))
    ids = re.findall(r"/household\?id=(H\d+)", text)
    assert ids == ["H01", "H03", "H02", "H04", "H05", "H06"]
    app = open_page("ledgers")
    app.text_input(key="bar_q").set_value("李试").run()
    assert "共1户" in shown(app)
    (search,) = [one for one in app.text_input if (one.key or "").startswith("bar_q")]
    assert search.value == "李试"


def test_who_has_no_right_to_find_people_finds_by_the_start_of_a_code(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_WHOLE_SEARCH", "0")
    for text, count in (("李试", 0), ("61992519500101" + "0003", 0), ("H0", 6), ("H02", 1)):
        app = open_page("ledgers")
        app.text_input(key="bar_q").set_value(text).run()
        assert len(set(re.findall(r"/household\?id=(H\d+)", shown(app)))) == count, text
        assert app.text_input(key="bar_q").placeholder == term("search_hint_code", "zh")


def test_searches_are_limited_and_one_too_many_shows_no_list(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_SEARCHES_A_MINUTE", "2")
    monkeypatch.setattr("views.context.limited.METER", Meter())
    monkeypatch.setattr("views.context.limited.who", lambda _stage: "tester")
    app = open_page("ledgers", q="H01")
    for text in ("H01", "H02", "H02"):  # turning pages of one search counts nothing
        app.query_params["q"] = text
        app.run()
        assert not notices(app) and "共1户" in shown(app)
    app.query_params["q"] = "H03"
    app.run()
    assert notices(app) == [term("searched_too_often", "zh", most=2)]
    assert "H03" not in shown(app)
    del app.query_params["q"]
    app.run()
    assert "共6户" in shown(app) and not notices(app)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("李试", 1),
        (" 李 试 ", 1),
        ("H0", 6),
        ("h02", 1),
        ("Ｈ０２", 1),
        ("%", 0),
        ("H_2", 0),
        ("李试%", 0),
        ("，", 0),
    ],
)
def test_a_search_folds_as_an_import_does(open_page: Open, typed: str, found: int) -> None:
    app = open_page("ledgers")
    app.text_input(key="bar_q").set_value(typed).run()
    text = shown(app)
    assert len(set(re.findall(r"/household\?id=(H\d+)", text))) == found
    assert (term("no_rows", "zh") in text) == (not found)


def test_an_identity_number_is_found_however_it_is_written(open_page: Open) -> None:
    member = small_county.tables()["member"]
    number = next(n for n in member["identity_number"].to_pylist() if n)
    wide = str.maketrans("0123456789X", "０１２３４５６７８９ｘ")
    for typed in (number, number.lower(), number.translate(wide), f"{number[:6]} {number[6:]}"):
        app = open_page("ledgers")
        app.text_input(key="bar_q").set_value(typed).run()
        assert "共1户" in shown(app), typed
        assert number not in str(app.query_params["q"])


def test_nothing_found_says_what_to_do(open_page: Open) -> None:
    text = shown(open_page("ledgers", q="H99"))
    assert term("no_rows", "zh") in text and term("no_rows_hint", "zh") in text


def test_no_such_household_and_a_hidden_one_look_the_same(open_page: Open, only_west: None) -> None:
    none = shown(open_page("household", id="H99"))
    hidden = shown(open_page("household", id="H01"))
    assert none == hidden
    assert "孙*七" in shown(open_page("household", id="H05"))


def test_the_village_page_shows_its_indicators_and_projects(open_page: Open) -> None:
    text = shown(open_page("village", region=MILL))
    assert "磨坊村" in text
    assert "磨坊产业路" in shown(open_page("village", region=MILL, part="projects"))
    assert "人均纯收入" in shown(open_page("village", region=MILL, part="indicators"))
    assert f'href="/ledgers?region={MILL}&amp;group=split_residence_relocated"' in text


def test_the_village_page_says_what_documents_call_the_place(open_page: Open) -> None:
    assert "官方全称: 高坡村村民委员会" in shown(open_page("village", region=HILL))
    assert "官方全称" not in shown(open_page("village", region=MILL)), "it is called so anyway"


def test_definitions_name_every_indicator_rule_and_threshold(open_page: Open, small) -> None:
    parts = ("indicators", "groups", "parameters")
    text = "".join(shown(open_page("definitions", part=part)) for part in parts)
    for declared in [*small.indicators.values(), *small.rules.values()]:
        assert declared.zh in text and declared.definition_zh in text
    for parameter in small.parameters.values():
        assert all(value.source in text for value in parameter.values)


def test_the_share_overdue_is_of_all_entries(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = {"open": 50, "due": 10, "overdue": 20, "closed_standing": 5, "closed": 15}
    monkeypatch.setattr(groups, "all_groups", lambda *_: (of, 100))
    [title] = [t for t in read(open_page("risk_groups", part="ledgers")).titles if "逾期" in t]
    assert "台账逾期20条,占20.0%" in title


def test_a_list_of_the_data_dates_state_names_the_years_of_its_growth(open_page: Open) -> None:
    [plain] = [t for t in read(open_page("ledgers", year="2024")).tables if "村" in t.head]
    assert "收入增减(2024年比2023年)" in plain.head
    late = read(open_page("ledgers", year="2024", state="overdue"))
    [listed] = [t for t in late.tables if "村" in t.head]
    assert "收入增减(2025年比2024年)" in listed.head


def test_definitions_say_a_strict_target_as_strict_and_documents_in_english(
    open_page: Open,
) -> None:
    table = read(open_page("definitions", lang="en", part="indicators")).table("Target")
    row = {row[1].text: row for row in table.rows if len(row) > 5}
    said = {name: cells[4].text for name, cells in row.items()}
    assert said["Poverty rate"].startswith("<3")
    assert said["Villages with 50,000 yuan or more"].startswith("≥80")
    assert row["Registered rural population"][6].text == "Villages' records · 行政村信息"


@pytest.mark.parametrize("page", _KEYS)
def test_no_page_shows_more_than_the_viewer_may_see(
    open_page: Open, only_west: None, page: str
) -> None:
    app = open_page(page, **({"id": "H01"} if page == "household" else {}))
    assert not app.exception
    text = shown(app) + " ".join(str(box.options) for box in app.selectbox)
    for hidden in (EAST, BROOK, "东岭", "高坡", "溪口", "H01", "H02", "H03", "张*三", "王*五"):
        assert hidden not in text, hidden


def test_asking_for_a_place_out_of_sight_is_told_and_not_shown(
    open_page: Open, only_west: None
) -> None:
    app = open_page("ledgers", region=EAST)
    assert notices(app) == [term("refused_hint", "zh")]
    assert "id=H0" not in shown(app) and f'href="/?region={MILL}"' in shown(app)


def test_an_empty_home_says_what_to_run(
    open_page: Open, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAIZHANG_HOME", str(tmp_path))
    app = open_page()
    assert not app.exception
    assert "make demo" in notices(app)[0]


def test_no_personal_value_reaches_the_browser_whole(open_page: Open) -> None:
    tables = small_county.tables()
    whole = {
        value
        for table, column in (
            ("member", "identity_number"),
            ("member", "name"),
            ("household", "phone"),
            ("household", "head_name"),
            ("ledger_entry", "responsible"),
        )
        for value in tables[table][column].to_pylist()
        if value
    }
    for page in _KEYS:
        app = open_page(page, **({"id": "H02"} if page == "household" else {}))
        text = shown(app)
        assert not [value for value in whole if value in text], page
