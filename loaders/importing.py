"""An import from first to last: recognise, read, clean, assemble, publish, report."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from loaders import layouts, readers, shapes
from loaders.assemble import assemble
from loaders.audit import Audit, masked
from loaders.clean import REGISTER, Batch, clean
from loaders.divisions import Divisions
from loaders.report import Report
from store.snapshots import Home

Progress = Callable[[Iterable[Any], int], Iterable[Any]]

COUNTY = "611025"
_NAMED = ("region_code", "short_name")


def silent(items: Iterable[Any], total: int) -> Iterable[Any]:
    """Progress that shows nothing."""
    return items


def run(
    paths: Sequence[Path],
    home: Home,
    data_date: date,
    *,
    loaded_by: str,
    county_code: str = COUNTY,
    progress: Progress = silent,
) -> Report:
    """Import files and folders as one snapshot of a county at a date.

    ``progress`` is given the files' readings and their number, and passes them on. Without one
    household nothing is published and the report has no snapshot. Raises FileNotFoundError for a
    county without reference data, and what ``Home.publish`` raises.
    """
    divisions = Divisions.load(county_code)
    files = readers.find(paths)
    audit = Audit()
    batches: list[Batch] = []
    for reading in progress(readers.read_all(files), len(files)):
        batches += clean_file(reading, divisions, audit)
    tables = assemble(batches, layouts.load(), divisions, audit)
    report = Report.of(audit, data_date, county_code)
    if tables[REGISTER].num_rows == 0:
        return report
    snapshot = home.publish(
        tables,
        data_date=data_date,
        county_code=county_code,
        loaded_by=loaded_by,
        sources=[_source(path) for path in files if path.is_file()],
        report=report.as_dict(),
    )
    names = dict(zip(*(tables["region"][c].to_pylist() for c in _NAMED), strict=True))
    shapes.ensure(home.path, county_code, names)
    return replace(report, snapshot=snapshot.number)


def clean_file(reading: readers.Reading, divisions: Divisions, audit: Audit) -> list[Batch]:
    """Cleaned sheets of one file; a file without a known sheet goes to quarantine whole."""
    if reading.refusal:
        audit.refuse(reading.path.name, reading.refusal)
        return []
    found = [(sheet, layouts.matches(sheet)) for sheet in reading.sheets if sheet.rows_count]
    if not any(matches for _, matches in found):
        audit.refuse(reading.path.name, "unknown_layout")
        return []
    for sheet, matches in found:
        if not matches:
            audit.skip(sheet.file, sheet.name, rows=sheet.rows_count)
    return [
        batch
        for sheet, matches in found
        for match in matches
        for batch in clean(sheet, match, divisions, audit)
    ]


def _source(path: Path) -> dict[str, Any]:
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    return {"file": masked(path.name), "bytes": path.stat().st_size, "sha256": digest}
