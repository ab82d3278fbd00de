"""One bit of a table flipped: the manifest's hashes find every one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from metrics.county import open_county
from store.snapshots import Home, SnapshotDamaged
from tests import small_county
from tests.torture import times

FLIPS = times(24, 200)


@pytest.mark.harder
def test_every_flipped_bit_is_found(tmp_path: Path) -> None:
    """At places drawn over all bytes of all tables, so that large ones are hit more often."""
    snapshot = small_county.publish(tmp_path)
    home = Home(tmp_path)
    held = {path: path.read_bytes() for path in sorted(snapshot.folder.glob("*.parquet"))}
    bits = [(path, byte) for path, data in held.items() for byte in range(len(data))]
    chance = random.Random(2025)
    for path, byte in chance.sample(bits, FLIPS):
        spoilt = bytearray(held[path])
        spoilt[byte] ^= 1 << chance.randrange(8)
        path.write_bytes(spoilt)
        with pytest.raises(SnapshotDamaged, match=path.stem):
            home.current()
        path.write_bytes(held[path])
    assert home.current() == snapshot


def test_a_damaged_snapshot_is_not_shown_and_the_earlier_one_still_opens(tmp_path: Path) -> None:
    first = small_county.publish(tmp_path)
    second = small_county.publish(tmp_path)
    path = second.path("household")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)
    home = Home(tmp_path)
    with pytest.raises(SnapshotDamaged, match="household"):
        open_county(home)
    home.make_current(first.number)
    assert open_county(home).snapshot == first


def test_a_damaged_derived_relation_is_made_again(tmp_path: Path) -> None:
    """What is derived is a cache: nothing is lost with it."""
    small_county.publish(tmp_path)
    before = open_county(Home(tmp_path)).cube.across
    (cube,) = (tmp_path / "derived").glob("*/cube.parquet")
    whole = cube.read_bytes()
    cube.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    assert before and open_county(Home(tmp_path))
    assert cube.read_bytes() == whole
