"""A county's own rules, checks, indicators, thresholds and terms beside the program's."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import glossary
from metrics import registry
from metrics.county import County, open_county
from metrics.derive import derive
from rules import own
from rules.cases import Case, failures
from rules.checks import checks
from rules.checks import program as program_checks
from rules.parameters import in_force
from rules.registry import program, rules, systems
from store.county_folder import Fault, use
from store.scope import Scope
from store.snapshots import Home
from tests import own_county, small_county
from views.parts import county_folder_notice

ROOT = Path(__file__).parents[1]
ALL = Scope.of([small_county.COUNTY])


@pytest.fixture(scope="module")
def derived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of a county with declarations of its own, with what they derive."""
    path = tmp_path_factory.mktemp("own")
    small_county.publish(path)
    own_county.write(path)
    open_county(Home(path))
    use(None)
    return path


@pytest.fixture
def home(derived: Path, tmp_path: Path) -> Iterator[Home]:
    """A copy of it: what derives the same by its fingerprint need not be derived again."""
    shutil.copytree(derived, tmp_path, dirs_exist_ok=True)
    yield Home(tmp_path)
    use(None)


@pytest.fixture
def county(home: Home) -> County:
    return open_county(home)


def _faults(home: Path, **changed: str) -> list[str]:
    """What is said of the folder with texts appended to its files."""
    own_county.write(home, **changed)
    use(home)
    try:
        found: list[Fault] = [*own.faults(home), *registry.faults(home), *glossary.faults(home)]
    finally:
        use(None)
    return list(map(str, found))


def test_everything_of_its_own_joins_the_programs(county: County) -> None:
    assert county_folder_notice.faults() == []
    assert set(rules()) == set(program().rules) | {"crowded", "watched_crowd"}
    assert rules()["exit_income"].zh == "收入超过县线"
    assert list(systems())[-1] == "own"
    assert set(checks()) == set(program_checks()) | {"household_crowded", "member_number"}
    assert in_force()["crowded_people"].in_year(2025).value == 4
    assert glossary.term("app_title", "zh") == "帮扶台账"
    target = county.indicators["crowded_share"].target
    assert target is not None and target.value == 4
    assert list(registry.themes())[-1] == "own"


def test_its_answers_stand_in_facts_cube_and_findings(county: County) -> None:
    rows = county.reader(ALL).rows(
        "SELECT household_id, in_crowded, in_watched_crowd FROM {household_fact} WHERE year = 2025"
    )
    assert {row["household_id"] for row in rows if row["in_crowded"]} == {"H03", "H05"}
    assert {row["household_id"] for row in rows if row["in_watched_crowd"]} == {"H03", "H05"}
    cell = county.cube.cell("crowded_share", small_county.COUNTY, 2025, ALL)
    assert (cell.numerator, cell.denominator) == (2, 5)
    found = county.reader(ALL).rows("SELECT subject_id FROM {finding} WHERE check_key = $key",
                                    key="household_crowded")  # fmt: skip
    assert {row["subject_id"] for row in found} == {"H01", "H03", "H05"}


def test_what_cannot_be_computed_for_a_row_is_unknown_and_stops_nothing(county: County) -> None:
    rows = county.reader(ALL).rows("SELECT * FROM {check_count} WHERE check_key = $key",
                                   key="member_number")  # fmt: skip
    assert rows and all(row["unknown"] == row["subjects"] for row in rows)


def test_the_fingerprint_of_what_is_derived_contains_them(home: Home) -> None:
    with_own = derive_of(home)
    for path in sorted((home.path / "county").rglob("*.yaml")):
        path.unlink()
    moved = home.path.rename(home.path.with_name("moved"))
    assert derive_of(Home(moved)).name != with_own.name


def derive_of(home: Home) -> Path:
    use(home.path)
    return derive(home, home.current())


def _check_of(name: str, where: str = "", said: str = "{living_members}") -> str:
    """The county's first check with another key, condition or text."""
    text = own_county.CHECKS.split("member_number")[0].replace("crowded:", f"{name}:")
    before = "living_members >= {least} AND crowded_people > 0"
    return text.replace("{living_members}", said).replace(before, where or before)


# What is appended to a file of the county, and what is said of it.
BROKEN = [
    ("checks", "lost:\n  level: member\n", "lost: 缺少 severity"),
    ("checks", _check_of("luck", "luck > 1"), "household_luck: 没有 luck 这个事实"),
    ("checks", _check_of("sum", "living_members"), "结果应是真或假"),
    ("checks", _check_of("said", said="{luck}"), "says_zh 里的 luck"),
    ("household_exit", "  lost: {zh: x}\n", "第 19 行: lost: 缺少 en"),
    ("household_exit", "  loose: 5\n", "loose: 应是“键: 值”的清单"),
    ("parameters", "luck: []\n", "luck: 没有这个标准"),
    ("indicators", "  lost: {theme: own}\n", "lost: 缺少 zh"),
    ("terms", "data_date: {zh: '{luck}日', en: Day}\n", "不能用 luck"),
    ("terms", "snapshot: 快照\n", "snapshot: 应是"),
]


def _is_left_out(home: Home) -> None:
    """The county opens, and nothing that is broken is in use."""
    county = open_county(home)
    assert county.cube.cell("registered_households", county.code, 2025, ALL).value == 5
    left_out = {"lost", "loose", "luck", "household_luck", "household_sum", "household_said"}
    assert not left_out & {*rules(), *checks(), *in_force()}


