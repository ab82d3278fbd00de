"""How much memory a database over a home takes, and where it puts what does not fit."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import duckdb

from store import leftovers
from store.settings import setting

_NAME = "spill"
_numbers = count(1)  # two databases of one process must not share a folder


def limit(connection: duckdb.DuckDBPyConnection, home: Path, *, megabytes: int = 0) -> Path:
    """Hold a connection to so many MiB (0: those that are set), the rest to a folder of the home.

    Gives the folder: hidden, there while something lies in it, and DuckDB's own to remove. What a
    process that was killed has left is swept when the next one begins.
    """
    leftovers.clear(home, _NAME)
    folder = leftovers.working_name(home / f"{_NAME}-{next(_numbers)}")
    connection.execute(f"SET memory_limit = '{megabytes or setting('TAIZHANG_MEMORY_MB')} MiB'")
    connection.execute("SET temp_directory = $folder", {"folder": str(folder)})
    return folder
