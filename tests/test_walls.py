"""The walls between the rooms, read off the imports."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# Which rooms a room may import. The stream runs loaders -> store -> rules -> metrics -> charts ->
# pages and never back; charts know tables only.
ALLOWED = {
    "store": set(),
    "state": {"store"},
    "loaders": {"store", "glossary"},
    "rules": {"store"},
    "metrics": {"store", "rules"},
    "charts": set(),
    "glossary": {"store"},
    "access": {"store", "state"},
    "views": {"store", "state", "rules", "metrics", "charts", "glossary", "access"},
    "pages": {"store", "rules", "metrics", "charts", "glossary", "access", "views"},
    "gate": {"store", "glossary"},
}
ROOMS = set(ALLOWED)
# The data page starts imports and hands refused rows out: nothing else shown reaches the loaders.
STARTS_IMPORTS = {
    ROOT / "views" / "sections" / "data" / f"{name}.py"
    for name in ("account", "questions", "snapshots", "uploads", "withdrawing")
}
# Commands and acts that are written to the audit. Snapshots themselves know nothing of it.
RECORDED = {
    ROOT / "loaders" / "__main__.py",
    ROOT / "loaders" / "faults.py",
    ROOT / "loaders" / "jobs.py",
    ROOT / "loaders" / "withdrawing.py",
    ROOT / "store" / "__main__.py",
}
STREAMLIT = {"views", "pages", "gate"}
# Writing a snapshot is the loaders' business, SQL the reader's: nothing else opens DuckDB.
DUCKDB = {"store", "rules", "metrics", "loaders"}


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


def _files(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_room_imports_only_what_lies_upstream(room: str) -> None:
    files = _files(room)
    assert files, f"{room} is empty"
    for path in files:
        allowed = ALLOWED[room] | {room}
        allowed |= {"loaders"} if path in STARTS_IMPORTS else set()
        allowed |= {"state"} if path in RECORDED else set()
        crossed = (_imports(path) & ROOMS) - allowed
        assert not crossed, f"{path.relative_to(ROOT)} imports {crossed}"


@pytest.mark.parametrize("room", sorted(ROOMS - STREAMLIT))
def test_streamlit_stays_in_pages_and_views(room: str) -> None:
    for path in _files(room):
        assert "streamlit" not in _imports(path), path.relative_to(ROOT)


@pytest.mark.parametrize("room", sorted(ROOMS - {"state", "access"}))
def test_what_people_write_is_asked_by_its_room_alone(room: str) -> None:
    for path in _files(room):
        assert not _imports(path) & {"sqlalchemy", "alembic", "psycopg"}, path.relative_to(ROOT)


@pytest.mark.parametrize("room", sorted(ROOMS - DUCKDB))
def test_duckdb_stays_behind_the_reader(room: str) -> None:
    for path in _files(room):
        assert "duckdb" not in _imports(path), path.relative_to(ROOT)


def test_a_parser_imports_nothing_else_of_the_program() -> None:
    """Parsers run alone, on files of anybody: what they could reach, a hostile file could."""
    for path in sorted((ROOT / "loaders" / "parsers").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
            modules = (
                [alias.name for alias in node.names]
                if isinstance(node, ast.Import)
                else [node.module or ""]
                if isinstance(node, ast.ImportFrom)
                else []
            )
            for module in modules:
                inside = module == "loaders.parsers" or module.startswith("loaders.parsers.")
                assert inside or module.split(".")[0] not in ROOMS, f"{path.name}: {module}"


# What reads its text as Markdown. Texts of addresses, files and people go through
# ``views.browser.notices`` and ``paper``, which take them as they are.
MARKDOWN = {
    "badge", "caption", "error", "exception", "header", "html", "info", "latex", "markdown",
    "subheader", "success", "text", "title", "toast", "warning", "write",
}  # fmt: skip


@pytest.mark.parametrize("room", sorted(STREAMLIT))
def test_no_page_says_anything_in_markdown(room: str) -> None:
    for path in [*_files(room), ROOT / "dashboard.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                said = node.value.id == "st" and node.attr in MARKDOWN
                assert not said, f"{path.relative_to(ROOT)}: st.{node.attr}"


def test_pages_are_thin() -> None:
    long = {p.name: n for p in _files("pages") if (n := len(p.read_text().splitlines())) > 90}
    assert not long


def test_modules_and_functions_keep_their_size() -> None:
    large = []
    for room in ROOMS:
        for path in _files(room):
            text = path.read_text(encoding="utf8")
            if len(text.splitlines()) > 350:
                large.append(str(path.relative_to(ROOT)))
            large += [
                f"{path.relative_to(ROOT)}:{node.name}"
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
                and (node.end_lineno or 0) - node.lineno >= 50
            ]
    assert not large