def test_each_broken_one_is_told_with_file_and_line_and_left_out(home: Home) -> None:
    files = {file for file, _, _ in BROKEN}
    texts = {name: "".join(text for file, text, _ in BROKEN if file == name) for name in files}
    found = _faults(home.path, **texts)
    assert len(found) == len(BROKEN), found
    for _, _, says in BROKEN:
        assert len([line for line in found if says in line]) == 1, (says, found)
    assert all(line.startswith("county/") and " 行: " in line for line in found)
    _is_left_out(home)


def test_a_file_that_cannot_be_read_is_told_with_its_line_and_left_out(home: Home) -> None:
    found = _faults(home.path, checks="x: [\n")
    assert len(found) == 1 and "county/checks.yaml 第 2" in found[0] and " 行: " in found[0], found
    _is_left_out(home)


def _rule(key: str, where: str, **more: str) -> str:
    said = {"zh": key, "en": key, "definition_zh": key, "definition_en": key, "source": key, **more}
    lines = [f"    {name}: {value}" for name, value in {**said, "where": where}.items()]
    return "\n".join([f"  {key}:", *lines, ""])


def test_rules_that_cannot_be_asked_go_and_those_that_ask_them(home: Home) -> None:
    broken = [
        _rule("chance", "luck > 1"),
        _rule("itself", "in_itself"),
        _rule("called", "list_contains(causes, 'x')"),
        _rule("labour_none", "luck > 1"),
        _rule("a", "luck > 1"),
        _rule("b", "in_a"),
        _rule("shown", "poor", evidence="[luck]"),
    ]
    left_out = {
        "chance": "没有 luck",
        "itself": "问到自己",
        "called": "条件里只能用",
        "labour_none": "没有 luck",
        "a": "没有 luck",
        "b": "没有 in_a",
        "shown": "evidence 中没有这些事实",
    }
    found = _faults(home.path, household_exit="".join(broken))
    assert len(found) == len(left_out)
    for key, why in left_out.items():
        assert any(f" {key}: " in line and why in line for line in found), found
    use(home.path)
    assert "crowded" in rules() and not set(left_out) & {k for k, r in rules().items() if r.own}


def test_the_six_groups_are_not_added_to(tmp_path: Path) -> None:
    path = tmp_path / "county" / "rules" / "groups.yaml"
    path.parent.mkdir(parents=True)
    path.write_text("rules:\n" + _rule("seventh", "poor", since="2019"), "utf-8")
    known, faults = own.rules_of(tmp_path)
    assert "台账的类别" in str(faults[0]) and "seventh" not in known.rules


def _check(home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rules", "check", "--home", str(home)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_runs_the_cases_of_the_county(home: Home) -> None:
    done = _check(home.path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "案例都对" in done.stdout
    assert "没有案例的规则或核查: exit_income、member_number" in done.stdout


def test_the_command_says_which_case_is_wrong_and_what_is_broken(home: Home) -> None:
    folder = home.path / "county"
    wrong = "household_crowded:\n  - {case: three, given: {living_members: 3}, expect: false}\n"
    (folder / "cases" / "checks.yaml").write_text(wrong, "utf-8")
    counted = "crowded_share:\n  - {case: nine, given: {member_count: many}, expect: true}\n"
    (folder / "cases" / "indicators.yaml").write_text(counted, "utf-8")
    (folder / "layouts").mkdir()
    (folder / "layouts" / "x.yaml").write_text(
        "key: x\nzh: 表\ntable: luck\ncolumns: []\n", "utf-8"
    )
    (folder / "cases" / "layouts.yaml").write_text("y:\n  - {case: c, headers: [a]}\n", "utf-8")
    done = _check(home.path)
    assert done.returncode == 1
    said = done.stdout
    assert (
        "cases/checks.yaml 第 1 行: household_crowded: “three”应为 否(false),实为 是(true)" in said
    )
    assert "cases/indicators.yaml 第 1 行: crowded_share: “nine”的值与事实的类型不符" in said
    assert "county/layouts/x.yaml 第 3 行: 没有 luck 这张表" in said
    assert "cases/layouts.yaml 第 1 行: y: 没有这个表样" in said
    assert "案例都对" not in said


def test_a_case_of_nothing_and_of_no_fact_are_told(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text(
        "a:\n  - {case: x, given: {}, expect: true}\nb:\n  - {expect: 是}\nc: 5\n", "utf-8"
    )

    def judge(case: Case) -> bool | None:
        raise KeyError("a: no such facts: luck")

    said = [str(fault) for fault in failures(path, tmp_path, {"a": judge, "b": judge})]
    assert any("第 1 行: a: “x”用了没有的事实: luck" in line for line in said)
    assert any("第 3 行: b: “None”的 expect" in line for line in said)
    assert any("第 5 行: c: 应是案例的清单" in line for line in said)


def test_a_process_without_a_home_has_the_programs_alone() -> None:
    use(None)
    assert rules() == program().rules and checks() == program_checks()


def test_a_target_that_is_a_threshold_is_that_of_the_county_in_use(tmp_path: Path) -> None:
    small_county.publish(tmp_path)
    use(None)
    assert _target() == 2
    use(tmp_path)  # a western county
    assert _target() == 3
    use(None)
    assert _target() == 2


def _target() -> float:
    target = registry.indicators()["poverty_rate"].target
    assert target is not None
    return target.value
