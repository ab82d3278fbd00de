"""The audit in either database: appended, checked, searched, moved into archives, refused."""

from __future__ import annotations

import csv
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from state import archives, audit, rotation
from state.__main__ import main
from state.audit import Filter, NotRecorded
from state.chain import Head, Misfit
from state.database import FILE, State, opened
from state.tables import AuditEntry, AuditHead


@pytest.fixture
def state(kept_in: str, tmp_path: Path) -> Iterator[State]:
    with opened(tmp_path / "home") as found:
        yield found


def add(state: State, count: int) -> Head:
    for number in range(count):
        with state.writing() as session:
            audit.append(session, "list", "李四", {"filter": "group=a", "count": number})
    with state.reading() as session:
        return audit.head(session)


def checked(state: State, *known: Head) -> Misfit | None:
    with state.reading() as session:
        return audit.check(session, state.home, known)[0]


def test_entries_are_chained_and_read_back(state: State) -> None:
    head = add(state, 3)
    with state.reading() as session:
        found = list(audit.entries(session, state.home))
        assert audit.check(session, state.home) == (None, head)
    assert [entry.number for entry in found] == [1, 2, 3]
    assert [entry.about["count"] for entry in found] == [0, 1, 2]
    assert found[-1].hash == head.hash and found[2].previous == found[1].hash


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    who=st.text(st.characters(), max_size=300),
    about=st.dictionaries(
        st.text(st.characters(), max_size=9),
        st.text(st.characters(), max_size=9) | st.integers() | st.booleans() | st.none(),
        max_size=4,
    ),
)
def test_whatever_a_text_holds_fits_when_it_is_read_back(
    state: State, who: str, about: dict[str, object]
) -> None:
    with state.writing() as session:
        written = audit.append(session, "export", who, about)
    with state.reading() as session:
        assert audit.check(session, state.home)[0] is None
        *_, last = audit.entries(session, state.home)
    assert last == written
    assert last.about == about and last.actor


def test_many_at_once_make_one_chain(state: State) -> None:
    threads = [threading.Thread(target=add, args=(state, 10)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert checked(state) is None
    with state.reading() as session:
        assert audit.head(session).number == 60


def test_a_change_that_is_taken_back_takes_its_entry_along(state: State) -> None:
    head = add(state, 1)
    with pytest.raises(RuntimeError), state.writing() as session:
        audit.append(session, "grant", "a", {})
        raise RuntimeError
    with state.reading() as session:
        assert audit.head(session) == head


# What somebody did to it behind the program's back


def test_an_altered_entry_is_named(state: State) -> None:
    add(state, 5)
    with state.writing() as session:
        session.execute(update(AuditEntry).where(AuditEntry.number == 3).values(actor="nobody"))
    assert checked(state) == Misfit(3, "altered")


def test_an_unreadable_entry_is_named(state: State) -> None:
    add(state, 5)
    with state.writing() as session:
        session.execute(update(AuditEntry).where(AuditEntry.number == 2).values(about="{"))
    assert checked(state) == Misfit(2, "altered")


def test_a_missing_entry_is_named(state: State) -> None:
    add(state, 5)
    with state.writing() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.number == 4))
    assert checked(state) == Misfit(4, "missing")


def test_a_cut_end_is_named(state: State) -> None:
    printed = add(state, 5)
    with state.writing() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.number > 3))
    assert checked(state) == Misfit(4, "cut")
    with state.writing() as session:  # somebody thought of the head too
        third = session.get_one(AuditEntry, 3)
        session.execute(update(AuditHead).values(number=3, hash=third.hash))
    assert checked(state) is None
    assert checked(state, printed) == Misfit(4, "cut")


def test_without_its_head_everything_is_behind_it(state: State) -> None:
    add(state, 2)
    with state.writing() as session:
        session.execute(delete(AuditHead))
    assert checked(state) == Misfit(1, "altered")


# Acts


def test_an_act_is_written_before_and_after(kept_in: str, tmp_path: Path) -> None:
    with audit.recorded(tmp_path, "import", "李四", {"files": ["a.xlsx"]}) as act:
        with opened(tmp_path) as state, state.reading() as session:
            (begun,) = audit.entries(session, tmp_path)
        act.about["snapshot"] = 7
    with opened(tmp_path) as state, state.reading() as session:
        first, last = audit.entries(session, tmp_path)
    assert first == begun
    assert (first.kind, first.outcome, first.actor) == ("import", "begun", "李四")
    assert first.about == {"files": ["a.xlsx"], "account": audit.account()}
    assert (last.outcome, last.about) == ("done", {"begun": 1, "snapshot": 7})


def test_an_act_that_fails_is_written_as_failed(kept_in: str, tmp_path: Path) -> None:
    with pytest.raises(KeyError), audit.recorded(tmp_path, "removal", "a", {"snapshot": 3}):
        raise KeyError
    with opened(tmp_path) as state, state.reading() as session:
        last = list(audit.entries(session, tmp_path))[-1]
    assert (last.outcome, last.about) == ("failed", {"begun": 1, "why": "KeyError"})


