"""Imports started from a page: each a process of its own, in a folder of its own under the home.

``<home>/imports/000001/`` holds what was asked, the report, the progress, what the command printed
and, when it has ended, its exit code. The uploaded files lie there only until then. A running job
holds a lock on its folder, so one that ended without an exit code was killed.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from loaders.accounts.audit import masked
from loaders.priority import give_way
from state.audit import recorded
from store.privacy import keep_private
from store.snapshots import Home

State = Literal["running", "published", "partly", "checked", "asked", "failed", "killed"]

KEPT = 50  # folders of jobs that have ended

_ROOT = Path(__file__).parents[1]
_STATES: dict[int, State] = {0: "published", 3: "partly", 4: "asked"}
_FAILED, _ASKED = 2, 4
_FAULT, _UNTOUCHED = "未入库:", "原快照未动。"  # how the command's last sentence begins and ends
_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_LONGEST = 60  # characters of a file's name on disk, of up to four bytes each


@dataclass(frozen=True, slots=True)
class Upload:
    """A file given on a page: its name there and its content."""

    name: str
    content: BinaryIO


@dataclass(frozen=True, slots=True)
class Step:
    """How far one file has come: the stage that it is in, and rows done of rows."""

    file: str
    stage: str
    done: int
    of: int


@dataclass(frozen=True, slots=True)
class Job:
    """One import, running or ended, as its folder tells."""

    folder: Path

    @property
    def number(self) -> int:
        return int(self.folder.name)

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked: ``who``, ``data_date``, ``dry_run``, ``files`` and the like."""
        return _read(self.folder / "asked.json") or {}

    @property
    def state(self) -> State:
        """What became of it.

        ``checked`` is a dry run that found something usable; ``asked`` waits for an answer and
        keeps its files until then.
        """
        held = _held(self.folder)  # asked first: an end is written before the lock goes
        ended = _read(self.folder / "ended.json")
        if ended is None:
            return "running" if held else "killed"
        state = _STATES.get(ended["exit_code"], "failed")
        return "checked" if state != "failed" and self.asked.get("dry_run") else state

    @property
    def awaits(self) -> bool:
        """Whether it asked something and its files are there to be loaded with the answer."""
        return self.state == "asked" and (self.folder / "files").is_dir()

    def dismiss(self) -> None:
        """Give up what waits for an answer: its files are removed."""
        shutil.rmtree(self.folder / "files", ignore_errors=True)

    def progress(self) -> list[Step]:
        """The latest step of every file, in the order in which the files began.

        What is done with all files together comes last, under the empty name.
        """
        steps: dict[str, Step] = {}
        for line in _lines(self.folder / "progress.jsonl"):
            with suppress(ValueError, KeyError, TypeError):  # a line half written
                told = json.loads(line)
                name = told.get("file") or ""
                steps[name] = Step(name, told["stage"], int(told["done"]), int(told["of"]))
        return sorted(steps.values(), key=lambda step: not step.file)

    def report(self) -> dict[str, Any] | None:
        """The report, or None while there is none."""
        return _read(self.folder / "report.json")

    def message(self) -> str:
        """Why a failed import ended, in one sentence; empty if it did not say."""
        said = [line for line in _lines(self.folder / "said.txt") if line.startswith(_FAULT)]
        cause = said[-1].removeprefix(_FAULT).strip().removesuffix(_UNTOUCHED) if said else ""
        return f"{cause.rstrip(';。')}。" if cause else ""


def start(
    home: Path,
    uploads: Sequence[Upload],
    data_date: date,
    who: str,
    *,
    county_code: str,
    dry_run: bool = False,
    fresh: bool = False,
    answers: Mapping[str, Sequence[str]] | None = None,
    of: Job | None = None,
) -> Job:
    """Begin an import of uploaded files in a process that outlives whoever started it.

    ``answers`` are flags of the command with their values; ``of`` is a job that asked, of which
    the files are taken over. Raises OSError where the files cannot be kept (no room, no
    permission); nothing is left then.
    """
    imports = home / "imports"
    imports.mkdir(parents=True, exist_ok=True)
    _sweep(imports)
    folder = _new_folder(imports)
    try:
        with _holding(folder) as lock:
            name = masked(who.strip()[:40]) or ""
            asked = {
                "who": name,
                "data_date": data_date.isoformat(),
                "county_code": county_code,
                "dry_run": dry_run,
                "fresh": fresh,
                "answers": {flag: list(values) for flag, values in (answers or {}).items()},
                "started_at": _now(),
                "files": [_keep(upload, folder, i) for i, upload in enumerate(uploads, start=1)],
            }
            if of is not None:
                asked["files"] = of.asked["files"]
                (of.folder / "files").rename(folder / "files")
            _write(folder / "asked.json", asked)
            _spawn(home, folder, lock, name)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return Job(folder)


def jobs(home: Path) -> Iterator[Job]:
    """Jobs of a home, the newest first."""
    folders = [path for path in (home / "imports").glob("[0-9]*") if path.name.isdigit()]
    for folder in sorted(folders, reverse=True):
        if (folder / "asked.json").is_file():
            yield Job(folder)


def running(home: Path) -> Job | None:
    """The job that is running, if one is."""
    return next((job for job in jobs(home) if job.state == "running"), None)


