"""What is kept of a home, what goes, and that nothing goes without a record or under a reader."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from datetime import date
from pathlib import Path

import pytest

from metrics.county import open_county
from metrics.derive import derive
from metrics.rulebook import Rulebook
from store import __main__ as command
from store import retention
from store.lineage import lineage
from store.retention import MARKS, REMOVED, NotRemoved
from store.scope import Scope
from store.snapshots import MANIFEST, Home, NoSnapshot, PublishBusy, SnapshotDamaged
from tests import small_county

ROOT = Path(__file__).parents[2]
DAYS = [date(2025, 10, 10), date(2025, 10, 31), date(2025, 11, 15), date(2025, 11, 30)]
DAYS += [date(2025, 11, 30), date(2025, 12, 20), date(2025, 12, 31)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Seven snapshots of three months; 7 is current, 2, 5 and 7 are the ends of months."""
    for day in DAYS:
        small_county.publish(tmp_path, day)
    return Home(tmp_path)


def _records(home: Home) -> list[dict[str, object]]:
    path = home.path / REMOVED
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]


def _planned(home: Home, newest: int = 1) -> list[int]:
    return [kept.number for kept in retention.plan(home, newest, None).snapshots]


def test_the_current_one_the_newest_and_the_ends_of_months_are_kept(home: Home) -> None:
    reasons = {kept.number: kept.reasons for kept in retention.survey(home, 2)}
    assert reasons == {
        1: (),
        2: ("month_end",),
        3: (),
        4: (),
        5: ("month_end",),
        6: ("newest",),
        7: ("current", "newest", "month_end"),
    }
    assert _planned(home) == [1, 3, 4, 6]
    home.make_current(3)
    assert _planned(home, 0) == [1, 4, 6]


def test_what_a_mark_names_is_kept_until_it_is_unmarked(home: Home) -> None:
    retention.mark(home, 3, "甲", "报市里用")
    retention.mark(home, 3, "乙", "复查")
    assert retention.named(home) == {3: ("报市里用", "复查")}
    assert _planned(home) == [1, 4, 6]
    with pytest.raises(NotRemoved, match="named"):
        retention.forget(home, 3, "甲", "不用了")
    retention.unmark(home, 3, "甲")
    assert retention.named(home) == {} and 3 in _planned(home)
    with pytest.raises(NoSnapshot):
        retention.mark(home, 99, "甲", "没有的")


@pytest.fixture
def chain(tmp_path: Path) -> Home:
    """Six snapshots of one month, each made from the one before but for the first."""
    for number in range(6):
        small_county.publish(tmp_path, base=number or None)
    return Home(tmp_path)


