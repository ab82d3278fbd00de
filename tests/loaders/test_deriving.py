"""The process that stands ready to derive: it answers once, fails alone, and ends unasked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from loaders.deriving import Deriving
from tests import small_county
from tests.test_walls import ROOT


def test_it_says_what_the_command_says(tmp_path: Path) -> None:
    small_county.publish(tmp_path)
    said = Deriving(tmp_path).derive(1)
    words = ["-m", "metrics", "derive", "--home", str(tmp_path), "--snapshot", "1"]
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert said == done.stdout and "findings" in done.stdout


def test_what_cannot_be_derived_is_none_and_stops_nothing(tmp_path: Path) -> None:
    small_county.publish(tmp_path)
    assert Deriving(tmp_path).derive(99) is None


def test_one_that_is_not_asked_ends_when_it_is_closed(tmp_path: Path) -> None:
    deriving = Deriving(tmp_path)
    process = deriving._process
    deriving.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(process, 0)


def test_arrow_does_without_pandas_until_it_is_asked_for_it() -> None:
    script = """
import sys
from loaders.parsers.no_pandas import spare_pandas
spare_pandas()
import pyarrow as pa
table = pa.table({"a": pa.array([1, 2])})
assert "pandas" not in sys.modules
assert table.to_pandas()["a"].tolist() == [1, 2]
"""
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)
