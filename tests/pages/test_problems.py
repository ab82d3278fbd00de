"""问题台账: what is written down is followed by who may, until another person has closed it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from access import grants
from access.viewer import Viewer
from findings import asking, machine, texts, units, writing
from findings.asking import Filter
from findings.units import code_of
from findings.workbook import CODED, COLUMNS
from findings.writing import Given
from glossary import term
from metrics.county import open_county
from rules.checks import LEVELS
from state import audit
from state.database import StateError, kept_open
from store.scope import Scope
from store.snapshots import Home
from tests import small_county, viewers
from tests.findings.conftest import WATER, closed, inspector, leader, mended, problem, township
from tests.pages import taking
from tests.pages.conftest import Open, notices, opener, remarks, shown
from tests.pages.tables import read
from tests.small_county import COUNTY, EAST, HILL, MILL, WEST
from tests.test_walls import ROOT
from views.sections.problems import book

TODAY = date(2026, 1, 1)
TITLE = "收入超过标准:无法判定"


@pytest.fixture
def open_as(home: Home, monkeypatch: pytest.MonkeyPatch):
    """Opens pages over a home of one's own as somebody."""
    opens: Open = opener(home, monkeypatch)

    def open_page(who: Viewer, page: str = "problems", **query: str) -> AppTest:
        viewers.look(monkeypatch, who)
        app = opens(page, **query)
        assert not app.exception
        return app

    return open_page


def state_of(home: Home):
    return kept_open(home.path)


def one(home: Home, number: int):
    with state_of(home).reading() as session:
        found = asking.one(session, inspector(), number)
        assert found is not None
        return found


def links(app: AppTest) -> list[str]:
    return [href.replace("&amp;", "&") for href in re.findall(r'href="([^"]+)"', shown(app))]


def click(app: AppTest, start: str) -> AppTest:
    (button,) = [each for each in app.button if str(each.key).startswith(start)]
    app = button.click().run()
    assert not app.exception
    return app


def fill(app: AppTest, kind: str, start: str, value: object) -> None:
    widget, *_ = [each for each in getattr(app, kind) if str(each.key).startswith(start)]
    widget.set_value(value)


def test_a_question_becomes_a_finding_and_is_closed_by_others(open_as, home: Home) -> None:
    """From a rule's answer in the household's file to closed, by four people."""
    app = open_as(inspector(WEST), "household", id="H06")
    (href,) = [each for each in links(app) if "draft=rule.exit_income.H06" in each]
    assert href == "/problems?draft=rule.exit_income.H06"

    app = open_as(inspector(WEST), draft="rule.exit_income.H06")
    fill(app, "date_input", "due_", date(2026, 3, 31))
    click(app, "do_open_")
    (number,) = [step[0] for step in steps(home)]
    assert one(home, number).title == TITLE

    app = open_as(inspector(WEST), finding=str(number))
    fill(app, "text_input", "measure_assign", "介绍就业,落实公益岗位")
    fill(app, "text_input", "units_assign", "县人社局、西川镇,县人社局")
    app.run()
    click(app, "do_assign")
    assert term("step_done", "zh", step="交办") in notices(app)

    app = open_as(township(), finding=str(number))
    assert "县人社局、西川镇" in shown(app)
    fill(app, "text_area", "note_mend", "已上岗")
    fill(app, "text_area", "proof_mend", "劳动合同已核对")
    click(app, "do_mend")

    app = open_as(township(), finding=str(number))
    assert not [b for b in app.button if str(b.key).startswith("do_")], "not by who mended it"
    app = open_as(inspector(WEST), finding=str(number))
    click(app, "do_verify")
    app = open_as(leader(), finding=str(number))
    click(app, "do_close")

    found = one(home, number)
    assert found.state == "closed" and [s.step for s in found.steps] == [
        "open", "assign", "mend", "verify", "close",
    ]  # fmt: skip
    text = shown(open_as(inspector(WEST), "household", id="H06"))
    line = text[text.index("问题1个,在办0个") :]
    for word in ("已销号", "du.cha", "zhen.zhang", "xian.zhang", "劳动合同已核对", "县人社局"):
        assert word in line, word
    with state_of(home).reading() as session:
        assert audit.check(session, home.path)[0] is None


