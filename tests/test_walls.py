"""The walls between the rooms, read off the imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
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
    "papers": {"store", "metrics", "charts"},
    "glossary": {"store"},
    "access": {"store", "state"},
    "findings": {"store", "state", "access"},
    "sampling": {"store", "state", "access", "findings"},
    "views": {
        "store",
        "state",
        "rules",
        "metrics",
        "charts",
        "glossary",
        "access",
        "findings",
        "sampling",
        "papers",
    },
    "pages": {"store", "rules", "metrics", "charts", "glossary", "access", "views"},
    "gate": {"store", "state", "glossary", "access"},
}
ROOMS = set(ALLOWED)
# The data page starts imports and hands refused rows out, and a workbook that comes back is read as
# any: nothing else shown reaches the loaders.
STARTS_IMPORTS = {
    ROOT / "views" / "sections" / "data" / f"{name}.py"
    for name in ("account", "questions", "snapshots", "uploads", "withdrawing")
} | {ROOT / "views" / "parts" / "brought_book.py"}
# Commands and acts that are written to the audit. Snapshots themselves know nothing of it.
RECORDED = {
    ROOT / "loaders" / "__main__.py",
    ROOT / "loaders" / "faults.py",
    ROOT / "loaders" / "jobs.py",
    ROOT / "loaders" / "withdrawing.py",
    ROOT / "store" / "__main__.py",
}
# Exact chances and bounds are arithmetic that needs nothing of the program, and lie with the
# samples that they were made for.
CHANCES = {ROOT / "metrics" / f"{name}.py" for name in ("pace", "standing")}
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
        allowed |= {"sampling"} if path in CHANCES else set()
        crossed = (_imports(path) & ROOMS) - allowed
        assert not crossed, f"{path.relative_to(ROOT)} imports {crossed}"


def test_exact_chances_are_all_that_metrics_take_of_samples_and_need_nothing() -> None:
    assert not _imports(ROOT / "sampling" / "chances.py") & ROOMS
    for path in CHANCES:
        taken = [
            [alias.name for alias in node.names]
            for node in ast.walk(ast.parse(path.read_text(encoding="utf8")))
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sampling")
        ]
        assert taken == [["chances"]], path.name


@pytest.mark.parametrize("room", sorted(ROOMS - STREAMLIT))
def test_streamlit_stays_in_pages_and_views(room: str) -> None:
    for path in _files(room):
        assert "streamlit" not in _imports(path), path.relative_to(ROOT)


@pytest.mark.parametrize("room", sorted(ROOMS - {"state", "access", "findings", "sampling"}))
def test_what_people_write_is_asked_by_its_rooms_alone(room: str) -> None:
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


# Where a view may reckon, since no number of a page comes of it: how wide, how far, how large.
DRAWING = {
    "bar:_choice": "the width of a choice in letters' heights",
    "choice_bar:_draw": "the width of a choice on a large screen",
    "chart_blocks:frame": "the sizes of type on a large screen",
    "registries:_years": "whether years follow one another, to write them as a range",
    "villages_and_county:_amount": "rounded as it is shown",
    "households:pager": "the pages near this one",
    "lists:rounded": "rounded as it is shown",
    "legend:legend": "lengths of the legend's bars",
    "numbers:palette": "how many colours a scale has",
    "picture:_svg": "the folder of a version of the shapes",
    "projects:says": "rounded as it is shown",
    "qr:code": "the width of a code with the quiet ground around it",
    "snapshots:_room": "whether the disk is nearly full",
    "snapshots:_bytes": "bytes as megabytes",
    "stress:rounded": "rounded as it is shown",
    "uploads:_step": "the length of a progress bar",
    "what_if:span": "the ends of a slider",
}
_RECKONING = {"sum", "fsum", "mean", "median", "bincount", "floor", "ceil", "divmod", "round"}
_RECKONING |= {"Counter", "cumsum", "average", "prod"}


def _is_path(node: ast.expr) -> bool:
    """Whether a ``/`` joins a path: some part of it is text."""
    if isinstance(node, ast.BinOp):
        return _is_path(node.left) or _is_path(node.right)
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_set(node: ast.expr) -> bool:
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return isinstance(node, ast.Set | ast.SetComp) or (named and node.func.id == "set")  # type: ignore[attr-defined]


def _reckons(node: ast.AST) -> bool:
    """Whether a node makes a number of numbers; the neighbour of a year, page or row does not."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        return name in _RECKONING
    if isinstance(node, ast.AugAssign):
        return isinstance(node.value, ast.Constant) or not isinstance(node.op, ast.Add | ast.BitOr)
    if not isinstance(node, ast.BinOp):
        return False
    if isinstance(node.op, ast.Sub):
        one = isinstance(node.right, ast.Constant) and node.right.value == 1
        return not (one or _is_set(node.left) or _is_set(node.right))
    if isinstance(node.op, ast.Div):
        return not _is_path(node)
    return isinstance(node.op, ast.Mult | ast.FloorDiv | ast.Mod | ast.Pow)


