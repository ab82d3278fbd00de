"""What changes a home's snapshots stands in the audit; what cannot is not done."""

from __future__ import annotations

from pathlib import Path

import pytest

from loaders import __main__ as command
from loaders import jobs
from state import audit
from state.audit import NotRecorded
from state.chain import Entry
from state.database import ADDRESS, FILE, opened
from store import __main__ as store_command
from store.snapshots import Home, NoSnapshot
from tests.faults import county
from tests.loaders import sheets
from tests.loaders.imports import derived_by


@pytest.fixture(autouse=True)
def in_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESS, raising=False)
    derived_by(monkeypatch, lambda home, number: "")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return county.write(tmp_path / "raw", 30)


def load(home: Path, raw: Path, *words: str) -> int:
    paths = [str(path) for path in sorted(raw.iterdir())]
    about = ["--home", str(home), "--county", "611025", "--date", "2025-12-31"]
    return command.main(["import", *paths, *about, *words])


def entries(home: Path) -> list[Entry]:
    with opened(home) as state, state.reading() as session:
        assert audit.check(session, home)[0] is None
        return list(audit.entries(session, home))


def told(home: Path) -> list[tuple[str, str]]:
    return [(entry.kind, entry.outcome) for entry in entries(home)]


def test_imports_and_what_undoes_them_are_recorded(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    monkeypatch.setenv("LOGNAME", "李四")
    assert load(home, raw, "--dry-run") in (0, 3)
    assert told(home) == []
    assert load(home, raw) in (0, 3)
    begun, done = entries(home)
    assert begun.actor == "李四" and begun.about["account"] == audit.account()
    assert begun.about["files"] == sorted(path.name for path in raw.iterdir())
    assert done.about == {"begun": 1, "snapshot": 1, "current": True}
    county.write(raw, 31)
    assert load(home, raw) in (0, 3)
    assert command.main(["withdraw", "2", "--home", str(home)]) in (0, 3)
    jobs.roll_back(Home(home), 1, f"王五{sheets.identity()}")
    assert store_command.main(["forget", "2", "--why", "wrong", "--home", str(home)]) == 0
    assert store_command.main(["prune", "--yes", "--newest", "0", "--home", str(home)]) == 0
    kinds = ["import", "import", "withdrawal", "roll_back", "removal", "removal"]
    outcomes = ("begun", "done")
    assert told(home) == [(kind, outcome) for kind in kinds for outcome in outcomes]
    found = entries(home)
    assert found[4].about["withdraws"] == 2 and found[5].about["snapshot"] == 3
    assert (found[6].about["from"], found[6].about["to"]) == (3, 1)
    assert sheets.identity() not in found[6].actor and found[6].actor.startswith("王五")
    assert (found[8].about["snapshots"], found[8].about["why"]) == ([2], "wrong")
    assert found[11].about["left"] == []


def test_what_fails_or_publishes_nothing_is_recorded_as_failed(raw: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "x.txt").write_text("nothing\there\n1\t2\n", "utf-8")
    assert load(home, tmp_path / "empty") == 2
    assert load(home, raw) in (0, 3)
    assert command.main(["withdraw", "1", "--home", str(home)]) == 2
    with pytest.raises(NoSnapshot):
        jobs.roll_back(Home(home), 9, "a")
    assert store_command.main(["forget", "1", "--why", "x", "--home", str(home)]) == 2
    assert [outcome for _, outcome in told(home)] == [
        "begun", "failed", "begun", "done", "begun", "failed", "begun", "failed", "begun", "failed",
    ]  # fmt: skip


def test_what_cannot_be_recorded_is_not_done(
    raw: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = tmp_path / "home"
    for _ in range(3):
        county.load(raw, home)
    before = sorted(home.rglob("*")), county.state(home)
    (home / FILE).write_bytes(b"somebody wrote over it" * 200)
    assert load(home, raw) == 2
    assert "操作记录写不进去" in capsys.readouterr().err
    assert command.main(["withdraw", "2", "--home", str(home)]) == 2
    assert store_command.main(["forget", "1", "--why", "x", "--home", str(home)]) == 2
    assert "操作记录写不进去" in capsys.readouterr().err
    assert store_command.main(["prune", "--yes", "--newest", "0", "--home", str(home)]) == 2
    with pytest.raises(NotRecorded):
        jobs.roll_back(Home(home), 1, "a")
    left = [path for path in sorted(home.rglob("*")) if not path.name.startswith(FILE)]
    assert (left, county.state(home)) == before