def test_what_cannot_be_written_is_not_done(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("no database at all, but something else" * 40)
    done = False
    with pytest.raises(NotRecorded) as raised, audit.recorded(tmp_path, "import", "a", {}):
        done = True
    assert not done and not raised.value.done


def test_an_end_that_cannot_be_written_is_told_as_such(tmp_path: Path) -> None:
    with pytest.raises(NotRecorded) as raised, audit.recorded(tmp_path, "import", "a", {}):
        for path in tmp_path.glob(f"{FILE}*"):
            path.write_bytes(b"damaged since" * 100)
    assert raised.value.done


# Rotation


def older(state: State, numbers: range, days: int) -> None:
    """Entries that were written so many days ago, chained as they would have been then."""
    with state.writing() as session:
        head = session.get_one(AuditHead, 1)
        for row in session.scalars(select(AuditEntry).order_by(AuditEntry.number)):
            if row.number in numbers:
                row.at = datetime.now(UTC) - timedelta(days=days)
            row.previous = head.hash if row.number > 1 else "0" * 64
            entry = audit.read(row)
            assert isinstance(entry, audit.Entry)
            row.hash = head.hash = entry.fitting()


def test_rotation_loses_nothing(state: State) -> None:
    add(state, 9)
    older(state, range(1, 4), 400)
    older(state, range(4, 6), 200)
    with state.reading() as session:
        before = list(audit.entries(session, state.home))
    first = rotation.rotate(state, "a", days=300)
    second = rotation.rotate(state, "a")
    assert first and second
    assert (first.first, first.last, second.first, second.last) == (1, 3, 4, 5)
    assert rotation.rotate(state, "a") is None
    with state.reading() as session:
        after = list(audit.entries(session, state.home))
        kept = session.scalars(select(AuditEntry.number).order_by(AuditEntry.number)).all()
        assert audit.check(session, state.home)[0] is None
        assert len(list(audit.entries(session, state.home, Filter(kinds=("list",))))) == 9
    assert after[:9] == before and [entry.kind for entry in after[9:]] == ["rotation"] * 2
    assert kept == [6, 7, 8, 9, 10, 11]
    assert first.path.stat().st_mode & 0o777 == 0o600


def test_young_entries_stay(state: State) -> None:
    add(state, 2)
    assert rotation.rotate(state, "a") is None
    with pytest.raises(ValueError):
        rotation.rotate(state, "a", days=30)


@pytest.mark.parametrize("damage", ["gone", "altered"])
def test_a_damaged_archive_is_named(state: State, damage: str) -> None:
    add(state, 4)
    older(state, range(1, 4), 200)
    done = rotation.rotate(state, "a")
    assert done
    if damage == "gone":
        done.path.unlink()
    else:
        done.path.write_bytes(done.path.read_bytes().replace(b'"count":1', b'"count":7'))
    assert checked(state) == Misfit(1, "archive")


def test_what_does_not_fit_is_not_moved(state: State) -> None:
    add(state, 4)
    older(state, range(1, 4), 200)
    with state.writing() as session:
        session.execute(update(AuditEntry).where(AuditEntry.number == 2).values(actor="x"))
    with pytest.raises(rotation.NotWhole):
        rotation.rotate(state, "a")
    assert not list((state.home / archives.FOLDER).glob("*"))


def test_a_rotation_that_was_killed_is_taken_up_again(state: State) -> None:
    add(state, 4)
    older(state, range(1, 4), 200)
    left = archives.path_of(state.home, 1, 2)
    left.parent.mkdir()
    left.write_text("half a line")
    assert checked(state) is None
    assert rotation.rotate(state, "a")
    assert not left.exists() and checked(state) is None


# Commands


def test_the_commands_say_what_is_there(
    kept_in: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(tmp_path)]
    with opened(tmp_path) as state:
        head = add(state, 2)
        with state.writing() as session:
            audit.append(session, "export", "=1+1", {"rows": 5})
    assert main(["audit", "check", *home, "--head", str(head)]) == 0
    assert "3 条" in capsys.readouterr().out
    assert main(["audit", "list", "--kind", "export", *home]) == 0
    said = capsys.readouterr().out
    assert "导出" in said and "rows=5" in said and "查看名单" not in said
    path = tmp_path / "out.csv"
    assert main(["audit", "list", "--csv", str(path), *home]) == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["number"] for row in rows] == ["1", "2", "3"]
    assert rows[2]["actor"] == "'=1+1" and json.loads(rows[1]["about"])["count"] == 1
    assert rows[1]["hash"] == head.hash
    with opened(tmp_path) as state, state.writing() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.number == 1))
    assert main(["audit", "check", *home]) == 3
    assert "第 1 条" in capsys.readouterr().err
    assert main(["audit", "head", *home]) == 0
    assert capsys.readouterr().out.startswith("3:")


def test_filters_take_days_people_and_outcomes(state: State) -> None:
    add(state, 3)
    older(state, range(1, 2), 10)
    with state.writing() as session:
        audit.append(session, "refusal", "王五", {"page": "admin"}, "refused")
    now = datetime.now(UTC)
    asked = {
        Filter(): [1, 2, 3, 4],
        Filter(since=now - timedelta(days=1)): [2, 3, 4],
        Filter(before=now - timedelta(days=1)): [1],
        Filter(actor="王五"): [4],
        Filter(kinds=("list",)): [1, 2, 3],
        Filter(kinds=("list", "refusal"), outcome="refused"): [4],
    }
    with state.reading() as session:
        for wanted, numbers in asked.items():
            found = list(audit.entries(session, state.home, wanted))
            assert [entry.number for entry in found] == numbers, wanted
            assert all(wanted.takes(entry) for entry in found)
