"""A copied folder is a backup: taken at any moment it opens, and it needs nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from metrics.county import open_county
from store.scope import Scope
from store.snapshots import Home, NoSnapshot
from tests import small_county
from tests.faults import county
from tests.test_walls import ROOT

COPIES = 12
_LOAD = (
    "import sys; from pathlib import Path; from tests.faults import county\n"
    "for _ in range(int(sys.argv[3])):\n"
    "    county.load(Path(sys.argv[1]), Path(sys.argv[2]))\n"
)


def test_a_copy_taken_while_imports_run_opens_and_takes_the_next_import(tmp_path: Path) -> None:
    home, raw = tmp_path / "home", county.write(tmp_path / "raw", 40)
    county.load(county.write(tmp_path / "before", 20), home)
    command = [sys.executable, "-c", _LOAD, str(raw), str(home), "4"]
    with subprocess.Popen(command, cwd=ROOT) as imports:
        copies = []
        while imports.poll() is None and len(copies) < COPIES:
            copies.append(tmp_path / f"copy{len(copies)}")
            # A file that vanishes under its hands makes cp complain: it was not published.
            subprocess.run(["cp", "-a", home, copies[-1]], check=False, stderr=subprocess.DEVNULL)
            time.sleep(0.2)
    assert imports.returncode == 0 and len(copies) > 3
    numbers = {Home(copy).current().number for copy in copies}
    assert numbers <= {1, 2, 3, 4, 5}
    last = copies[-1]
    county.load(raw, last)
    assert county.state(last) == county.state(home)
    assert county.remains(last) == []


def test_a_copy_made_around_a_publish_opens_with_the_snapshot_that_it_has(tmp_path: Path) -> None:
    """CURRENT copied after the folder of the snapshot that it names was listed."""
    small_county.publish(tmp_path)
    small_county.publish(tmp_path)
    shutil.rmtree(tmp_path / "snapshots" / "000002")
    home = Home(tmp_path)
    assert home.current().number == 1
    assert small_county.publish(tmp_path).number == 3
    assert home.current().number == 3
    shutil.rmtree(tmp_path / "snapshots")
    with pytest.raises(NoSnapshot):
        home.current()


def test_a_copy_elsewhere_stands_alone(tmp_path: Path) -> None:
    """Nothing in it points to where it came from."""
    source, copy = tmp_path / "server" / "home", tmp_path / "stick" / "taizhang"
    small_county.publish(source)
    everywhere = Scope.of([small_county.COUNTY])
    query = "SELECT household_id, village_code FROM {household_fact} ORDER BY ALL"
    rows = open_county(Home(source)).reader(everywhere).rows(query)
    shutil.copytree(source, copy)
    shutil.rmtree(source.parent)
    opened = open_county(Home(copy))
    assert opened.reader(everywhere).rows(query) == rows
    for path in copy.rglob("*"):
        if path.is_file():
            assert str(source).encode() not in path.read_bytes(), path.name
