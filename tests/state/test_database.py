"""Where what people write is kept: made, migrated, private, one text for both databases."""

from __future__ import annotations

import sqlite3
import stat
import threading
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import select, text

from state.database import ADDRESS, FILE, StateError, connect, open_state, opened
from state.migrations import HEAD
from state.tables import Base, Grant, GrantRegion, Person
from tests.test_walls import ROOT

BORN = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)


def test_the_newest_migration_is_the_one_that_is_named() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "state" / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_migrations_make_the_tables_that_are_declared(kept_in: str, tmp_path: Path) -> None:
    with opened(tmp_path / "home") as state, state.engine.connect() as connection:
        assert state.engine.dialect.name == kept_in
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert state.revision() == HEAD


def test_what_is_written_is_there_when_it_is_opened_again(kept_in: str, tmp_path: Path) -> None:
    east = timezone(timedelta(hours=8))
    with opened(tmp_path) as state, state.writing() as session:
        session.add(Person(subject="li", name="李四", made_at=BORN.astimezone(east)))
        session.flush()
        session.add(
            Grant(
                number=7,
                subject="li",
                role="inspector",
                begins=date(2026, 1, 1),
                given_by="张三",
                given_at=BORN,
                regions=[GrantRegion(code="611025101"), GrantRegion(code="611025")],
            )
        )
    with opened(tmp_path) as state, state.reading() as session:
        grant = session.scalars(select(Grant)).one()
        assert (grant.person.name, grant.codes) == ("李四", ("611025", "611025101"))
        assert grant.person.made_at == BORN and grant.person.made_at.tzinfo == UTC
        assert (grant.ends, grant.revoked_at) == (None, None)


def test_a_change_that_raises_leaves_nothing(kept_in: str, tmp_path: Path) -> None:
    with opened(tmp_path) as state:
        with pytest.raises(RuntimeError), state.writing() as session:
            session.add(Person(subject="li", name="李四", made_at=BORN))
            session.flush()
            raise RuntimeError
        with state.reading() as session:
            assert session.scalars(select(Person)).all() == []


def test_a_grant_of_nobody_is_refused_by_the_database(kept_in: str, tmp_path: Path) -> None:
    with opened(tmp_path) as state, pytest.raises(StateError), state.writing() as session:
        session.add(Grant(number=1, subject="nobody", role="inspector", begins=date(2026, 1, 1),
                          given_by="a", given_at=BORN))  # fmt: skip


def test_a_reader_sees_one_moment(kept_in: str, tmp_path: Path) -> None:
    with opened(tmp_path) as state, opened(tmp_path) as other:
        with state.reading() as session:
            assert session.scalars(select(Person.subject)).all() == []
            with other.writing() as writing:
                writing.add(Person(subject="li", name="李四", made_at=BORN))
            assert session.scalars(select(Person.subject)).all() == []
        with state.reading() as session:
            assert session.scalars(select(Person.subject)).all() == ["li"]


def test_a_home_opened_at_once_by_many_is_migrated_once(kept_in: str, tmp_path: Path) -> None:
    failed: list[BaseException] = []

    def work() -> None:
        try:
            open_state(tmp_path).close()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []


def test_the_database_of_a_newer_program_is_left_alone(kept_in: str, tmp_path: Path) -> None:
    with opened(tmp_path) as state, state.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StateError) as raised:
        open_state(tmp_path)
    assert raised.value.reason == "newer"
    state = connect(tmp_path)
    assert state.revision() == "9999"
    state.close()


# SQLite alone


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ADDRESS, raising=False)


def test_the_file_is_its_owners_alone_and_keeps_a_log_ahead(alone: None, tmp_path: Path) -> None:
    with opened(tmp_path) as state, state.engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
        assert connection.scalar(text("PRAGMA busy_timeout")) == 10_000
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob(f"{FILE}*")}
    assert modes == {FILE: 0o600, f"{FILE}-wal": 0o600, f"{FILE}-shm": 0o600}


def test_a_damaged_page_is_told(alone: None, tmp_path: Path) -> None:
    with opened(tmp_path) as state, state.writing() as session:
        session.add_all(Person(subject=f"p{n}", name="名" * 60, made_at=BORN) for n in range(200))
    size = (tmp_path / FILE).stat().st_size
    with (tmp_path / FILE).open("r+b") as file:
        for page in range(size // 4096 - 4, size // 4096):
            file.seek(page * 4096)
            file.write(b"\xff" * 16)
    state = connect(tmp_path)
    try:
        assert state.damage() != []
    finally:
        state.close()


def test_what_is_no_database_is_told(alone: None, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"nothing that SQLite wrote" * 100)
    with pytest.raises(StateError) as raised:
        open_state(tmp_path)
    assert raised.value.reason == "broken"


def test_a_writer_that_waits_too_long_is_told(
    alone: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("state.database._PATIENCE", 0)
    open_state(tmp_path).close()
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with opened(tmp_path) as state, pytest.raises(StateError) as raised, state.writing():
        pass
    other.close()
    assert raised.value.reason == "busy"


@pytest.mark.parametrize("said", ["mysql://a:secret@b/c", "no address", "sqlite:///x.db"])
def test_an_address_of_another_kind_is_refused_without_its_password(
    said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS, said)
    with pytest.raises(StateError) as raised:
        open_state(tmp_path)
    assert raised.value.reason == "address"
    assert "secret" not in str(raised.value)


def test_a_server_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS, f"postgresql://a:secret@/x?host={tmp_path}")
    with pytest.raises(StateError) as raised:
        open_state(tmp_path / "home")
    assert raised.value.reason == "unreachable"
    assert "secret" not in str(raised.value)
