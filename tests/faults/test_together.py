"""Several at once: one import at a time, and readers who see one snapshot or the other."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pytest

from loaders import __main__ as command
from store.reader import Engine, Reader
from store.scope import Scope
from store.snapshots import Home, PublishBusy
from tests import small_county
from tests.faults import county
from tests.test_walls import ROOT

READERS = 50
PUBLISHES = 8
_HOLD = """
import datetime, os, sys
from store.snapshots import Home
from tests import small_county

def hold(handle):
    print("held", flush=True)
    sys.stdin.read()

os.fsync = hold
Home(sys.argv[1]).publish(
    small_county.tables(), data_date=datetime.date(2025, 12, 31), county_code="999001",
    loaded_by=sys.argv[2], sources=[], report={},
)
"""


def marked(number: int) -> dict[str, pa.Table]:
    """The small county with every table of households bearing a mark of its own."""
    tables = small_county.tables()
    for name, column in (
        ("household", "head_name"),
        ("ledger_entry", "responsible"),
        ("measure", "detail"),
    ):
        index = tables[name].column_names.index(column)
        mark = pa.array([f"第{number}次"] * tables[name].num_rows, pa.string())
        tables[name] = tables[name].set_column(index, column, mark)
    return tables


def publish(home: Home, number: int) -> None:
    snapshot = home.publish(
        marked(number),
        data_date=datetime.date(2025, 12, 31),
        county_code=small_county.COUNTY,
        loaded_by="试验员",
        sources=[],
        report={},
    )
    assert snapshot.number == number


class Viewer(threading.Thread):
    """Asks what is current again and again for three tables' marks."""

    QUERY = (
        "SELECT DISTINCT head_name AS mark FROM {household} "
        "UNION SELECT DISTINCT responsible FROM {ledger_entry} "
        "UNION SELECT DISTINCT detail FROM {measure}"
    )

    def __init__(self, server: Server):
        super().__init__(daemon=True)
        self.server = server
        self.seen: list[int] = []
        self.wrong: list[object] = []

    def run(self) -> None:
        try:
            while not self.server.done.is_set():
                self.look()
        except Exception as error:
            self.wrong.append(error)

    def look(self) -> None:
        number, reader = self.server.reader()
        for _ in range(2):  # a page asks several times, and stays with what it began with
            marks = [row["mark"] for row in reader.rows(self.QUERY)]
            if marks != [f"第{number}次"]:
                self.wrong.append((number, marks))
        self.seen.append(number)


class Server:
    """One engine a snapshot, and a cursor of it for each run of a page, as the dashboard has it."""

    def __init__(self, home: Home):
        self.home, self.done = home, threading.Event()
        self._engines: dict[int, Engine] = {}
        self._lock = threading.Lock()

    def reader(self) -> tuple[int, Reader]:
        snapshot = self.home.current()
        with self._lock:
            if snapshot.number not in self._engines:
                self._engines[snapshot.number] = Engine(snapshot)
            engine = self._engines[snapshot.number]
        return snapshot.number, engine.reader(Scope.of([small_county.COUNTY]), reveal=True)


def test_fifty_readers_see_no_mixed_snapshot(tmp_path: Path) -> None:
    server = Server(Home(tmp_path))
    publish(server.home, 1)
    viewers = [Viewer(server) for _ in range(READERS)]
    for viewer in viewers:
        viewer.start()
    for number in range(2, PUBLISHES + 1):
        publish(server.home, number)
    while not all(PUBLISHES in viewer.seen or viewer.wrong for viewer in viewers):
        time.sleep(0.05)
    server.done.set()
    for viewer in viewers:
        viewer.join()
    assert [error for viewer in viewers for error in viewer.wrong] == []
    assert all(viewer.seen == sorted(viewer.seen) for viewer in viewers), "time went back"
    assert len({number for viewer in viewers for number in viewer.seen}) > 2


@contextmanager
def an_import_under_way(home: Path, who: str) -> Iterator[int]:
    """Another process that holds the home until the block is left; its number."""
    other = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(home), who],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert other.stdout and other.stdout.readline() == b"held\n"
    try:
        yield other.pid
    finally:
        other.kill()
        other.communicate()


def test_a_second_import_is_refused_by_name_of_the_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, raw = tmp_path / "home", county.write(tmp_path / "raw", 20)
    county.load(raw, home)
    at = ("--home", str(home), "--date", county.DAY.isoformat())
    before = county.state(home)
    with an_import_under_way(home, "王乡长") as process:
        assert command.main(["import", str(raw), *at]) == 2
        said = capsys.readouterr().err
        assert "王乡长" in said and str(process) in said
        with pytest.raises(PublishBusy, match="王乡长"):
            small_county.publish(home)
    assert county.state(home) == before
    # The first was killed, and holds nothing any more.
    assert command.main(["import", str(raw), *at]) == 0, "a killed one holds nothing"


def test_of_imports_started_together_each_is_whole_or_refused(tmp_path: Path) -> None:
    home, raw = tmp_path / "home", county.write(tmp_path / "raw", 20)
    county.load(raw, home)
    at = ("--home", str(home), "--date", county.DAY.isoformat())
    together = [
        subprocess.Popen(
            [sys.executable, "-m", "loaders", "import", str(raw), *at],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    ends = [(process.communicate()[1], process.returncode) for process in together]
    published = [code for _, code in ends if code == 0]
    assert published
    for said, code in ends:
        assert code == 0 or (code == 2 and "未入库" in said)
    assert len(Home(home).numbers()) == 1 + len(published)
    assert county.remains(home) == []