def test_a_place_says_how_many_of_its_problems_are_open_and_opens_them(open_as, home) -> None:
    state = state_of(home)
    mended(state, "H05")
    closed(state, "H06")
    mended(state, "H01")
    app = open_as(inspector(), "village", region=MILL)
    assert term("village_problems", "zh", open="1") in shown(app)
    for key in ("open", "closed"):
        (href,) = {each for each in links(app) if each.endswith(f"state={key}")}
        listed = open_as(inspector(), region=MILL, state=key)
        assert href == f"/problems?region={MILL}&state={key}"
        assert term("problems_listed", "zh", count="1") in shown(listed)
    nobody = open_as(inspector(WEST), "village", region=HILL)
    assert term("village_problems", "zh", open="1") not in shown(nobody)


def steps(home: Home) -> list[tuple[int, str]]:
    with state_of(home).reading() as session:
        every = asking.every(session, inspector(), Filter(COUNTY, TODAY))
        return [(each.number, each.state) for each in every]


def test_the_same_problem_is_not_opened_twice_but_led_to(open_as, home: Home) -> None:
    app = open_as(inspector(), draft="rule.exit_housing.H05")
    number = writing.open_finding(state_of(home), leader(), problem())
    click(app, "do_open_")
    assert term("already_open", "zh", code=f"W{number}") in notices(app)[0]
    assert f"/problems?finding={number}" in links(app)
    assert len(steps(home)) == 1
    told = shown(open_as(inspector(), "household", id="H05"))
    assert "draft=rule.exit_housing.H05" not in told
    assert term("problem_is_open", "zh", code=f"W{number}", state="已立") in told


def test_of_one_of_the_people_it_is_about_them(open_as, home: Home) -> None:
    app = open_as(inspector(), "household", id="H05")
    drafts = [each for each in links(app) if re.search(r"draft=[a-z_.]+\.H05\.\d+", each)]
    assert drafts
    query = drafts[0].partition("draft=")[2].partition("&")[0]
    click(open_as(inspector(), draft=query), "do_open_")
    ((number, _),) = steps(home)
    found = one(home, number)
    assert found.subject_kind == "member" and found.household_id == "H05"
    reader = open_county(home).reader(Scope.of([WEST]))
    rows = reader.rows("SELECT member_id FROM {member} WHERE household_id = 'H05'")
    ids = sorted(row["member_id"] for row in rows)
    assert found.subject_id == ids[int(query.rpartition(".")[2]) - 1]


@pytest.mark.parametrize(
    "draft", ["rule.exit_luck.H05", "rule.exit_income.H05.99", "check.nothing.H05"]
)
def test_a_draft_of_what_there_is_not_says_so(open_as, home: Home, draft: str) -> None:
    app = open_as(inspector(), draft=draft)
    assert notices(app) == [term("draft_unknown", "zh")] and steps(home) == []


def test_the_numbers_on_the_page_are_those_of_the_lists(open_as, home: Home) -> None:
    state = state_of(home)
    mended(state, due=TODAY)
    closed(state, "H06")
    writing.open_finding(state, inspector(), problem("H01", due=TODAY + timedelta(days=9999)))
    app = open_as(inspector())
    text = shown(app)
    assert "在办问题2个,逾期1个" in text and "近7天新立3个、销号1个" in text
    for query, count in (
        ({}, 3), ({"state": "open"}, 2), ({"state": "overdue"}, 1), ({"state": "closed"}, 1),
        ({"unit": code_of("西川镇")}, 2), ({"unit": code_of("西川镇"), "state": "open"}, 1),
        ({"region": EAST}, 1), ({"about": "rule.exit_housing"}, 3), ({"source": "petition"}, 0),
        ({"mine": "opened"}, 3), ({"mine": "verify"}, 1), ({"mine": "unit"}, 0),
    ):  # fmt: skip
        listed = shown(open_as(inspector(), **query))
        assert term("problems_listed", "zh", count=count) in listed, query
    assert f'href="/problems?state=overdue&amp;unit={code_of("西川镇")}"' in text


def test_a_unit_that_nobody_has_widens_nothing(open_as, home: Home) -> None:
    mended(state_of(home))
    app = open_as(inspector(), unit="00000000")
    assert notices(app) == [term("unit_unknown", "zh")]
    assert term("problems_listed", "zh", count=0) in shown(app)