def test_what_a_newest_import_is_compared_with_is_kept(
    chain: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = {each.number: each for each in retention.survey(chain, 2)}
    assert kept[4].reasons == ("base",) and kept[4].imports == (5,)
    assert kept[5].reasons == ("newest", "base") and kept[6].reasons[0] == "current"
    assert _planned(chain, 2) == [1, 2, 3]
    assert _run(chain, "prune", "--newest", "2") == 0
    assert "保留第 4 号快照: 第 5 号的入库还能撤回" in capsys.readouterr().out
    assert _run(chain, "list", "--newest", "2") == 0
    assert "撤回入库要用(第 5 号)" in capsys.readouterr().out.splitlines()[4]
    assert _run(chain, "prune", "--newest", "2", "--yes") == 0
    assert chain.numbers() == [4, 5, 6]
    assert lineage(chain, 6) == [6, 5, 4]


def test_an_import_that_the_current_one_does_not_hold_keeps_nothing(chain: Home) -> None:
    chain.make_current(2)
    assert {k.number: k.imports for k in retention.survey(chain, 2) if k.imports} == {1: (2,)}
    assert _planned(chain, 2) == [3, 4]


def test_a_mark_cut_short_by_a_full_disk_hides_no_other(home: Home) -> None:
    retention.mark(home, 3, "甲", "报市里用")
    with (home.path / MARKS).open("a", encoding="utf-8") as handle:
        handle.write('\n{"number": 4, "wh')
    retention.mark(home, 1, "甲", "第一份")
    assert set(retention.named(home)) == {1, 3}


def test_a_prune_removes_what_nothing_keeps_and_says_so_in_the_home(home: Home) -> None:
    hashes = {e: d["sha256"] for e, d in home.open(3).manifest["tables"].items()}
    free = retention.plan(home, 1, None)
    before = retention.room(home).home
    assert list(retention.prune(home, free, "甲")) == []
    assert home.numbers() == [2, 5, 7] and home.current_number() == 7
    records = _records(home)
    assert [record["snapshot"] for record in records] == [1, 3, 4, 6]
    assert records[1]["sha256"] == hashes and records[1]["who"] == "甲"
    assert records[1]["data_date"] == "2025-11-15" and records[1]["why"] == "prune"
    written = sum((home.path / name).stat().st_size for name in (REMOVED, "LOCK"))
    assert before - retention.room(home).home == pytest.approx(free.bytes, abs=written + 100)
    assert not list(home.snapshots.glob(".*"))
    assert small_county.publish(home.path).number == 8, "a number is never used twice"


def test_a_removed_snapshot_is_known_with_when_and_why(home: Home) -> None:
    retention.forget(home, 4, "甲", "导错了")
    found = retention.removed(home, 4)
    assert found is not None
    assert (found["who"], found["why"], found["data_date"]) == ("甲", "导错了", "2025-11-30")
    assert retention.removed(home, 99) is None and retention.removed(home, 3) is None
    with pytest.raises(NoSnapshot):
        retention.forget(home, 4, "甲", "再来")
    with pytest.raises(NotRemoved, match="current"):
        retention.forget(home, 7, "甲", "当前的")


def test_derived_folders_of_other_rules_go_and_those_in_use_stay(home: Home) -> None:
    kept, gone = derive(home, home.open(7)), derive(home, home.open(1))
    other = kept.with_name("000007-0123456789ab")
    other.mkdir()
    (other / MANIFEST).write_text("{}")
    planned = retention.plan(home, 1, {kept.name, gone.name})
    assert set(planned.derived) == {gone.name, other.name}
    assert set(retention.plan(home, 1, None).derived) == {gone.name}, "other rules are not known"
    list(retention.prune(home, planned, "甲"))
    assert kept.is_dir() and not other.exists() and not gone.exists()
    assert {r["derived"] for r in _records(home) if "derived" in r} == {other.name, gone.name}


def test_what_is_read_is_left_with_a_word(home: Home) -> None:
    county = open_county(home, 3)
    number = "SELECT count(*) AS n FROM {household}"
    reader = county.reader(Scope.of([small_county.COUNTY]))
    assert 3 not in _planned(home), "it shows already in the plan"
    planned = retention.Plan([k for k in retention.survey(home) if k.number in (1, 3)])
    (left,) = retention.prune(home, planned, "甲")
    assert (left.number, left.reason, left.processes) == (3, "in_use", (os.getpid(),))
    with pytest.raises(NotRemoved, match="in_use"):
        retention.forget(home, 3, "甲", "导错了")
    assert reader.one(number) == {"n": 6} and 3 in home.numbers() and 1 not in home.numbers()
    county.engine.retire()
    retention.forget(home, 3, "甲", "导错了")
    assert 3 not in home.numbers()


def test_nothing_is_removed_while_an_import_runs(home: Home) -> None:
    with home.lock("clerk"), pytest.raises(PublishBusy, match="clerk"):
        retention.forget(Home(home.path), 3, "甲", "导错了")
    assert len(home.numbers()) == 7


def test_a_snapshot_that_cannot_be_read_is_left_to_who_looks_at_it(home: Home) -> None:
    (home.snapshots / "000003" / MANIFEST).write_text("{")
    assert 3 not in _planned(home)
    retention.forget(home, 3, "甲", "清单坏了")
    assert 3 not in home.numbers()


_REMOVE_AND_HANG = """
import os, shutil, sys, time
from pathlib import Path
from store import retention
from store.snapshots import Home

moment = sys.argv[2]

def hang(*args, **more):
    print("here", flush=True)
    time.sleep(60)

if moment == "recorded":
    retention._delete = hang
elif moment == "renamed":
    retention.sync_folder = hang
elif moment == "without manifest":
    shutil.rmtree = hang
retention.forget(Home(Path(sys.argv[1])), 3, "甲", "导错了")
"""


@pytest.mark.parametrize("moment", ["recorded", "renamed", "without manifest"])
def test_a_removal_killed_leaves_the_snapshot_whole_or_gone(home: Home, moment: str) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_REMOVE_AND_HANG), str(home.path), moment],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout and child.stdout.readline().strip() == b"here"
    child.send_signal(signal.SIGKILL)
    child.wait()
    if moment == "recorded":
        home.open(3)  # whole: the hashes are compared
    else:
        assert 3 not in home.numbers()
        with pytest.raises(NoSnapshot):
            home.open(3)
    assert home.current().number == 7
    assert retention.removed(home, 3), "the record came first"
    retention.forget(home, 4, "甲", "下一次")
    assert not list(home.snapshots.glob(".*")), "what was left is cleared by the next"


