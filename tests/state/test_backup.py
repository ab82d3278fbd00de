"""A backup holds the home and all that people wrote; what is restored is compared and opened."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from metrics.county import open_county
from state import audit, dump
from state.__main__ import main
from state.backup import CONTENTS, ROWS, InsideHome, backup
from state.chain import Entry
from state.database import ADDRESS, opened
from state.migrations import HEAD
from state.restore import NotRestored, restore
from state.tables import Grant, GrantRegion, Person
from store import retention
from store.scope import Scope
from store.snapshots import Home, Unchanged
from tests import postgres

AT = datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)
NOT_KEPT = ("derived", "LOCK", "STATE.LOCK", "state.db")


@pytest.fixture
def home(kept_in: str, small_home: Home, tmp_path: Path) -> Path:
    return filled(small_home, tmp_path / "home")


def filled(small_home: Home, home: Path) -> Path:
    """A home with snapshots, a county's folder, an import's folder, a grant and audit entries."""
    shutil.copytree(small_home.path, home)
    (home / "county" / "layouts").mkdir(parents=True)
    (home / "county" / "layouts" / ".keep").write_text("")
    (home / "county" / "terms.yaml").write_text("own_word: {zh: 词, en: word}\n")
    (home / "imports" / "000001" / "files").mkdir(parents=True)
    (home / "imports" / "000001" / "asked.json").write_text("{}")
    (home / ".staging-1").mkdir()
    (home / ".staging-1" / "half.parquet").write_text("half")
    with opened(home) as state, state.writing() as session:
        number = audit.append(session, "grant", "张三", {"role": "inspector"}).number
        session.add(Person(subject="li", name="李四", made_at=AT))
        session.flush()
        session.add(Grant(number=number, subject="li", role="inspector", begins=date(2026, 1, 1),
                          ends=date(2026, 12, 31), given_by="张三", given_at=AT,
                          regions=[GrantRegion(code="611025101")]))  # fmt: skip
    return home


def hashes(home: Path) -> dict[str, str]:
    """Of all that a backup has to hold."""
    found = {}
    for path in home.rglob("*"):
        name = str(path.relative_to(home))
        if path.is_file() and not name.startswith((".", *NOT_KEPT)):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def entries(home: Path) -> list[Entry]:
    with opened(home) as state, state.reading() as session:
        assert audit.check(session, home)[0] is None
        return list(audit.entries(session, home))


def rows(home: Path) -> list[str]:
    with opened(home) as state, state.reading() as session:
        lines = list(dump.lines(session, state.revision() or ""))
    return [line for line in lines if '"audit_' not in line]


@pytest.fixture
def elsewhere(kept_in: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """An empty database for the restored home, of the same kind as the one backed up."""
    if kept_in == "sqlite":
        yield ""
        return
    server = request.getfixturevalue("postgresql")
    with postgres.database(server, "elsewhere") as own:
        yield own


def lay_down(home: Path, path: Path) -> None:
    with opened(home) as state:
        backup(state, path, "张三")


def test_a_restored_home_is_the_same_by_hash(
    home: Path, elsewhere: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(home) as state:
        made = backup(state, tmp_path / "home.tar", "张三")
    assert made.sha256 == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert made.path.stat().st_mode & 0o777 == 0o600
    before, wrote, told = hashes(home), rows(home), entries(home)
    monkeypatch.setenv(ADDRESS, elsewhere)
    other = tmp_path / "other"
    done = restore(made.path, other, "李四")
    assert hashes(other) == before and (done.current, done.broken) == (1, None)
    assert rows(other) == wrote and any('"subject": "li"' in row for row in wrote)
    *same, last = entries(other)
    assert same == told
    assert (last.kind, last.about["sha256"]) == ("restore", made.sha256)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["home", "home.tar", "other"]
    assert Home(other).current().number == 1
    assert (other.stat().st_mode & 0o777, (other / "CURRENT").stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )


def test_a_restored_home_opens(
    small_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ADDRESS, raising=False)
    lay_down(filled(small_home, tmp_path / "home"), tmp_path / "home.tar")
    restore(tmp_path / "home.tar", tmp_path / "other", "a")
    was, now = open_county(small_home), open_county(Home(tmp_path / "other"))
    county = Scope.of([was.code])
    cells = [each.cube.series("population", was.code, county) for each in (was, now)]
    assert cells[0] == cells[1] and cells[0][2025].value


def test_a_backup_of_one_database_goes_into_the_other(
    small_home: Home, postgresql: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ADDRESS, raising=False)
    first = filled(small_home, tmp_path / "first")
    lay_down(first, tmp_path / "first.tar")
    wrote, told = rows(first), entries(first)
    with postgres.database(postgresql, "second") as own:
        monkeypatch.setenv(ADDRESS, own)
        second = tmp_path / "second"
        restore(tmp_path / "first.tar", second, "a")
        assert not (second / "state.db").exists()
        assert rows(second) == wrote and entries(second)[:-1] == told
        lay_down(second, tmp_path / "second.tar")
        with pytest.raises(NotRestored) as raised:  # a second home into the same database
            restore(tmp_path / "second.tar", tmp_path / "third", "a")
        assert raised.value.why == "state" and not (tmp_path / "third").exists()
        told = entries(second)
    monkeypatch.delenv(ADDRESS)
    restore(tmp_path / "second.tar", tmp_path / "third", "a")
    assert rows(tmp_path / "third") == wrote and entries(tmp_path / "third")[:-1] == told


@pytest.mark.parametrize("quiet", ["waited for", "made"])
def test_a_backup_taken_while_in_use_is_whole(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quiet: str
) -> None:
    """Snapshots come and go and acts are written meanwhile: what it holds fits together."""
    if quiet == "made":
        monkeypatch.setattr("state.backup._TRIES", 0)
    ended = threading.Event()
    failed: list[BaseException] = []

    def work() -> None:
        try:
            while not ended.is_set():
                with audit.recorded(home, "import", "a", {}) as act:
                    act.about["snapshot"] = publish(home)
                old = Home(home).numbers()[-2]
                # What a backup is just reading is left, in words.
                with (
                    suppress(retention.NotRemoved),
                    audit.recorded(home, "removal", "a", {"snapshot": old}),
                ):
                    retention.forget(Home(home), old, "a", "test")
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for number in range(4):
            lay_down(home, tmp_path / f"{number}.tar")
    finally:
        ended.set()
        thread.join()
    assert failed == []
    for number in range(4):
        contents = told_by(tmp_path / f"{number}.tar")
        assert fits(contents), contents


def publish(home: Path) -> int:
    """Another snapshot of the small county; its number."""
    current = Home(home).current(verify=False)
    made = Home(home).publish(
        {name: Unchanged(current, name) for name in current.tables},
        data_date=current.data_date,
        county_code=current.county_code,
        loaded_by="a",
        sources=[],
        report={},
    )
    return made.number


def told_by(path: Path) -> tuple[set[int], list[dict[str, object]]]:
    """The snapshots that a backup holds, and its audit entries."""
    with tarfile.open(path) as tar:
        names = tar.getnames()
        held = {int(n.split("/")[1]) for n in names if n.startswith("snapshots/")}
        file = tar.extractfile(ROWS)
        assert file
        lines = [json.loads(line) for line in file]
    found = [line["row"] for line in lines if line.get("table") == "audit_entry"]
    return held, [{**row, "about": json.loads(row["about"])} for row in found]


def fits(contents: tuple[set[int], list[dict[str, object]]]) -> bool:
    held, told = contents
    gone, made, open_ends = set(), set(), {}
    for row in told:
        about = row["about"]
        assert isinstance(about, dict)
        if row["outcome"] == "begun":
            open_ends[row["number"]] = row
            continue
        begun = open_ends.pop(about.get("begun"), None)
        if begun and row["outcome"] == "done":
            target = gone if row["kind"] == "removal" else made
            target.add(about.get("snapshot") or begun["about"]["snapshot"])  # type: ignore[index]
    unsure = {row["about"].get("snapshot") for row in open_ends.values()}  # type: ignore[attr-defined]
    sure = (made | {1}) - gone - unsure
    return sure <= held and not (held & gone) and len(held - sure - unsure) <= len(open_ends)


# What is no whole backup


@pytest.fixture
def file(small_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv(ADDRESS, raising=False)
    lay_down(filled(small_home, tmp_path / "home"), tmp_path / "home.tar")
    return tmp_path / "home.tar"


def refused(file: Path, home: Path) -> NotRestored:
    with pytest.raises(NotRestored) as raised:
        restore(file, home, "a")
    assert not home.exists()
    return raised.value


def test_every_flipped_byte_is_found(file: Path, tmp_path: Path) -> None:
    with tarfile.open(file) as tar:
        members = [m for m in tar.getmembers() if m.size]
    whole = file.read_bytes()
    for member in members:
        at = member.offset_data + member.size // 2
        file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert refused(file, tmp_path / "other").why in ("damaged", "file"), member.name


def test_a_backup_that_was_cut_short_is_refused(file: Path, tmp_path: Path) -> None:
    whole = file.read_bytes()
    for share in (0.0, 0.1, 0.5, 0.9):
        file.write_bytes(whole[: int(share * len(whole))])
        assert refused(file, tmp_path / "other").why in ("damaged", "file")


@pytest.mark.parametrize("name", ["../outside", "/tmp/outside", "county/../../outside"])
def test_nothing_is_written_outside(file: Path, tmp_path: Path, name: str) -> None:
    with tarfile.open(file, "a") as tar:
        member = tarfile.TarInfo(name)
        member.size = 1
        tar.addfile(member, io.BytesIO(b"x"))
    assert refused(file, tmp_path / "other").what == name
    assert not (tmp_path / "outside").exists()


def test_a_link_in_it_is_refused(file: Path, tmp_path: Path) -> None:
    with tarfile.open(file, "a") as tar:
        member = tarfile.TarInfo("county/link")
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(member)
    assert refused(file, tmp_path / "other").what == "county/link"


def test_a_file_that_is_not_told_of_is_refused(file: Path, tmp_path: Path) -> None:
    with tarfile.open(file, "a") as tar:
        member = tarfile.TarInfo("county/more.yaml")
        member.size = 1
        tar.addfile(member, io.BytesIO(b"x"))
    assert refused(file, tmp_path / "other").what == "county/more.yaml"


def test_a_newer_programs_backup_is_refused(file: Path, tmp_path: Path) -> None:
    with tarfile.open(file, "a") as tar:
        text = b'{"format": 99, "files": {}}'
        member = tarfile.TarInfo(CONTENTS)
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))
    assert refused(file, tmp_path / "other").why in ("newer", "damaged")


def test_a_folder_with_something_in_it_is_left_alone(file: Path, tmp_path: Path) -> None:
    before = hashes(tmp_path / "home")
    with pytest.raises(NotRestored) as raised:
        restore(file, tmp_path / "home", "a")
    assert raised.value.why == "home"
    assert hashes(tmp_path / "home") == before


def test_a_backup_inside_its_home_is_refused(file: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "home") as state, pytest.raises(InsideHome):
        backup(state, tmp_path / "home" / "backup.tar", "a")


def test_the_commands_tell_what_they_did(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, other = ["--home", str(tmp_path / "home")], ["--home", str(tmp_path / "other")]
    assert main(["backup", str(tmp_path / "b.tar"), *home]) == 0
    assert "1 个快照" in capsys.readouterr().out
    assert main(["restore", str(tmp_path / "b.tar"), *other]) == 0
    assert "当前为第 1 号" in capsys.readouterr().out
    assert main(["restore", str(tmp_path / "b.tar"), *other]) == 2
    assert "空文件夹" in capsys.readouterr().err
    assert main(["check", *other]) == 0
    assert main(["upgrade", *other]) == 0
    assert HEAD in capsys.readouterr().out
    assert main(["backup", str(tmp_path / "home" / "b.tar"), *home]) == 2