def test_what_waits_for_ones_unit_is_listed(open_as, home: Home) -> None:
    state = state_of(home)
    grants.give(state, "zhen.zhang", "township_leader", [WEST], by="a")
    number = writing.open_finding(state, inspector(), problem())
    writing.take(state, inspector(), number, "assign", Given(measures=(WATER,)))
    assert f"finding={number}" not in shown(open_as(township(), mine="unit"))
    units.put(state, "西川镇", "zhen.zhang", by="a")
    assert f"finding={number}" in shown(open_as(township(), mine="unit"))


def test_another_townships_findings_are_not_there(open_as, home: Home) -> None:
    state = state_of(home)
    east = mended(state, "H01", title="东岭的问题")
    west = mended(state, "H05", title="西川的问题")
    text = shown(open_as(township(WEST)))
    assert "西川的问题" in text and "东岭的问题" not in text and "在办问题1个" in text
    app = open_as(township(WEST), finding=str(east))
    assert notices(app) == [term("refused_hint", "zh")] and "东岭的问题" not in shown(app)
    app = open_as(inspector(EAST), finding=str(west))
    assert notices(app) == [term("refused_hint", "zh")]
    app = open_as(inspector(EAST), draft="rule.exit_income.H05")
    assert notices(app) == [term("refused_hint", "zh")]
    for stranger in (viewers.viewer(), viewers.role("administrator")):
        app = open_as(stranger, finding=str(west))
        assert "西川的问题" not in shown(app)
    with state.reading() as session:
        kinds = [(e.kind, e.outcome) for e in audit.entries(session, home.path)]
    assert kinds.count(("refusal", "refused")) >= 4


