"""The office's workbook: out and in without loss, whole or not at all, by who may."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from findings import asking, loading, texts, workbook, workbook_reading, writing
from findings.asking import Filter
from findings.evidence import MEDIA_TYPES, Evidence, of_file
from findings.machine import STEPS, Taken, broken
from findings.workbook import COLUMNS, TOLD, Loaded, Told, Unfit, guarded, unguarded
from findings.writing import Given, Measure, Problem
from glossary import LANGUAGES, term
from state.database import State, opened
from store.harmless import BEGINS
from tests import viewers
from tests.findings.conftest import WATER, closed, inspector, mended, problem
from tests.findings.test_writing import PNG
from tests.small_county import COUNTY, EAST, MILL, WEST
from views.parts import brought_book
from views.sections.problems import book

TODAY = date(2026, 4, 2)
BEGUN = datetime(2025, 3, 1, 9, 30, 1, 250_001, UTC)
PEOPLE = ("张试", "li.si", "=wang", "赵")
CLERK = viewers.role("data_clerk", subject="lu.ru")

# Whatever somebody may type, formulas, quotes, lines and characters beyond the first plane too.
TEXT = st.text(st.characters(codec="utf-8"), max_size=30) | st.sampled_from(
    ["=1+1", "'=1", "''+2", "-5", "@cmd", "a\nb", "a⏎b", " a ", "1.0", "007", "2026-01-01", "TRUE",
     "_x000D_", "𠮷野家", "'", "1e5", "99999999999999999999"]
)  # fmt: skip
WORDS = TEXT.map(texts.plain).filter(bool)
LINE = WORDS.map(lambda text: " ".join(text.split())).filter(bool)


@st.composite
def courses(draw: st.DrawFn) -> tuple[Told, ...]:
    """Steps that the machine takes, of whichever people and with whatever words."""
    found: list[Told] = []
    taken: list[Taken] = []
    for at in range(draw(st.integers(1, 9))):
        step = draw(st.sampled_from(list(STEPS)) if taken else st.just("open"))
        given = Told(
            step,
            draw(st.sampled_from(PEOPLE)),
            BEGUN + timedelta(days=at, microseconds=draw(st.integers(0, 999_999))),
            draw(TEXT.map(texts.plain)),
            draw(st.lists(measures(), min_size=1, max_size=3).map(tuple))
            if step == "assign"
            else (),
            draw(st.lists(pieces(), max_size=2).map(tuple)),
        )
        one = Taken(
            step, frozenset({given.by}), len(given.evidence), bool(given.measures), bool(given.note)
        )
        if broken([*taken, one]) is None:
            found.append(given)
            taken.append(one)
    return tuple(found)


def measures() -> st.SearchStrategy[Measure]:
    units = st.lists(LINE, min_size=1, max_size=3, unique=True).map(lambda u: tuple(sorted(u)))
    return st.builds(Measure, WORDS, units)


def pieces() -> st.SearchStrategy[Evidence]:
    file = st.builds(
        Evidence,
        text=st.just(""),
        file_name=LINE,
        media_type=st.sampled_from(MEDIA_TYPES),
        size=st.integers(1, 5 << 20),
        sha256=st.text("0123456789abcdef", min_size=64, max_size=64),
    )
    return st.builds(Evidence, text=WORDS) | file


@st.composite
def problems(draw: st.DrawFn) -> list[Loaded]:
    count = draw(st.integers(1, 3))
    codes = draw(st.lists(LINE.map(lambda t: t[:40].strip()).filter(bool), min_size=count,
                          max_size=count, unique=True))  # fmt: skip
    found = []
    for number, code in enumerate(codes):
        household = draw(st.sampled_from([None, f"H{number:02d}"]))
        about = Problem(
            draw(st.sampled_from(texts.SOURCES)),
            draw(st.sampled_from(["other", "rule.exit_income", "gap.water"])),
            draw(st.sampled_from(texts.SUBJECT_KINDS)),
            f"{number}{draw(LINE)}"[:80].strip(),
            draw(st.sampled_from([COUNTY, WEST, MILL])),
            draw(WORDS),
            household,
            draw(LINE | st.just("")),
            draw(st.none() | st.dates(date(2000, 1, 1), date(2100, 1, 1))),
            code,
        )
        found.append(Loaded(about, None, draw(courses())))
    return found


def stage(lang: str) -> SimpleNamespace:
    """As much of a stage as writing a workbook asks for."""
    place = SimpleNamespace(name="试验县")
    return SimpleNamespace(
        lang=lang,
        t=lambda key, /, **values: term(key, lang, **values),  # type: ignore[arg-type]
        simulated="",
        county=SimpleNamespace(data_date=TODAY, places={COUNTY: place}, checks={}, rules={}),
        named=lambda declared: declared.zh,
        name=lambda code: "试验县",
        place=place,
    )


def taken_out(state: State, lang: str = "zh") -> bytes:
    with state.reading() as session:
        every = asking.every(session, inspector(), Filter(COUNTY, TODAY))
        return book.written(stage(lang), every, "全部", "张三")  # type: ignore[arg-type]


def read(content: bytes) -> list[Loaded]:
    with brought_book.read(BytesIO(content)) as reading:
        assert reading.refusal is None
        return workbook_reading.read(book.sheet_rows(reading), COUNTY)


def kept(state: State) -> list[Loaded]:
    with state.reading() as session:
        every = asking.every(session, inspector(), Filter(COUNTY, TODAY))
        return [workbook.as_loaded(each) for each in every]


_EXAMPLES = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@_EXAMPLES
@given(problems(), st.sampled_from(LANGUAGES))
def test_whatever_is_written_comes_back_the_same(
    tmp_path_factory: pytest.TempPathFactory, given: list[Loaded], lang: str
) -> None:
    """Loaded, taken out, loaded into an empty home: nothing of any column is lost or changed."""
    first, second = tmp_path_factory.mktemp("a"), tmp_path_factory.mktemp("b")
    with opened(first) as state, opened(second) as other:
        told = loading.load(state, CLERK, given)
        assert (told.opened, told.unchanged) == (len(given), 0)
        content = taken_out(state, lang)
        again = read(content)
        assert again == kept(state)
        assert loading.load(other, CLERK, again).opened == len(given)
        assert kept(other) == kept(state)
        assert loading.load(state, CLERK, again).unchanged == len(given)


@given(TEXT.map(texts.plain))
def test_a_guarded_text_is_no_formula_and_is_read_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(BEGINS)


def test_every_column_is_there_in_either_language(state: State) -> None:
    mended(state, "H05", of_file("a.png", PNG))
    for lang in LANGUAGES:
        out = load_workbook(BytesIO(taken_out(state, lang)))
        assert out.sheetnames == [term(f"sheet_{key}", lang) for key in COLUMNS]
        for key, columns in COLUMNS.items():
            rows = list(out[term(f"sheet_{key}", lang)].iter_rows(values_only=True))
            assert rows[3] == tuple(term(f"field_{c}", lang) for c in columns)
            assert len(rows) > 4 and "张三" in str(rows[2])
    assert set(TOLD) <= {column for columns in COLUMNS.values() for column in columns}


def sheet(content: dict[str, list[list[str]]]) -> bytes:
    """A workbook as an office makes one: heads in the first row."""
    target = BytesIO()
    out = xlsxwriter.Workbook(target, {"in_memory": True})
    for name, rows in content.items():
        page = out.add_worksheet(name)
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                page.write(line, place, cell)
    out.close()
    return target.getvalue()


def test_an_offices_own_list_is_opened_as_it_stands(state: State) -> None:
    """33 problems, 91 measures, 29 units, as a township's list of rectification had them."""
    heads = ["问题编号", "问题内容", "行政区划代码", "整改时限"]
    listed = [[f"巡视-{n:02d}", f"问题{n}", WEST, "2026/6/30"] for n in range(1, 34)]
    counts = [3] * 25 + [2] * 8
    assert sum(counts) == 91
    units = [f"单位{n % 29 + 1}" for n in range(91)]
    rows, at = [], 0
    for code, number in zip((row[0] for row in listed), counts, strict=True):
        for _ in range(number):
            rows.append([code, f"措施{at}", units[at]])
            at += 1
    content = sheet(
        {
            "清单": [["某镇整改台账"], [], heads, *listed],
            "措施": [["问题编号", "整改措施", "责任单位"], *rows],
        }
    )
    assert loading.load(state, CLERK, read(content)).opened == 33
    with state.reading() as session:
        every = asking.every(session, inspector(), Filter(COUNTY, TODAY))
        assert {each.state for each in every} == {"assigned"}
        assert sum(len(each.steps[1].measures) for each in every) == 91
        assert len(asking.units(session, inspector())) == 29
        assert {each.due for each in every} == {date(2026, 6, 30)}
        assert {step.by for each in every for step in each.steps} == {"lu.ru"}


