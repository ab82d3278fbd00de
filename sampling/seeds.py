"""The number that orders a sample: nobody chose it, and everybody can work it out again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from state import audit
from state.database import State
from store.snapshots import MANIFEST

_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Seed:
    """A seed, and what it was made of: the snapshot's manifest and the audit's last entry then."""

    number: int
    manifest: str
    entry: int
    entry_hash: str


def seed_of(manifest: str, entry_hash: str) -> int:
    """The number that two SHA-256 in hex give: the first 60 bits of ``manifest|entry`` hashed, its
    last twelve decimal digits."""
    mixed = hashlib.sha256(f"{manifest}|{entry_hash}".encode()).hexdigest()
    return int(mixed[:15], 16) % 10**_DIGITS


def fresh(state: State, snapshot: Path) -> Seed:
    """A seed for a sample of a snapshot, which lies in a folder. Raises OSError and StateError.

    The audit's last entry has the moment and all that was done before in its hash: who draws can
    neither know nor choose it, and it stays in the chain for whoever works the number out again.
    """
    manifest = hashlib.sha256((snapshot / MANIFEST).read_bytes()).hexdigest()
    with state.reading() as session:
        head = audit.head(session)
    return Seed(seed_of(manifest, head.hash), manifest, head.number, head.hash)
