"""What writing down who looks costs of a page's script: ``python -m tests.bench.witness HOME``.

Two views of a list, and of a household, alternate, so that each run writes an entry. Processor
time: of the writing alone, as a share of the whole run, so that a busy machine tells the same. It
writes to the home's state: give it a copy.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from state import audit
from tests.pages.running import opened

RUNS = 20
_WRITE = audit.record


def measure(home: Path) -> dict[str, tuple[float, float]]:
    """Milliseconds of a run, and of the writing in it, by page; in a process of its own."""
    os.environ["TAIZHANG_HOME"] = str(home)
    writing: list[float] = []

    def timed(*given: Any, **more: Any) -> Any:
        began = time.thread_time()
        try:
            return _WRITE(*given, **more)
        finally:
            writing.append(1e3 * (time.thread_time() - began))

    audit.record = timed
    pages = (
        ("ledgers", "group", ("income_drop", "borderline")),
        ("household", "id", ("61102500000018", "61102500000002")),
    )
    found = {}
    for page, key, values in pages:
        app = opened(page, **{key: values[0]})
        writing.clear()
        taken = []
        for number in range(RUNS):
            app.query_params[key] = values[(number + 1) % 2]
            began = time.process_time()
            app.run()
            taken.append(1e3 * (time.process_time() - began))
        assert len(writing) == RUNS, "each run is another view"
        found[page] = statistics.median(taken), statistics.median(writing)
    return found


def main() -> None:
    """Print a line a page."""
    for page, (whole, part) in measure(Path(sys.argv[1])).items():
        print(f"{page}: {whole:.1f} ms a run, of it {part:.2f} ms written down, {part / whole:.1%}")


if __name__ == "__main__":
    main()
