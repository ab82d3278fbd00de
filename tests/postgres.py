"""Debian's PostgreSQL, started as an ordinary user in a temporary folder, where it is installed."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

_ROOTS = ("/usr/lib/postgresql", "/usr/local/pgsql")
_SETTINGS = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=40")


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs; None where there is none."""
    found = [path.parent for root in _ROOTS for path in Path(root).glob("*/bin/initdb")]
    numbered = [path for path in found if path.parent.name.isdigit()]
    return max(numbered, key=lambda path: int(path.parent.name), default=None)


def _user() -> str | None:
    """Whom the server runs as: it refuses root, for whom Debian's own user stands in."""
    if os.geteuid():
        return None
    with suppress(KeyError):
        return pwd.getpwnam("postgres").pw_name
    pytest.skip("PostgreSQL does not run as root, and there is no user postgres")


@contextmanager
def server() -> Iterator[str]:
    """The address of a new server's own database, over a socket in its folder; may skip."""
    here = programs()
    if here is None:
        pytest.skip("PostgreSQL is not installed")
    user = _user()
    folder = Path(tempfile.mkdtemp(prefix="pg-"))  # a socket's path has to be short
    if user:
        shutil.chown(folder, user)

    def run(*words: object) -> None:
        done = subprocess.run([str(w) for w in words], user=user, cwd=folder, capture_output=True,
                              text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stderr + done.stdout

    data = folder / "data"
    try:
        run(here / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "-N",
            "--locale=C")  # fmt: skip
        settings = " ".join(f"-c {each}" for each in _SETTINGS)
        run(here / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o",
            f"-k {folder} -h '' {settings}", "start")  # fmt: skip
        try:
            yield f"postgresql://tests@/postgres?host={folder}"
        finally:
            run(here / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(address: str, name: str) -> Iterator[str]:
    """The address of a new database on the server, gone again when the block ends."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        try:
            yield address.replace("/postgres?", f"/{name}?")
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
