"""Which files the rows of an import's tables come from, and which of them are simulated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from loaders.accounts.audit import SheetAudit
from loaders.assembly.carry_over import WAITING
from loaders.assembly.merging import Merging
from store import simulated
from store.simulated import Origin, State

REFUSED = "quarantine"
_LOST = ("replaced", "absent", "doubled")  # fates of rows that are in the county no more


def given(sheets: Sequence[SheetAudit], states: Sequence[State]) -> Iterator[Origin]:
    """Of the sheets of this import, each with what it says of itself."""
    for sheet, state in zip(sheets, states, strict=True):
        if sheet.accepted or sheet.mended:
            yield Origin(sheet.match.layout.table, sheet.file, state)
        if sheet.quarantined:
            yield Origin(REFUSED, sheet.file, state)


def kept(merging: Merging, names: Sequence[str], refused: pa.Table) -> list[Origin]:
    """Of the snapshot before, as far as rows of it stand, wait, or are refused still.

    ``names`` are the tables of the county's rows, ``refused`` the table of refused rows.
    """
    snapshot = merging.base.snapshot
    if snapshot is None:
        return []
    known = {file for table, file in simulated.files(snapshot) if table == REFUSED}
    files = _files(merging, names)
    still = set(pc.unique(refused["file"]).to_pylist())
    files += [(REFUSED, file) for file in sorted(still & known)]
    return simulated.kept(snapshot, files)


def _files(merging: Merging, names: Sequence[str]) -> list[tuple[str, str]]:
    """Tables with the files of their rows that were in the snapshot before, or waited in it."""
    found = merging.base.files_kept({name: merging.fated(name, _LOST) for name in names})
    waited = [n for n in names if merging.waiting.counts.get(n) or merging.waiting.returned.get(n)]
    if waited:
        listed = ", ".join(f"'{name}'" for name in waited)
        query = f"""SELECT DISTINCT table_name, coalesce(file, '') FROM base_{WAITING}
            WHERE table_name IN ({listed})"""
        found |= set(merging.staging.sql.execute(query).fetchall())
    return sorted(found, key=lambda pair: (names.index(pair[0]), pair[1]))