def test_the_right_is_asked_when_it_is_clicked(
    open_as, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = writing.open_finding(state_of(home), inspector(), problem())
    app = open_as(inspector(), finding=str(number))
    fill(app, "text_input", "measure_assign", "做")
    fill(app, "text_input", "units_assign", "镇")
    app.run()
    answers = iter([inspector()])
    last = viewers.role("county_leader", EAST, subject="du.cha")
    monkeypatch.setattr("views.context.visitor.viewer", lambda *_: next(answers, last))
    click(app, "do_assign")
    assert one(home, number).state == "found"


def test_a_step_without_what_it_needs_is_refused_in_words(open_as, home: Home) -> None:
    state = state_of(home)
    number = writing.open_finding(state, inspector(), problem())
    app = click(open_as(inspector(), finding=str(number)), "do_assign")
    assert notices(app) == [term("not_taken_measures", "zh")]
    fill(app, "text_input", "measure_assign", "做")
    app.run()
    app = click(app, "do_assign")
    assert notices(app) == [term("unusable_empty", "zh", field=term("field_unit", "zh"))]
    app = open_as(viewers.role("inspector", subject="er.cha"), finding=str(number))
    app.segmented_control[-1].set_value("reject").run()
    app = click(app, "do_reject")
    assert notices(app) == [term("not_taken_note", "zh")]
    assert one(home, number).state == "found"


def test_what_cannot_be_written_down_is_told_and_not_done(
    open_as, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_as(inspector(), draft="rule.exit_income.H05")

    def full(*_: object, **__: object) -> None:
        raise StateError("full")

    monkeypatch.setattr("findings.writing.audit.hold", full)
    app = click(app, "do_open_")
    assert notices(app) == [term("problem_not_recorded", "zh")] and steps(home) == []


def test_read_only_refuses_in_words(open_as, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    number = writing.open_finding(state_of(home), inspector(), problem())
    monkeypatch.setenv("TAIZHANG_READ_ONLY", "1")
    for query in ({}, {"finding": str(number)}, {"draft": "rule.exit_income.H05"}):
        app = open_as(inspector(), **query)
        assert term("problems_read_only", "zh") in remarks(app), query
        assert not [b for b in app.button if str(b.key).startswith("do_")]
        assert not app.get("file_uploader")
    assert "draft=" not in shown(open_as(inspector(), "household", id="H05"))


def test_without_a_login_nobody_is_a_second_person(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    from access.viewer import demo_viewer

    opens = opener(home, monkeypatch)
    demo, state = demo_viewer(COUNTY, invented=True), state_of(home)
    number = writing.open_finding(state, demo, problem())
    writing.take(state, demo, number, "assign", Given(measures=(WATER,)))
    writing.take(state, demo, number, "mend", Given("好了"))
    text = shown(opens("problems", finding=str(number)))
    assert term("second_person_unknown", "zh") in text


def test_files_of_evidence_are_handed_to_who_sees_the_finding(open_as, home: Home) -> None:
    from findings import evidence
    from tests.findings.test_writing import PNG

    number = mended(state_of(home), "H05", evidence.of_file("现场.png", PNG))
    app = open_as(township(), finding=str(number))
    held = taking.click(app, f"evidence_{number}_3_1")
    assert held is not None and (held.name, held.media_type) == ("现场.png", "image/png")
    with held.file as file:
        assert file.read() == PNG


def test_a_problem_of_a_place_is_opened_on_the_page(open_as, home: Home) -> None:
    app = open_as(inspector(), region=WEST)
    app.selectbox(key="open_kind").select("gap.water").run()
    fill(app, "text_area", "title_here", "水管冻裂,三组停水")
    app = click(app, "do_open_here")
    ((number, state),) = steps(home)
    found = one(home, number)
    assert (found.kind, found.subject_kind, found.subject_id) == ("gap.water", "place", WEST)
    assert (found.household_id, found.region_code, state) == (None, WEST, "found")


def test_a_repeated_problem_is_marked(open_as, home: Home) -> None:
    state = state_of(home)
    closed(state, "H05")
    again = writing.open_finding(state, inspector(), problem())
    text = shown(open_as(inspector()))
    assert text.count(term("problem_again", "zh") + "<") == 1
    assert term("problem_again", "zh") in shown(open_as(inspector(), finding=str(again)))
    assert "再次出现1个" in text


def test_every_reason_state_step_and_column_has_its_words() -> None:
    needs = get_args(machine.Need)
    keys = [f"not_taken_{why}" for why in ("state", "right", *needs)]
    keys += [f"unusable_step_{why}" for why in ("state", *needs)]
    keys += [f"problem_{state}" for state in asking.ASKED]
    keys += [f"{start}_{step}" for step in machine.STEPS for start in ("step", "do")]
    keys += [f"source_{each}" for each in texts.SOURCES]
    keys += [f"subject_{each}" for each in texts.SUBJECT_KINDS]
    keys += [f"mine_{each}" for each in asking.MINE]
    keys += [f"field_{c}" for columns in COLUMNS.values() for c in columns]
    raised = set()
    for path in (ROOT / "findings").glob("*.py"):
        found = re.findall(r'Unusable\(\s*"(\w+)", "(\w+)"', path.read_text("utf-8"))
        raised |= {f"field_{name}" for name, _ in found} | {f"unusable_{why}" for _, why in found}
    assert len(raised) > 15
    for key in (*keys, *raised):
        assert term(key, "zh") and term(key, "en"), key


def test_words_of_codes_are_told_apart_in_a_workbook() -> None:
    """Or a column of codes would not be read back."""
    for lang in ("zh", "en"):
        for column, codes in CODED.items():
            words = [book._word(lang, column, code) for code in codes]  # type: ignore[arg-type]
            assert len(set(words)) == len(codes), (lang, column)
        for columns in COLUMNS.values():
            assert len({term(f"field_{c}", lang) for c in columns}) == len(columns)


def test_the_weekly_notice_tells_each_unit_and_its_workbook_the_same(open_as, home: Home) -> None:
    closed(state_of(home), "H05")
    mended(state_of(home), "H06", due=date(2999, 1, 1))
    app = open_as(inspector(), part="week")
    page = read(app)
    assert page.headings[0] == ("试验县本周新立2条、整改2条、销号1条,在办1条,其中逾期0条")
    table = page.table("责任单位")
    told = {row[0].text: [cell.number for cell in row[1:]] for row in table.rows}
    assert told == {"县水利局": [2, 2, 1, 1, 0], "西川镇": [2, 2, 1, 1, 0], "合计": [2, 2, 1, 1, 0]}
    (opens,) = [row[4].query for row in table.rows if row[0].text == "西川镇"]
    assert opens == {"unit": code_of("西川镇"), "state": "open"}
    rows = list(taking.read(taking.click(app)).worksheets[0].iter_rows(values_only=True))
    assert {row[0]: list(row[1:]) for row in rows[4:]} == told
    assert "/problems?part=week" in links(open_as(inspector()))


def test_an_empty_list_says_whether_there_is_any_problem_at_all(open_as, home: Home) -> None:
    assert "这里还没有立过问题" in shown(open_as(inspector()))
    assert "没有这样的问题" in shown(open_as(inspector(), source="petition"))
    writing.open_finding(state_of(home), inspector(), problem("H05"))
    assert "没有这样的问题" in shown(open_as(inspector(), state="closed"))
    assert "这里还没有立过问题" in shown(open_as(inspector(EAST)))


def test_a_problem_of_a_project_is_opened_from_its_check(open_as, home: Home) -> None:
    click(open_as(inspector(), draft="check.project_split.project.P1"), "do_open_")
    with state_of(home).reading() as session:
        [found] = asking.of_project(session, inspector(), "P1")
        assert (found.subject_kind, found.kind) == ("project", "check.project_split")
        assert (found.region_code, found.household_id) == (MILL, None)
        assert not asking.of_project(session, inspector(EAST), "P1")
    assert 'href="/projects?project=P1"' in shown(open_as(inspector(), finding=str(found.number)))


@pytest.fixture
def idle_asset(tmp_path: Path) -> Home:
    """The small county with its one asset idle."""
    assets = small_county.tables()["asset"]
    state = pa.array(["idle"] * assets.num_rows)
    place = assets.schema.get_field_index("asset_state")
    idle = assets.set_column(place, assets.schema.field(place), state)
    small_county.publish(tmp_path / "idle", other={"asset": idle})
    return Home(tmp_path / "idle")


def test_what_a_check_finds_of_an_asset_is_followed_from_the_list(
    idle_asset: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    opens: Open = opener(idle_asset, monkeypatch)
    viewers.look(monkeypatch, inspector())
    asked = {"check": "asset_unused", "part": "list"}
    (href,) = [each for each in links(opens("quality", **asked)) if "draft=" in each]
    query = href.partition("draft=")[2]
    form = opens("problems", draft=query)
    assert "高坡车间" in shown(form)
    click(form, "do_open_")
    with state_of(idle_asset).reading() as session:
        [found] = asking.every(session, inspector(), Filter(COUNTY, TODAY))
    about = (found.subject_kind, found.subject_id, found.kind, found.region_code)
    assert about == ("asset", "A1", "check.asset_unused", HILL)
    assert found.title.startswith("高坡车间 (A1)"), "a subject is called by its name"
    [table] = [t for t in read(opens("quality", **asked)).tables if "核实结果" in t.head]
    assert table.rows[0][-1].query == {"finding": str(found.number)}
    assert found.code in table.rows[0][-1].text
    viewers.look(monkeypatch, inspector(WEST))
    [told] = notices(opens("problems", draft=query))
    assert told.startswith("这里没有内容"), "of another township it tells nothing"


def test_a_doubt_of_a_person_and_of_a_village_is_followed_from_the_list(
    open_as, home: Home
) -> None:
    """A person stands in an address by their place in the household, never by number."""
    app = open_as(inspector(), "quality", part="list")
    drafts = {each.partition("draft=")[2] for each in links(app) if "draft=" in each}
    assert drafts == {
        "check.member_post_old.H02.1", "check.member_posts_three.H05.5",
        f"check.village_road.subject.{MILL}",
    }  # fmt: skip
    click(open_as(inspector(), draft=f"check.village_road.subject.{MILL}"), "do_open_")
    app = open_as(inspector(), "quality", part="list", change="gone")
    assert not [each for each in links(app) if "draft=" in each], "it is mended already"
    app = open_as(township(EAST), "quality", part="list")
    mine = {each.partition("draft=")[2] for each in links(app) if "draft=" in each}
    assert mine == {"check.member_post_old.H02.1"}


def test_every_level_that_checks_look_at_can_be_followed() -> None:
    assert {texts.subject_kind(level) for level in LEVELS} <= set(texts.SUBJECT_KINDS)
