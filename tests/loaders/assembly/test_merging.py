"""What a file is taken for, replaces and takes away; who waits, and who has a new number."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders import __main__ as command
from loaders.assembly.arrivals import FEW, Answers
from loaders.assembly.renumbering import Renumbering
from loaders.importing import REFUSED
from store.snapshots import Home
from tests.loaders.imports import (
    VILLAGES,
    begun,
    derived_by,
    home_id,
    incomes,
    load,
    people,
    register,
    stored,
)
from tests.loaders.sheets import HOUSEHOLD, PERSON, household

SIZE = 60
PLACES = {h: list(VILLAGES)[h % 3] for h in range(1, SIZE + 1)}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Sixty households in three villages, two people and two years of income each."""
    home = Home(tmp_path / "home")
    everybody = [(h, order) for h in PLACES for order in (1, 2)]
    begun(home, register(PLACES), people(everybody), incomes(list(PLACES), 9.0))
    return home


def ids(home: Home, name: str = "household", column: str = "household_id") -> set[str]:
    return {row[column] for row in stored(home, name)}


def without(*homes: int) -> dict[int, str]:
    return {h: place for h, place in PLACES.items() if h not in homes}


def test_a_part_adds_and_changes_and_takes_nothing_away(home: Home) -> None:
    report = load(home, register({1: PLACES[1], 99: "安山村"}, 户主姓名="钱某"))
    counts = report.changes["household"]
    assert [counts[k] for k in ("before", "added", "changed", "gone", "after")] == [60, 1, 1, 0, 61]
    assert report.arrivals["household"]["mode"] == "part" and report.exit_code == 0
    heads = {row["household_id"]: row["head_name"] for row in stored(home, "household")}
    assert (heads[home_id(1)], heads[home_id(99)], heads[home_id(2)]) == ("钱某", "钱某", "赵某某")
    assert len(stored(home, "member")) == len(stored(home, "household_year")) == 120


def test_the_same_rows_again_change_nothing(home: Home) -> None:
    report = load(home, register(PLACES), incomes(list(PLACES), 9.0))
    for name in ("household", "household_year"):
        counts = report.changes[name]
        assert (counts["added"], counts["changed"], counts["gone"]) == (0, 0, 0)


def test_a_whole_list_takes_away_what_it_lacks_and_who_lived_there_waits(home: Home) -> None:
    report = load(home, register(without(7, 8)))
    assert report.arrivals["household"]["mode"] == "whole"
    assert report.changes["household"]["gone"] == 2 and report.snapshot == 2
    assert ids(home) == {home_id(h) for h in without(7, 8)}
    assert report.changes["member"]["gone"] == report.changes["member"]["waiting"] == 4
    assert report.waiting == 8
    back = load(home, register({7: PLACES[7], 8: PLACES[8]}))
    assert back.changes["member"]["returned"] == 4 and back.waiting == 0
    assert len(stored(home, "member")) == len(stored(home, "household_year")) == 120
    assert {row["village_code"] for row in stored(home, "member")} == set(VILLAGES.values())


def test_a_village_is_whole_for_itself_alone(home: Home) -> None:
    village = {h: place for h, place in without(3).items() if place == "安山村"}
    sixty_more = dict.fromkeys(range(103, 163), "安山村")
    load(home, register(PLACES | sixty_more))
    report = load(home, register(village | sixty_more))
    assert report.arrivals["household"]["mode"] == "places"
    assert ids(home) == {home_id(h) for h in without(3) | sixty_more}


def test_between_part_and_whole_the_clerk_is_asked_and_nothing_published(home: Home) -> None:
    load(home, register(dict.fromkeys(range(201, 261), "安山村")))
    half = dict.fromkeys(range(201, 235), "安山村") | {
        h: p for h, p in PLACES.items() if p == "安山村"
    }
    report = load(home, register(half))
    (question,) = report.questions
    assert (report.snapshot, report.exit_code) == (None, 4)
    assert (question["kind"], question["table"]) == ("part_or_whole", "household")
    assert (question["before"], question["given"]) == (80, 54)
    said = next(line for line in report.lines() if "--allow-shrink household" in line)
    assert "永乐街道 建档立卡: 原有 80 行, 文件只含其中 54 行" in said
    assert len(ids(home)) == 120
    part = load(home, register(half), answers=Answers(part=frozenset({"household"})))
    assert part.snapshot and len(ids(home)) == 120
    whole = load(home, register(half), answers=Answers(whole=frozenset({"household"})))
    assert whole.changes["household"]["gone"] == 26 and len(ids(home)) == 94


