"""Where what people write is kept: SQLite in the home, or the PostgreSQL that an address names.

``<home>/state.db`` by default; ``TAIZHANG_DATABASE_URL`` names a PostgreSQL database that is one
home's alone. Whoever opens it has the tables migrated to the program's. What is asked is written
for both; only how a connection is set up differs.
"""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from state.migrations import HEAD
from store.settings import setting

FILE = "state.db"
ADDRESS = "TAIZHANG_DATABASE_URL"
_LOCK = "STATE.LOCK"
_MIGRATIONS = Path(__file__).with_name("migrations")
_PATIENCE = 10  # seconds that a writer waits for another
_WRITES = "writes"


class StateError(OSError):
    """What people write cannot be kept or read; ``errno`` says why where the system told.

    ``reason`` is ``full``, ``closed``, ``busy``, ``unreachable``, ``address``, ``newer`` (than this
    program) or ``broken``. Its text holds no address and no password.
    """

    def __init__(self, reason: str, number: int | None = None):
        super().__init__(number, reason)
        self.reason = reason


class State:
    """An open database of what people write. A closed one is opened anew by the next use."""

    def __init__(self, home: Path, engine: Engine):
        self.home, self.engine = home, engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """One moment of it: what others write meanwhile is not seen. Raises StateError."""
        with _in_words(), self._connection(False) as connection, Session(connection) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A change: whole when the block ends, not at all if it raises. Raises StateError."""
        with (
            _in_words(),
            self._connection(True) as connection,
            connection.begin(),
            Session(connection, expire_on_commit=False) as session,
        ):
            yield session
            session.flush()

    @contextmanager
    def _connection(self, writes: bool) -> Iterator[Connection]:
        options: dict[str, Any] = {_WRITES: writes}
        if self.engine.dialect.name == "postgresql":
            options["isolation_level"] = "READ COMMITTED" if writes else "REPEATABLE READ"
        with self.engine.connect() as connection:
            yield connection.execution_options(**options)

    def revision(self) -> str | None:
        """The newest migration that was run; None for a database without tables."""
        with _in_words(), self.engine.connect() as connection:
            return _revision(connection)

    def damage(self) -> list[str]:
        """What the database itself finds wrong with its file; PostgreSQL keeps its own watch."""
        if self.engine.dialect.name != "sqlite":
            return []
        try:
            with self.engine.connect() as connection:
                said = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
                lost = connection.execute(text("PRAGMA foreign_key_check")).all()
        except DBAPIError as error:
            return [str(error.orig)]
        return [line for line in said if line != "ok"] + [f"{row[0]}: {row[2]}" for row in lost]

    def close(self) -> None:
        self.engine.dispose()


def address() -> str | None:
    """The PostgreSQL database that the environment names, for psycopg; None for the home's file.

    Raises StateError for what is no such address.
    """
    said = setting(ADDRESS)
    if not said:
        return None
    try:
        url = make_url(said)
    except ArgumentError:
        raise StateError("address") from None
    if url.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise StateError("address")
    return url.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


@contextmanager
def opened(home: Path) -> Iterator[State]:
    """The state of a home, migrated, closed again when the block ends. Raises StateError."""
    state = open_state(home)
    try:
        yield state
    finally:
        state.close()


_kept: dict[tuple[Path, str | None], State] = {}
_keeping = threading.Lock()


def kept_open(home: Path) -> State:
    """The state of a home, migrated, opened once for all threads of a server. Raises StateError."""
    name = (home, address())
    with _keeping:
        if name not in _kept:
            _kept[name] = open_state(home)
        return _kept[name]


def open_state(home: Path) -> State:
    """The state of a home, made where there is none, migrated to this program's tables.

    Raises StateError: for a database of a newer program too.
    """
    state = connect(home)
    try:
        upgrade(state)
    except BaseException:
        state.close()
        raise
    return state


def connect(home: Path) -> State:
    """The state of a home as it is, not migrated. Raises StateError."""
    url = address()
    with _files_in_words():
        home.mkdir(parents=True, exist_ok=True)
        if url is not None:
            return State(home, create_engine(url, pool_pre_ping=True))
        path = (home / FILE).resolve()
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # what SQLite adds has its mode
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return State(home, engine)


def upgrade(state: State, revision: str = HEAD) -> None:
    """Run the migrations that are lacking, one process at a time; all of them or none.

    Raises StateError.
    """
    if state.revision() == revision:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    with _in_words(), _files_in_words(), (state.home / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with state.engine.connect() as plain:
            connection = plain.execution_options(**{_WRITES: True})
            config.attributes["connection"] = connection
            try:
                with connection.begin():
                    command.upgrade(config, revision)
            except CommandError:
                raise StateError("newer") from None


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(select(text("version_num")).select_from(text("alembic_version")))


def _set_up(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {_PATIENCE * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",  # what was said to be written is there after a power cut
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """A writer takes its turn before it reads, so that it never has to give up half-way."""
    writes = connection.get_execution_options().get(_WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _in_words() -> Iterator[None]:
    """What databases say, as StateError."""
    try:
        yield
    except DBAPIError as error:
        said = getattr(error.orig, "sqlite_errorname", "") or getattr(error.orig, "sqlstate", "")
        if not said and (error.connection_invalidated or type(error.orig).__name__ in _NO_ANSWER):
            said = "08"
        for start, (reason, number) in _SAID.items():
            if (said or "").startswith(start):
                raise StateError(reason, number) from error
        raise StateError("broken") from error
    except SQLAlchemyError as error:
        raise StateError("broken") from error


@contextmanager
def _files_in_words() -> Iterator[None]:
    """What the system says of the files that a database needs, as StateError."""
    try:
        yield
    except StateError:
        raise
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise StateError("full" if full else "closed", error.errno) from error


_NO_ANSWER = ("OperationalError", "ConnectionTimeout")  # psycopg's, where no server answers
# By how SQLite's names and SQL's states of errors begin.
_SAID = {
    "SQLITE_FULL": ("full", errno.ENOSPC),
    "SQLITE_IOERR_READ": ("broken", None),
    "SQLITE_IOERR": ("full", errno.ENOSPC),  # a write that the system did not take
    "SQLITE_READONLY": ("closed", errno.EROFS),
    "SQLITE_CANTOPEN": ("closed", errno.EACCES),
    "SQLITE_BUSY": ("busy", None),
    "SQLITE_LOCKED": ("busy", None),
    "53100": ("full", errno.ENOSPC),
    "08": ("unreachable", None),
    "57P": ("unreachable", None),
}
