"""Whether a snapshot's data are invented: as its files say of themselves, kept by every import.

A file that was simulated says so in a line above its header. A snapshot's manifest holds what every
file said whose rows the snapshot has (``Origin``), and what follows from all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

import pyarrow.compute as pc
import pyarrow.parquet as pq

from store.snapshots import Snapshot

State = Literal["all", "part", "none"]

# Prefectures that do not exist: what identity numbers of simulated people begin with.
_NOWHERE = ("6199", "4399")
_UNKNOWN = "9999"  # of a number that stands for one not given yet
_WHOLE = 18  # characters of an identity number


@dataclass(frozen=True, slots=True)
class Origin:
    """A file whose rows of a table a snapshot has, and what it says of them.

    The table is ``quarantine`` for rows that were refused.
    """

    table: str
    file: str
    state: State


def together(states: Iterable[State]) -> State:
    """The state of several taken together: ``part`` as soon as they differ."""
    different = set(states)
    if not different:
        return "none"
    return different.pop() if len(different) == 1 else "part"


def entry_of(origins: Sequence[Origin]) -> dict[str, Any]:
    """What a manifest holds under ``simulated``."""
    files: dict[tuple[str, str], list[State]] = {}
    for origin in origins:
        files.setdefault((origin.table, origin.file), []).append(origin.state)
    state = together(origin.state for origin in origins)
    return {"state": state, "files": [[*key, together(said)] for key, said in files.items()]}


def state_of(snapshot: Snapshot) -> State:
    """Whether all of a snapshot's rows are simulated, a part of them, or none.

    A manifest of before files were asked says nothing: then its people's numbers do.
    """
    entry = snapshot.manifest.get("simulated")
    return _by_numbers(snapshot) if entry is None else cast("State", entry["state"])


def kept(snapshot: Snapshot, pairs: Iterable[tuple[str, str]]) -> list[Origin]:
    """Origins of rows taken over from a snapshot, with the states that they had there.

    ``pairs`` are tables and files. One that the manifest does not know has the state of the whole.
    """
    known, rest = files(snapshot), state_of(snapshot)
    return [Origin(table, file, known.get((table, file), rest)) for table, file in pairs]


def files(snapshot: Snapshot) -> dict[tuple[str, str], State]:
    """What each file said of its rows, by table and file; empty where nothing was asked."""
    entry = snapshot.manifest.get("simulated", {})
    return {(table, file): state for table, file, state in entry.get("files", ())}


def _by_numbers(snapshot: Snapshot) -> State:
    """``all`` where every whole identity number is one that no place ever gave out."""
    if "member" not in snapshot.tables:
        return "none"
    column = pq.read_table(snapshot.path("member"), columns=["identity_number"])[0].drop_null()
    whole = column.filter(pc.greater_equal(pc.utf8_length(column), _WHOLE))
    found = pc.unique(pc.utf8_slice_codeunits(whole, 0, 4)).to_pylist()
    return together("all" if p in _NOWHERE else "none" for p in found if p != _UNKNOWN)