def test_a_township_that_shrinks_below_a_whole_county_is_asked_about(home: Home) -> None:
    many = dict.fromkeys(range(1001, 2401), "庙沟村")
    load(home, register(PLACES | many))
    kept = {h: p for h, p in (PLACES | many).items() if p == "庙沟村" or (h % 3 == 0 and h < 10)}
    report = load(home, register(kept))
    (question,) = report.questions
    assert (question["kind"], question["township"]) == ("shrink", "611025001")
    assert len(ids(home)) == 1460


def test_a_refused_row_is_not_missing(home: Home) -> None:
    rows = [*register(without(4)), household(4, 行政村="无此村")]
    report = load(home, rows)
    assert report.totals["quarantined"] == 1 and report.changes["household"]["gone"] == 0
    assert home_id(4) in ids(home) and len(stored(home, "member")) == 120


def test_people_of_a_refused_household_wait_and_come_when_it_is_mended(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    rows = [*register(without(4)), household(4, 行政村="无此村")]
    everybody = [(h, order) for h in PLACES for order in (1, 2)]
    first = load(home, rows, people(everybody), incomes(list(PLACES), 9.0))
    assert first.waiting == 4 and first.exit_code == 3
    assert len(stored(home, "member")) == 118
    waiting = stored(home, "waiting_row")
    assert {row["household_id"] for row in waiting} == {home_id(4)}
    assert sum(q["reason"] == "unknown_household" for q in stored(home, "quarantine")) == 4
    load(home, register({4: "安山村"}))
    assert len(stored(home, "member")) == len(stored(home, "household_year")) == 120
    assert stored(home, "waiting_row") == []
    assert {q["reason"] for q in stored(home, "quarantine")} == {"unknown_village"}


def test_a_file_of_rows_that_all_wait_is_kept(home: Home) -> None:
    report = load(home, people([(99, 1)]))
    assert (report.snapshot, report.exit_code, report.waiting) == (2, 3, 1)
    assert load(home, register({99: "安山村"})).waiting == 0
    assert len(stored(home, "member")) == 121


def test_one_township_of_incomes_replaces_no_other(home: Home) -> None:
    report = load(home, incomes([1, 2, 99], 50.0))
    assert report.changes["household_year"]["changed"] == 4
    assert sum(row["net_income_yuan"] == 50 for row in stored(home, "household_year")) == 4
    assert report.waiting == 2


def test_many_refused_rows_are_asked_about(home: Home) -> None:
    wrong = [household(h, 行政村="无此村") for h in range(301, 301 + FEW)]
    rows = [HOUSEHOLD, *wrong, *[household(h) for h in range(1, 5)]]
    assert REFUSED * len(rows) < FEW
    report = load(home, rows)
    assert (report.exit_code, report.snapshot) == (4, None)
    assert [q["kind"] for q in report.questions] == ["refused"]
    assert load(home, rows, answers=Answers(refused=True)).exit_code == 3


def test_a_household_that_moves_keeps_its_past_years_where_it_lived(home: Home) -> None:
    load(home, register({3: "庙沟村"}))
    load(home, incomes([3], 70.0))
    years = {
        r["year"]: r for r in stored(home, "household_year") if r["household_id"] == home_id(3)
    }
    assert years[2024]["village_code"] == VILLAGES["安山村"]
    assert years[2025]["village_code"] == VILLAGES["庙沟村"]
    assert {y: r["net_income_yuan"] for y, r in years.items()} == {2024: 70.0, 2025: 70.0}
    people_now = [r for r in stored(home, "member") if r["household_id"] == home_id(3)]
    assert {r["village_code"] for r in people_now} == {VILLAGES["庙沟村"]}


def test_what_changes_is_told_by_table_and_township(home: Home) -> None:
    report = load(home, register({3: "庙沟村"}))  # from 安山村, where a third of all live
    lines = [line.split() for line in report.lines()]
    start = next(i for i, line in enumerate(lines) if line[:2] == ["户信息", "60"])
    assert lines[start][1:6] == ["60", "0", "1", "0", "60"]
    assert lines[start + 1] == ["永乐街道", "40", "0", "0", "0", "39"]
    assert lines[start + 2] == ["大坪镇", "20", "0", "1", "0", "21"]


def test_a_countys_first_import_is_new_everywhere_and_told_by_table_alone(tmp_path: Path) -> None:
    report = load(Home(tmp_path / "home"), register(PLACES))
    assert not [line for line in report.lines() if "大坪镇" in line]


def test_people_who_meet_under_one_number_or_leave_are_no_new_number(home: Home) -> None:
    several = people([(h, order) for h in (5, 6, 7) for order in (1, 2)])
    met = [several[0], *[[*r[:2], home_id(500), *r[3:]] for r in several[1:]]]
    assert not load(home, register({500: PLACES[5]}), met).renumbering
    more = people([(8, order) for order in (1, 2, 3, 4)])
    load(home, more)
    left = [more[0], [*more[1][:2], home_id(501), *more[1][3:]]]
    assert not load(home, register({501: PLACES[8]}), left).renumbering


def test_a_new_number_is_asked_for_and_takes_the_history_when_confirmed(home: Home) -> None:
    new = register(without(5) | {500: PLACES[5]})
    heads = people([(h, order) for h in without(5) for order in (1, 2)])
    moved = people([(5, 1), (5, 2)])
    rows = [heads[0], *heads[1:], *[[*r[:2], home_id(500), f"{home_id(500)}0{i}", *r[4:]]
            for i, r in enumerate(moved[1:], start=1)]]  # fmt: skip
    report = load(home, new, rows)
    assert [(r["subject"], r["old"], r["new"]) for r in report.renumbering] == [
        ("household", home_id(5), home_id(500))
    ]
    assert any(f"renumber {home_id(5)}={home_id(500)}" in line for line in report.lines())
    old_years = [r for r in stored(home, "household_year") if r["household_id"] == home_id(500)]
    assert old_years == [], "a guess would have taken them"
    pair = Renumbering("household", home_id(5), home_id(500))
    done = load(home, renumbered=[pair])
    assert done.snapshot and done.waiting == 0
    years = {r["year"] for r in stored(home, "household_year") if r["household_id"] == home_id(500)}
    assert years == {2024, 2025}
    people_now = [r["identity_number"] for r in stored(home, "member")
                  if r["household_id"] == home_id(500)]  # fmt: skip
    assert len(people_now) == len(set(people_now)) == 2
    later = load(home, incomes([5], 80.0))
    assert later.waiting == 0 and later.changes["household_year"]["changed"] == 2
    assert {r["note"] for r in stored(home, "renumbering")} == {None}


def test_a_household_still_listed_under_its_old_number_goes_over_to_the_new(home: Home) -> None:
    load(home, register({500: "安山村"}))
    pair = Renumbering("household", home_id(3), home_id(500))
    load(home, renumbered=[pair])
    assert home_id(3) not in ids(home) and home_id(500) in ids(home)
    for name, count in (("member", 120), ("household_year", 120)):
        rows = stored(home, name)
        assert len(rows) == count
        assert sum(r["household_id"] == home_id(500) for r in rows) == 2


@pytest.mark.parametrize("text", ["1", "1=", "=2", "town:1=2"])
def test_a_renumbering_that_says_nothing_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="旧户编号=新户编号"):
        Renumbering.parse(text)