# The commands


def _run(home: Home, *words: str) -> int:
    return command.main([words[0], "--home", str(home.path), *words[1:]])


def test_the_list_shows_each_with_size_who_and_what_keeps_it(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    derive(home, home.open(7))
    _run(home, "mark", "3", "--why", "报市里用")
    capsys.readouterr()
    assert _run(home, "list", "--newest", "1") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:8]] == list("1234567")
    assert "无, prune 时删除" in lines[1] and "test" in lines[1] and "2025-10-10" in lines[1]
    assert "有标记(报市里用)" in lines[3]
    assert "当前、最新几个之一、月末" in lines[7] and "MB" in lines[7]
    assert "磁盘剩余" in lines[8] and "计算结果" in lines[8]


def test_a_prune_is_a_dry_run_unless_told(home: Home, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(home, "prune", "--newest", "1") == 0
    out = capsys.readouterr().out
    assert "可删除 4 个快照、0 份计算结果、0 份规则记录, 腾出 " in out and "--yes" in out
    assert len(home.numbers()) == 7 and not (home.path / REMOVED).exists()
    assert _run(home, "prune", "--newest", "1", "--yes") == 0
    assert home.numbers() == [2, 5, 7]
    assert "--yes" not in capsys.readouterr().out


def test_the_rules_say_which_derived_folders_are_in_use(home: Home) -> None:
    names = {derive(home, home.open(number)).name for number in (2, 7)}
    found = command._derived_in_use(home)
    assert found is not None and names <= found and len(found) == len(DAYS)
    (home.path / "parameters.yaml").write_text("nonsense: [")
    assert command._derived_in_use(home) is None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("forget", "7", "--why", "x"), "当前快照"),
        (("forget", "99", "--why", "x"), "没有这个快照"),
        (("forget", "3", "--why", "x"), "有标记"),
        (("mark", "99", "--why", "x"), "没有这个快照"),
        (("unmark", "1"), "没有标记"),
    ],
)
def test_what_cannot_be_done_is_said(
    home: Home, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    retention.mark(home, 3, "甲", "报市里用")
    assert _run(home, *words) == 2
    assert says in capsys.readouterr().err
    assert len(home.numbers()) == 7


def test_what_is_open_is_named_with_its_process(
    home: Home, capsys: pytest.CaptureFixture[str]
) -> None:
    county = open_county(home, 3)
    assert _run(home, "forget", "3", "--why", "导错了") == 2
    assert f"进程 {os.getpid()}" in capsys.readouterr().err
    county.engine.retire()
    assert _run(home, "forget", "3", "--why", "导错了") == 0
    with pytest.raises((NoSnapshot, SnapshotDamaged)):
        home.open(3)


def test_records_of_rules_long_out_of_use_are_pruned(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(retention, "RULEBOOKS", 2)
    books = [Rulebook(f"{number:012d}", {"n": number}) for number in range(4)]
    for age, book in zip((40, 30, 20, 10), books, strict=True):
        book.keep(home.path)
        path = home.path / "rulebooks" / f"{book.fingerprint}.json"
        os.utime(path, (path.stat().st_mtime - age,) * 2)
    books[0].keep(home.path)  # in use again
    assert _run(home, "prune", "--newest", "9") == 0
    assert "2 份规则记录" in capsys.readouterr().out
    assert len(list((home.path / "rulebooks").iterdir())) == 4, "only listed"
    assert _run(home, "prune", "--newest", "9", "--yes") == 0
    kept = {path.stem for path in (home.path / "rulebooks").iterdir()}
    assert kept == {books[0].fingerprint, books[3].fingerprint}
    gone = {record["rulebook"] for record in _records(home) if "rulebook" in record}
    assert gone == {f"{books[n].fingerprint}.json" for n in (1, 2)}
