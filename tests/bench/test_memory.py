"""The home that the memory is measured over: one data date after the other, ready to be opened."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from metrics.derive import derived_names
from store.snapshots import Home
from tests import small_county
from tests.bench import memory


def test_copies_stand_for_further_dates(small_home: Home, tmp_path: Path) -> None:
    home = memory.copies(small_home, tmp_path, 2)
    assert home.numbers() == [1, 2] and home.current_number() == 2
    day = small_county.DATA_DATE
    assert [home.open(n).data_date for n in (1, 2)] == [day - timedelta(days=1), day]
    derived = {folder.name for folder in (tmp_path / "derived").iterdir()}
    assert derived == set(derived_names(home))
    assert small_home.current().path("member").is_file(), "the source is only read"
