"""The files that an import was given: each by name and content, and what the snapshot before had.

Only files of one size can be the same: they are compared before anything is read. The others are
hashed while the parser's processes read them.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from loaders.reading import sheets
from store.lineage import lineage
from store.snapshots import Home, Snapshot


class Sources:
    """``before`` has the hashes of earlier imports' files by name."""

    def __init__(self, files: Sequence[Path], before: Mapping[str, set[str]], pool: Executor):
        self._files, self._before = files, before
        sizes = {path: path.stat().st_size for path in files if _readable(path)}
        of_size = Counter(sizes.values())
        self._alike = {path for path, size in sizes.items() if of_size[size] > 1}
        self._sizes = sizes
        self._hashes: dict[Path, Future[str]] = {path: pool.submit(_hash, path) for path in sizes}

    def once(self) -> list[Path]:
        """The files, those left out whose content an earlier one has."""
        seen: set[str] = set()
        kept = []
        for path in self._files:
            if path in self._alike:
                digest = self._hashes[path].result()
                if digest in seen:
                    continue
                seen.add(digest)
            kept.append(path)
        return kept

    def listed(self, simulated: Collection[str] = ()) -> list[dict[str, Any]]:
        """Name, bytes, SHA-256 and state of each file that could be opened.

        The state is ``new``, ``same`` as one of the snapshot before, ``changed`` under a name that
        it had, or ``twice`` for a file left out. ``simulated`` are the names of those that say of
        themselves that they are.
        """
        found, seen = [], set()
        held = {digest for digests in self._before.values() for digest in digests}
        for path, size in self._sizes.items():
            name, digest = sheets.shown(path.name), self._hashes[path].result()
            state = "same" if digest in held else "changed" if name in self._before else "new"
            state = "twice" if digest in seen else state
            seen.add(digest)
            entry = {"file": name, "bytes": size, "sha256": digest, "state": state}
            found.append(entry | {"simulated": name in simulated})
        return found


def files_of(home: Home, snapshot: Snapshot | None) -> dict[str, set[str]]:
    """Hashes by file name of all that a snapshot was made of, import after import."""
    found: dict[str, set[str]] = {}
    for number in lineage(home, snapshot.number) if snapshot else ():
        for source in home.open(number, verify=False).manifest["sources"]:
            found.setdefault(source["file"], set()).add(source["sha256"])
    return found


def _readable(path: Path) -> bool:
    return path.is_file() and os.access(path, os.R_OK)


def _hash(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