def test_a_renumbering_reads_back() -> None:
    for text in ("1=2", "member:1=2"):
        assert str(Renumbering.parse(text)) == text


def test_an_untouched_table_is_the_same_file(home: Home) -> None:
    before = home.current()
    load(home, register({1: PLACES[1]}, 户主姓名="钱某"))
    after = home.current()
    for name in ("member", "household_year"):
        assert after.manifest["tables"][name] == before.manifest["tables"][name]
        assert after.path(name).stat().st_ino != before.path(name).stat().st_ino
    assert after.manifest["tables"]["household"] != before.manifest["tables"]["household"]


def test_rows_stay_sorted_by_place_for_reading(home: Home) -> None:
    load(home, register(dict.fromkeys(range(70, 80), "青槐社区") | {3: "庙沟村"}))
    places = [row["village_code"] for row in stored(home, "household")]
    assert places == sorted(places)


def test_without_a_date_nothing_is_guessed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_text("甲\t乙", "utf-8")
    words = ["import", str(tmp_path / "a.txt"), "--home", str(tmp_path / "home")]
    assert command.main([*words, "--county", "611025"]) == 2
    assert "--date" in capsys.readouterr().err


def test_what_fails_after_publishing_is_not_called_unpublished(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "户信息.txt"
    file.write_text("\n".join("\t".join(map(str, r)) for r in register({99: "安山村"})), "utf-8")

    derived_by(monkeypatch, lambda home, number: None)
    words = ["import", str(file), "--home", str(home.path), "--date", "2025-12-31"]
    assert command.main(words) == 3
    said = capsys.readouterr().out
    assert "第 2 号快照" in said and "核查未完成, 已入库但未设为当前" in said
    assert home.current_number() == 1, "everybody keeps what can be shown"
    assert 2 in home.numbers(), "and what was loaded is there"


def test_who_stops_while_it_is_prepared_is_told_what_stands(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "户信息.txt"
    file.write_text("\n".join("\t".join(map(str, r)) for r in register({99: "安山村"})), "utf-8")

    def stopped(home: Path, number: int) -> str:
        raise KeyboardInterrupt

    derived_by(monkeypatch, stopped)
    words = ["import", str(file), "--home", str(home.path), "--date", "2025-12-31"]
    assert command.main(words) == 3
    said = capsys.readouterr().err
    assert "第 2 号快照已入库, 但未设为当前" in said and "未入库" not in said
    assert home.current_number() == 1


def test_nobody_is_shown_a_snapshot_before_what_pages_read_is_there(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "户信息.txt"
    file.write_text("\n".join("\t".join(map(str, r)) for r in register({99: "安山村"})), "utf-8")
    current: list[int] = []

    def derive(path: Path, number: int) -> str:
        assert Home(path).open(number).number == number == 2
        current.append(Home(path).current_number())
        return ""

    derived_by(monkeypatch, derive)
    words = ["import", str(file), "--home", str(home.path), "--date", "2025-12-31"]
    assert command.main(words) == 0
    assert current == [1] and home.current_number() == 2


def test_a_column_that_a_sheet_does_not_have_is_kept(home: Home) -> None:
    healthy = [[*row[:-1], "长期慢性病"] for row in people([(1, 1)])[1:]]
    load(home, [PERSON, *healthy])
    roster = [list(row[:-1]) for row in people([(1, 1), (1, 2)])]
    roster[1][4] = "钱某"
    report = load(home, roster)
    rows = {r["member_id"]: r for r in stored(home, "member") if r["household_id"] == home_id(1)}
    first = rows[f"{home_id(1)}01"]
    assert (first["name"], first["health"]) == ("钱某", "chronic")
    counts = report.changes["member"]
    assert (counts["changed"], counts["added"], counts["gone"]) == (1, 0, 0)


def test_a_cell_that_a_sheet_has_and_leaves_blank_is_blank(home: Home) -> None:
    load(home, [PERSON, *[[*row[:-1], ""] for row in people([(1, 1)])[1:]]])
    (row,) = (r for r in stored(home, "member") if r["member_id"] == f"{home_id(1)}01")
    assert row["health"] is None


def test_a_register_without_measures_takes_none_away(home: Home) -> None:
    measured = [[*HOUSEHOLD, "产业帮扶"], *[[*household(h), "养牛"] for h in (3, 6)]]
    load(home, measured)
    kinds = {(r["household_id"], r["detail"]) for r in stored(home, "measure")}
    assert kinds == {(home_id(3), "养牛"), (home_id(6), "养牛")}
    load(home, register({3: "安山村"}, 户主姓名="钱某"))
    assert {(r["household_id"], r["detail"]) for r in stored(home, "measure")} == kinds
    load(home, [[*HOUSEHOLD, "产业帮扶"], [*household(3), ""]])
    assert {r["household_id"] for r in stored(home, "measure")} == {home_id(6)}


def test_a_months_new_cases_mark_households_that_no_file_has_again(home: Home) -> None:
    headers = ["户编号", "行政村", "监测对象类别", "识别监测时间", "风险是否已消除", "姓名"]
    case = [home_id(3), "安山村", "边缘易致贫户", "2025-12-01", "否", "赵某"]
    load(home, [headers, case])
    heads = {r["household_id"]: r["monitor_kind"] for r in stored(home, "household")}
    assert heads[home_id(3)] == "borderline" and heads[home_id(6)] is None
    load(home, [headers, [home_id(6), *case[1:]]])
    assert len(stored(home, "monitored_household")) == 2
    load(home, register({3: "安山村"}, 户主姓名="钱某"))
    heads = {r["household_id"]: r["monitor_kind"] for r in stored(home, "household")}
    assert heads[home_id(3)] == heads[home_id(6)] == "borderline"