def _reckoning(tree: ast.AST, inside: str = "") -> list[tuple[str, int]]:
    """Function and line of each node that reckons, as deep as functions go."""
    found = []
    for node in ast.iter_child_nodes(tree):
        here = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else inside
        if _reckons(node):
            found.append((here, node.lineno))  # type: ignore[attr-defined]
        found += _reckoning(node, here)
    return found


@pytest.mark.parametrize(
    "text",
    ["sum(a)", "100 * a / b", "a - b", "a // 50", "n += 1", "n -= m", "np.floor(a)", "Counter(a)"],
)
def test_what_reckons_is_found(text: str) -> None:
    assert _reckoning(ast.parse(f"def f():\n    {text}")), text


@pytest.mark.parametrize("text", ["year - 1", "a + b", "set(a) - {1}", "PATH / 'x'", "head += [1]"])
def test_what_does_not_reckon_is_let_be(text: str) -> None:
    assert not _reckoning(ast.parse(text)), text


def test_pages_and_views_show_numbers_and_make_none() -> None:
    """Sums, shares, differences and counts come from metrics and rules, where tests hold them."""
    found: dict[str, list[int]] = {}
    for path in [*_files("views"), *_files("pages")]:
        for function, line in _reckoning(ast.parse(path.read_text(encoding="utf8"))):
            found.setdefault(f"{path.stem}:{function}", []).append(line)
    assert not {place: lines for place, lines in found.items() if place not in DRAWING}
    assert DRAWING.keys() <= found.keys(), "an exception that nothing needs any more"


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


def test_what_torture_tries_more_of_is_run_by_it() -> None:
    """``times`` and ``some`` mean nothing in a test that is not marked."""
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        text = path.read_text(encoding="utf8")
        if "from tests.torture import" in text:
            assert "mark.harder" in text or "mark.torture" in text, path.relative_to(ROOT)


def _unordered(tree: ast.AST) -> Iterator[int]:
    """Lines of what is read in groups without saying in which order."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("rows", "frame"):
            sql = ast.unparse(node.args[0]) if node.args else ""
            if "GROUP BY" in sql and "ORDER BY" not in sql.rsplit("GROUP BY", 1)[1]:
                yield node.lineno


def test_what_is_read_in_groups_says_its_order() -> None:
    # DuckDB answers groups in the order in which its threads were ready: two visits of one page
    # would draw the same bands in another order.
    assert [*_unordered(ast.parse("r.rows('SELECT a FROM b ORDER BY 1 GROUP BY a')"))] == [1]
    assert not [*_unordered(ast.parse("r.rows('SELECT a FROM b GROUP BY a ORDER BY ALL')"))]
    files = [path for room in ("metrics", "views", "papers", "sampling") for path in _files(room)]
    assert not [(path, line) for path in files for line in _unordered(ast.parse(path.read_text()))]
