"""The declared faults can be put in, and name tests that there are."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
import yaml

from tests.mutants.__main__ import LIMIT, MOST_ALIVE, ROOT, fate, nodes, stale, unexplained
from tests.mutants.mutations import MUTATIONS, Mutation
from views.context.sitemap import BY_KEY

_ROOMS = {"views", "metrics", "rules", "loaders", "store"}


def test_every_fault_can_be_put_in() -> None:
    """Each text stands exactly once in its file, and becomes another."""
    assert not stale(MUTATIONS)
    assert all(m.old != m.new and m.why for m in MUTATIONS)


def test_every_fault_leaves_a_file_that_can_be_read() -> None:
    """One that cannot even be imported would be found by any test."""
    reads = {".py": ast.parse, ".yaml": yaml.safe_load}
    broken = []
    for mutation in MUTATIONS:
        text = (ROOT / mutation.file).read_text("utf8").replace(mutation.old, mutation.new)
        try:
            reads.get(Path(mutation.file).suffix, str)(text)
        except (SyntaxError, yaml.YAMLError) as error:
            broken.append((mutation.file, mutation.why, str(error)))
    assert broken == []


def test_faults_are_of_every_room_and_enough() -> None:
    assert {Path(m.file).parts[0] for m in MUTATIONS} == _ROOMS
    assert len({(m.file, m.old, m.new) for m in MUTATIONS}) == len(MUTATIONS) >= 60


def test_every_fault_names_tests_that_there_are() -> None:
    for mutation in MUTATIONS:
        assert mutation.tests
        for test in mutation.tests:
            assert test.removeprefix("@") in BY_KEY if test[0] == "@" else (ROOT / test).exists(), (
                test
            )


def test_a_text_that_is_gone_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("one one")
    gone = [Mutation("a.py", old, "x", ("t",), "why") for old in ("one", "two")]
    missing = Mutation("b.py", "one", "x", ("t",), "why")
    assert len(stale([*gone, missing], tmp_path)) == 3
    assert nodes(["@exit", "tests/x.py"])[0].endswith("[exit-{}]")


@pytest.mark.parametrize(
    ("becomes", "limit", "told"),
    [("2", LIMIT, "killed"), ("1 ", LIMIT, "SURVIVED"), ("sleep(9999)", 5, "NO END")],
)
def test_a_fault_is_killed_survives_or_does_not_end(
    tmp_path: Path, becomes: str, limit: int, told: str
) -> None:
    code = "from time import sleep\nvalue = 1\n"
    (tmp_path / "a.py").write_text(code)
    (tmp_path / "test_a.py").write_text("import a\ndef test_a(): assert a.value == 1\n")
    mutation = Mutation("a.py", "value = 1", f"value = {becomes}", ("test_a.py",), "why")
    assert fate(tmp_path, mutation, None, limit) == told
    assert (tmp_path / "a.py").read_text() == code, "the next one begins with a sound tree"
    nothing = Mutation("a.py", "value = 1", "value = 2", ("test_a.py::test_b",), "why")
    with pytest.raises(SystemExit, match=r"no tests for a\.py"):
        fate(tmp_path, nothing, None)


def test_who_lives_has_a_reason_and_they_are_few() -> None:
    def of(n: int, lives: str = "") -> Mutation:
        return Mutation("a.py", f"{n}", "x", ("t",), "why", lives)

    assert not unexplained({of(1): "killed", of(2, "not seen"): "SURVIVED"})
    assert unexplained({of(1): "SURVIVED"}) == ["lives without a reason: a.py: why"]
    assert unexplained({of(1): "NO END"}) == ["lives without a reason: a.py: why"]
    assert "has a reason to live" in unexplained({of(1, "not seen"): "killed"})[0]
    many = {of(n, "not seen"): "SURVIVED" for n in range(MOST_ALIVE + 1)}
    assert unexplained(many) == ["4 live, 3 may"]
