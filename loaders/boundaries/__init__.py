"""A county's own boundaries: from a file of any usual format to the shapes that the map draws.

The whole work on a file is done in a process of its own under limits: parsers of maps are large
and old, and a shape of a few hundred bytes can ask for hours of geometry.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from loaders.accounts.audit import masked
from loaders.boundaries.report import Report
from store.shapes import make_current

SECONDS = 120
MEMORY = 1 << 30  # bytes of address space

_ROOT = Path(__file__).parents[2]
# The parser asks no network, loads no plug-in, and one thread a library keeps to the memory.
_QUIET = {
    "GDAL_CACHEMAX": "64",
    "GDAL_DRIVER_PATH": "disable",
    "GDAL_HTTP_MAX_RETRY": "0",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "100",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "PROJ_NETWORK": "OFF",
    "PYTHONDONTWRITEBYTECODE": "1",
}


def load(
    path: Path,
    home: Path,
    county_code: str,
    *,
    level: str | None = None,
    column: str | None = None,
    crs: str | None = None,
    gcj02: bool = False,
    seconds: float = SECONDS,
) -> Report:
    """Make a file's shapes those of a county's level from now on; the report says what came of it.

    ``level`` is village or township, ``column`` that of codes or names: both are found where they
    are not given. ``crs`` declares what the file does not, ``gcj02`` that its coordinates are
    shifted. A refusal is in the report, never raised, and leaves the map as it was.
    """
    order = order_for(path, home, county_code, level=level, column=column, crs=crs, gcj02=gcj02)
    report = _worked(order, seconds)
    if report.version:
        make_current(home, county_code, report.version)
    return report


def order_for(path: Path, home: Path, county_code: str, **options: Any) -> dict[str, Any]:
    """What the process is told: the options of ``load``, and the file's name as it may be shown."""
    return {
        "file": masked(path.name) or "",
        "path": str(path.absolute()),
        "home": str(home.absolute()),
        "county_code": county_code,
        **options,
    }


def _worked(order: dict[str, Any], seconds: float) -> Report:
    """What the process that did the work says, or why it could not."""
    refused = Report(order["file"], order["county_code"], refusal="unreadable_file")
    try:
        done = subprocess.run(
            [sys.executable, "-m", "loaders.boundaries"],
            input=json.dumps(order).encode(),
            capture_output=True,
            timeout=seconds,
            check=False,
            cwd=_ROOT,
            env={**os.environ, **_QUIET},
        )
    except subprocess.TimeoutExpired:
        return replace(refused, refusal="timeout", details={"seconds": round(seconds)})
    return refused if done.returncode else Report.from_dict(json.loads(done.stdout))