BASE = [["问题编号", "问题内容", "行政区划代码", "办理状态"]]
STEPS_HEAD = ["问题编号", "步骤序号", "步骤", "办理人", "办理时间"]


@pytest.mark.parametrize(
    ("content", "field", "why"),
    [
        ({"a": [*BASE, ["", "x", WEST, ""]]}, "code", "empty"),
        ({"a": [*BASE, ["A", "", WEST, ""]]}, "title", "empty"),
        ({"a": [*BASE, ["A", "x", "西川", ""]]}, "region_code", "unknown"),
        ({"a": [*BASE, ["A", "x", WEST, "差不多"]]}, "state", "unknown"),
        ({"a": [*BASE, ["A", "x", WEST, ""], ["A", "y", WEST, ""]]}, "code", "twice"),
        (
            {"a": [*BASE, ["A", "x", WEST, ""]],
             "b": [STEPS_HEAD, ["B", "1", "立为问题", "张", "2026-01-01"]]},
            "code", "stray",
        ),
        (
            {"a": [*BASE, ["A", "x", WEST, ""]],
             "b": [STEPS_HEAD, ["A", "2", "立为问题", "张", "2026-01-01"]]},
            "step_number", "gap",
        ),
        (
            {"a": [*BASE, ["A", "x", WEST, ""]],
             "b": [STEPS_HEAD, ["A", "1", "立为问题", "张", "昨天"]]},
            "at", "date",
        ),
        (
            {"a": [*BASE, ["A", "x", WEST, ""]],
             "b": [["问题编号", "整改措施", "责任单位"], ["A", "做", ""]]},
            "unit", "empty",
        ),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_is_named(
    content: dict[str, list[list[str]]], field: str, why: str
) -> None:
    with pytest.raises(Unfit) as raised:
        read(sheet(content))
    errors = [fault.error for fault in raised.value.faults]
    assert (field, why) in {(e.field, e.why) for e in errors}  # type: ignore[attr-defined]
    assert all(fault.row >= 2 for fault in raised.value.faults)


def course(*steps: tuple[str, str], **more: object) -> tuple[Told, ...]:
    proof, given = (Evidence("看过"),), (Measure("做", ("镇",)),)
    return tuple(
        Told(key, by, BEGUN + timedelta(days=place), "因",
             given if key == "assign" else (), proof if key == "mend" else ())
        for place, (key, by) in enumerate(steps)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("steps", "state_told", "why"),
    [
        (course(("open", "a"), ("mend", "b")), None, "step_state"),
        (course(("open", "a"), ("assign", "a"), ("mend", "b"), ("verify", "b")), None,
         "step_not_mender"),
        (course(("open", "a"), ("reject", "a")), None, "step_not_finder"),
        (course(("open", "a")), "closed", "other"),
        ((Told("open", "a", datetime.now(UTC) + timedelta(1)),), None, "order"),
    ],
)  # fmt: skip
def test_a_history_that_the_machine_does_not_allow_is_not_loaded(
    state: State, steps: tuple[Told, ...], state_told: str | None, why: str
) -> None:
    with pytest.raises(Unfit) as raised:
        loading.load(state, CLERK, [Loaded(problem(code="A"), state_told, steps, row=7)])
    (fault,) = raised.value.faults
    assert (fault.row, fault.error.why) == (7, why) and kept(state) == []  # type: ignore[attr-defined]


def test_one_fault_and_nothing_is_loaded(state: State) -> None:
    good = Loaded(problem(code="A"), None, ())
    twice = Loaded(problem(code="B"), None, ())
    with pytest.raises(Unfit) as raised:
        loading.load(state, CLERK, [good, twice])
    assert isinstance(raised.value.faults[0].error, writing.AlreadyOpen) and kept(state) == []


def test_what_is_there_and_says_otherwise_is_refused(state: State) -> None:
    closed(state)
    (whole,) = read(taken_out(state))
    assert loading.load(state, CLERK, [whole]).unchanged == 1
    other = Loaded(problem(code=whole.problem.code, title="改了"), None, whole.steps)
    with pytest.raises(Unfit, match="1"):
        loading.load(state, CLERK, [other])


def test_who_loads_is_no_second_person_and_loads_their_own_places_only(state: State) -> None:
    loader = viewers.viewer(
        viewers.grant("data_clerk", WEST), viewers.grant("inspector", WEST), subject="lu.ru"
    )
    steps = course(("open", "a"), ("assign", "a"), ("mend", "b"))
    with pytest.raises(Unfit):
        loading.load(state, viewers.role("data_clerk", EAST), [Loaded(problem(code="A"), None, ())])
    with pytest.raises(Unfit):
        loading.load(state, inspector(), [Loaded(problem(code="A"), None, ())])
    loading.load(state, loader, [Loaded(problem(code="A"), None, steps)])
    (number,) = _numbers(state)
    with pytest.raises(writing.NotTaken, match="not_mender"):
        writing.take(state, loader, number, "verify", Given())
    writing.take(state, inspector(), number, "verify", Given())


def _numbers(state: State) -> list[int]:
    with state.reading() as session:
        return [f.number for f in asking.every(session, inspector(), Filter(COUNTY, TODAY))]


def test_a_file_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with brought_book.read(BytesIO(b"%PDF-1.4 nothing")) as reading:
        assert reading.refusal is not None
    with brought_book.read(BytesIO(sheet({"a": [["姓名"], ["张试"]]}))) as reading:
        assert "problems" not in book.sheet_rows(reading)


def test_measures_of_an_own_list_wait_for_their_units(state: State) -> None:
    first = Loaded(problem(code="A"), None, (), (WATER,))
    loading.load(state, CLERK, [first])
    with state.reading() as session:
        asked = Filter(COUNTY, TODAY, unit="西川镇")
        assert asking.count(session, inspector(), asked) == 1
