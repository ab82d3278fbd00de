"""What is simulated is said on pages and in workbooks: all, a part, or nothing at all."""

from __future__ import annotations

import ast
import json
from io import BytesIO
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from glossary import Lang, term, terms
from metrics import lists
from metrics.county import County, open_county
from metrics.quality import FindingFilter, Findings
from store.scope import Scope
from store.simulated import State
from store.snapshots import Home
from tests import small_county
from tests.small_county import COUNTY
from tests.views.parts.test_pieces import _stage
from views.parts.workbook import households_workbook
from views.sections.data import report
from views.sections.quality import field_workbook

ROOT = Path(__file__).parents[2]
STATES: list[State] = ["all", "part", "none"]
WORDS: dict[tuple[State, Lang], str] = {
    ("all", "zh"): "模拟数据",
    ("part", "zh"): "含模拟数据",
    ("none", "zh"): "",
    ("all", "en"): "Simulated data",
    ("part", "en"): "Partly simulated data",
    ("none", "en"): "",
}
# The one way from a snapshot to its words, and the notes that go with them.
ALLOWED = {
    "views/context/stage.py": {"simulated", "simulated_part"},
    "views/frame.py": {"simulated_note", "simulated_part_note"},
    "views/sections/data/report.py": {"simulated", "simulated_part", "simulated_files"},
}


@pytest.fixture(scope="module", params=STATES)
def county(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> County:
    home = tmp_path_factory.mktemp(request.param)
    small_county.publish(home, simulated=request.param)
    return open_county(Home(home))


def _titles(book: bytes) -> set[str]:
    sheets = CalamineWorkbook.from_filelike(BytesIO(book))
    return {sheets.get_sheet_by_name(n).to_python()[0][0] for n in sheets.sheet_names}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_workbook_says_it_in_its_title(county: County, lang: Lang) -> None:
    words = WORDS[county.simulated, lang]
    stage = _stage(county, lang=lang)
    rows = lists.all_households(stage.reader, stage.households(), county.rules, "household_id")
    found = Findings(county.reader(Scope.of([COUNTY])), county.checks, None)
    listed = field_workbook.workbook(_stage(county, on="quality", lang=lang),
                                 found.all(FindingFilter(COUNTY)), "", "")  # fmt: skip
    titles = _titles(households_workbook(stage, rows, "", "")) | _titles(listed)
    assert len(titles) == 3
    for title in titles:
        assert title.endswith(f"({words})") if words else "(" not in title


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("state", STATES)
def test_the_report_of_an_import_says_it(state: State, lang: Lang) -> None:
    sources = [{"file": "甲.xlsx", "simulated": state != "none"}, {"file": "乙.xlsx"}]
    told = " ".join(report.notes({"simulated": state, "sources": sources}, _in(lang), lang))
    assert told.startswith(WORDS[state, lang]) and ("甲.xlsx" in told) == (state == "part")
    assert "乙.xlsx" not in told and bool(told) == (state != "none")


def _in(lang: Lang) -> report.Say:
    return lambda key, /, **values: term(key, lang, **values)


def test_nothing_else_that_is_shown_says_it() -> None:
    """No other word of the views or of the glossary that the snapshot would not be asked for."""
    words = terms()
    saying = {k for k, v in words.items() if _says(json.dumps(v, ensure_ascii=False))}
    assert saying == {name for names in ALLOWED.values() for name in names}
    paths = [
        p for room in ("views", "pages", "charts", "metrics") for p in (ROOT / room).rglob("*")
    ]
    for path in [ROOT / "dashboard.py", ROOT / "server.py", *paths]:
        if path.suffix == ".py" and path != ROOT / "metrics" / "__main__.py":
            name = path.relative_to(ROOT).as_posix()
            assert {text for text in _texts(path) if _says(text)} <= ALLOWED.get(name, set()), name
        elif path.suffix in (".js", ".css", ".yaml", ".html"):
            assert not _says(path.read_text("utf-8")), path


def _says(text: str) -> bool:
    return "模拟" in text or "simulated" in text.lower()


def _texts(path: Path) -> list[str]:
    """Texts of a module that are no docstrings, and no names of keys or packages."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return [n.value for n in constants if isinstance(n.value, str) and id(n) not in docs]
