"""The declared faults can be put in, and name tests that there are."""

from __future__ import annotations

from pathlib import Path

from tests.mutants.__main__ import ROOT, nodes, stale
from tests.mutants.mutations import MUTATIONS, Mutation
from views.context.sitemap import BY_KEY

_ROOMS = {"views", "metrics", "rules", "loaders", "store"}


def test_every_fault_can_be_put_in() -> None:
    """Each text stands exactly once in its file, and becomes another."""
    assert not stale(MUTATIONS)
    assert all(m.old != m.new and m.why for m in MUTATIONS)


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
