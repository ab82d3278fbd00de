"""What writing down who looks costs of a page's script: ``python -m tests.bench.witness HOME``.

Views of a list and of a household alternate, so that each run writes an entry; the same again with
nothing written. Processor time, so that a busy machine tells the same. It writes to the home's
state: give it a copy.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from state import audit
from state.chain import START, Entry
from tests.pages.running import opened

RUNS = 30


@contextmanager
def nothing_written() -> Iterator[None]:
    """Pages run as ever, and no entry is made."""
    kept = audit.record
    now = audit.datetime.now(audit.UTC)
    audit.record = lambda *_, **__: Entry(0, now, "", "", "", {}, START, START)
    try:
        yield
    finally:
        audit.record = kept


def milliseconds(page: str, key: str, values: tuple[str, str]) -> float:
    """Median processor time of a run of a page whose view changes each time."""
    app = opened(page, **{key: values[0]})
    taken = []
    for number in range(RUNS):
        app.query_params[key] = values[(number + 1) % 2]
        began = time.process_time()
        app.run()
        taken.append(1e3 * (time.process_time() - began))
    return statistics.median(taken)


def main() -> None:
    os.environ["TAIZHANG_HOME"] = sys.argv[1]
    pages = (
        ("ledgers", "group", ("income_drop", "borderline")),
        ("household", "id", ("61102500000018", "61102500000002")),
    )
    for page, key, values in pages:
        with nothing_written():
            without = milliseconds(page, key, values)
        written = milliseconds(page, key, values)
        share = (written - without) / without
        print(f"{page}: {without:.1f} ms, written down {written:.1f} ms, {share:+.1%}")


if __name__ == "__main__":
    main()
