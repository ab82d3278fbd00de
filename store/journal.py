"""Records that are only ever added to: one JSON object a line, in files of the home."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def append(path: Path, entry: Mapping[str, Any]) -> None:
    """Add an entry with the moment of it, behind one that was cut short too. Raises OSError."""
    line = json.dumps({"at": now(), **entry}, ensure_ascii=False)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as handle:
        handle.write(f"\n{line}".encode())
        handle.flush()
        os.fsync(handle.fileno())


def entries(path: Path) -> Iterator[dict[str, Any]]:
    """The entries of a file; one that was cut short is none."""
    if not path.is_file():
        return
    for line in path.read_text("utf-8", "replace").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def now() -> str:
    """The moment as records hold it: UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
