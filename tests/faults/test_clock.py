"""The server's clock set back: order is the snapshot's number, never the time."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from metrics.county import open_county
from store import snapshots
from store.snapshots import Home
from tests import small_county


class Yesterday(datetime.datetime):
    """A clock that is a day behind."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
        return datetime.datetime.now(tz) - datetime.timedelta(days=1)


def test_a_clock_set_back_changes_no_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = small_county.publish(tmp_path)
    monkeypatch.setattr(snapshots, "datetime", Yesterday)
    second = small_county.publish(tmp_path)
    long_ago = 1_000_000_000
    for path in [second.folder, *second.folder.iterdir()]:
        os.utime(path, (long_ago, long_ago))
    assert second.manifest["loaded_at"] < first.manifest["loaded_at"]
    home = Home(tmp_path)
    assert home.numbers() == [1, 2]
    assert home.current() == second
    assert open_county(home).snapshot == second
    third = small_county.publish(tmp_path)
    assert (third.number, home.current_number()) == (3, 3)


def test_an_older_data_date_loaded_later_is_not_shown_until_asked(tmp_path: Path) -> None:
    """What is shown goes back to an earlier day only by somebody's word."""
    latest = small_county.publish(tmp_path, datetime.date(2025, 12, 31))
    earlier = small_county.publish(tmp_path, datetime.date(2025, 11, 30))
    home = Home(tmp_path)
    assert (earlier.number, home.current()) == (2, latest)
    home.make_current(earlier.number)
    assert home.current() == earlier
    again = small_county.publish(tmp_path, datetime.date(2025, 11, 30))
    assert home.current() == again, "the same day anew"
    told = small_county.publish(tmp_path, datetime.date(2025, 10, 31), make_current=True)
    assert home.current() == told