def latest(home: Path) -> Job | None:
    """The newest job, running or ended."""
    return next(jobs(home), None)


def roll_back(home: Home, number: int, who: str) -> None:
    """Make an earlier snapshot (or a later one again) current, and write it to log and audit.

    Raises store.snapshots.NoSnapshot or SnapshotDamaged, NotRecorded, and OSError.
    """
    before, name = home.current_number(), masked(who.strip()[:40]) or ""
    with recorded(home.path, "roll_back", name, {"from": before, "to": number}):
        home.make_current(number)
    entry = {"at": _now(), "who": name, "from": before, "to": number}
    log = home.path / "imports" / "log.jsonl"
    log.parent.mkdir(exist_ok=True)
    with log.open("a", encoding="utf-8") as handle:
        handle.write(json.dumps(entry, ensure_ascii=False) + "\n")


def rolled_back(home: Path) -> list[dict[str, Any]]:
    """What the log holds, the newest first: ``at``, ``who``, ``from`` and ``to``."""
    return [json.loads(line) for line in reversed(_lines(home / "imports" / "log.jsonl"))]


def main(arguments: Sequence[str]) -> int:
    """Run the import of a job's folder: what ``start`` spawns."""
    from loaders import __main__ as command

    home, folder = map(Path, arguments)
    keep_private(home)
    asked = Job(folder).asked
    options = {
        "--home": home,
        "--county": asked["county_code"],
        "--date": asked["data_date"],
        "--report": folder / "report.json",
        "--progress": folder / "progress.jsonl",
    }
    words = ["import", *sorted(map(str, (folder / "files").glob("*/*")))]
    words += [str(word) for pair in options.items() for word in pair]
    for flag, values in asked.get("answers", {}).items():
        words += [word for value in values for word in (f"--{flag}", value)] or [f"--{flag}"]
    words += [f"--{name}" for name in ("dry-run", "fresh") if asked[name.replace("-", "_")]]
    give_way()
    code = _FAILED
    try:
        code = command.main(words)
    except Exception as error:  # its message might hold a value of a cell
        traceback.print_tb(error.__traceback__)
        print(f"{_FAULT} 程序出错({type(error).__name__}),请把时间告诉管理员;{_UNTOUCHED}")
    finally:
        if code != _ASKED or asked["dry_run"]:
            shutil.rmtree(folder / "files", ignore_errors=True)
        _write(folder / "ended.json", {"exit_code": code, "ended_at": _now()})
    return code


def _spawn(home: Path, folder: Path, lock: int, who: str) -> None:
    """Start the process; it inherits the lock, and the command finds in LOGNAME who loads."""
    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "loaders.jobs", str(home.resolve()), str(folder.resolve())],
            cwd=_ROOT,
            env={**os.environ, "PYTHONUTF8": "1", **({"LOGNAME": who} if who else {})},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[lock],
        )
    (folder / "lock").write_text(str(process.pid))
    threading.Thread(target=process.wait, daemon=True).start()  # leaves no zombie


def _keep(upload: Upload, folder: Path, order: int) -> str:
    """Write an uploaded file under a name that no path or person can be read from; gives it."""
    plain = _UNSAFE.sub("_", upload.name)
    suffix = found[0] if (found := _SUFFIX.search(plain)) else ""
    stem = (masked(plain.removesuffix(suffix)) or "").lstrip(".~$")
    name = f"{stem[:_LONGEST] or '_'}{suffix}"
    place = folder / "files" / f"{order:03d}"
    place.mkdir(parents=True)
    with (place / name).open("wb") as handle:
        shutil.copyfileobj(upload.content, handle, 1 << 20)
    return name


def _new_folder(imports: Path) -> Path:
    """A folder of the next number; it is nobody else's business what lies in it."""
    while True:
        numbers = [int(path.name) for path in imports.glob("[0-9]*") if path.name.isdigit()]
        folder = imports / f"{max(numbers, default=0) + 1:06d}"
        with suppress(FileExistsError):  # another page was quicker
            folder.mkdir(mode=0o700)
            return folder


def _sweep(imports: Path) -> None:
    """Remove uploads of jobs that were killed, and the oldest folders."""
    folders = sorted(path for path in imports.glob("[0-9]*") if path.name.isdigit())
    ended = [folder for folder in folders if not _held(folder)]
    for folder in ended:
        if Job(folder).state != "asked":
            Job(folder).dismiss()
    for folder in ended[:-KEPT]:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _holding(folder: Path) -> Iterator[int]:
    """A lock on a folder, held for as long as any process has it."""
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle
    finally:
        os.close(handle)


def _held(folder: Path) -> bool:
    try:
        handle = os.open(folder / "lock", os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _write(path: Path, entry: dict[str, Any]) -> None:
    """Write whole or not at all: a page may be reading."""
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(entry, ensure_ascii=False), "utf-8")
    temporary.replace(path)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None


def _lines(path: Path) -> list[str]:
    """Lines of a text file; what a progress bar overwrote counts as lines too."""
    try:
        return path.read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []


if __name__ == "__main__":
    from loaders.ending import end, settle

    settle()
    end(main(sys.argv[1:]))
