"""A home made again out of a backup: whole, compared with its hashes and opened, or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from state import audit, dump
from state.backup import CONTENTS, FORMAT, ROWS
from state.chain import Head, Misfit
from state.database import State, connect
from store import leftovers
from store.snapshots import Home, NoSnapshot, SnapshotDamaged, sync_folder

_PIECE = 1 << 20


class NotRestored(ValueError):
    """Not restored, and ``why``: ``home``, ``state``, ``file``, ``damaged``, ``newer``.

    ``home`` and ``state``: there is something already where it should go. ``what`` names the part
    that is not as it was.
    """

    def __init__(self, why: str, what: str = ""):
        super().__init__(f"{why}: {what}" if what else why)
        self.why, self.what = why, what


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restored home holds: files, snapshots, the current one, and the audit's head then.

    ``broken`` is the first audit entry that does not fit, as it was when the backup was taken.
    """

    files: int
    snapshots: tuple[int, ...]
    current: int | None
    head: Head
    broken: Misfit | None


def restore(path: Path, home: Path, who: str) -> Restored:
    """Make a home out of a backup, in a folder that is not there or empty.

    Everything is compared with the hashes, the snapshots are opened and the audit is checked under
    a hidden name before the folder gets its own. Raises NotRestored, StateError and OSError.
    """
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise NotRestored("home", home.name)
    home.parent.mkdir(parents=True, exist_ok=True)
    leftovers.clear(home.parent, home.name)
    work = leftovers.working_name(home)
    work.mkdir(mode=0o700)
    try:
        contents, digest = _unpack(path, work)
        current = _open_snapshots(work)
        head = Head.parse(contents["head"])
        broken = _load(work, head, who, {"file": path.name, "sha256": digest, "head": str(head)})
        if home.is_dir():
            home.rmdir()
        work.rename(home)
        sync_folder(home.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return Restored(len(contents["files"]), tuple(contents["snapshots"]), current, head, broken)


def _unpack(path: Path, work: Path) -> tuple[Mapping[str, Any], str]:
    """Write the backup's files; what it says of itself, and its own hash. Raises NotRestored."""
    written: dict[str, dict[str, Any]] = {}
    contents: Mapping[str, Any] = {}
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            with tarfile.open(fileobj=file, mode="r:") as tar:
                for member in tar:
                    source = tar.extractfile(member) if _plain(member) else None
                    if source is None:
                        raise NotRestored("damaged", member.name)
                    if member.name == CONTENTS:
                        contents = json.loads(source.read())
                    else:
                        written[member.name] = _write(source, work / member.name)
    except (tarfile.TarError, ValueError, EOFError) as error:
        if isinstance(error, NotRestored):
            raise
        raise NotRestored("file", path.name) from error
    if not contents or contents.get("format", 0) > FORMAT:
        raise NotRestored("newer" if contents else "file", path.name)
    for name in sorted({*written, *contents["files"]}):
        if written.get(name) != contents["files"].get(name):
            raise NotRestored("damaged", name)
    return contents, digest


def _plain(member: tarfile.TarInfo) -> bool:
    """Whether it is a file that belongs inside the folder."""
    path = PurePosixPath(member.name)
    return member.isreg() and not path.is_absolute() and ".." not in path.parts


def _write(source: IO[bytes], path: Path) -> dict[str, Any]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while piece := source.read(_PIECE):
            digest.update(piece)
            size += file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    return {"bytes": size, "sha256": digest.hexdigest()}


def _open_snapshots(work: Path) -> int | None:
    """Open every snapshot by its hashes; the current one's number. Raises NotRestored."""
    home = Home(work)
    for number in home.numbers():
        try:
            home.open(number)
        except SnapshotDamaged as error:
            raise NotRestored("damaged", f"snapshots/{number:06d}") from error
    try:
        return home.current_number()
    except NoSnapshot:
        return None


def _load(work: Path, head: Head, who: str, about: Mapping[str, Any]) -> Misfit | None:
    """Put the state's rows back, check the audit and write down that it was done."""
    rows = work / ROWS
    state = connect(work)
    try:
        with rows.open(encoding="ascii") as lines:
            dump.load(state, lines)
        broken = _checked(state, head, who, about)
    except dump.NotEmpty as error:
        raise NotRestored("state", str(error)) from error
    finally:
        state.close()
    rows.unlink()
    return broken


def _checked(state: State, head: Head, who: str, about: Mapping[str, Any]) -> Misfit | None:
    with state.reading() as session:
        broken, _ = audit.check(session, state.home, (head,))
    told = {**about, "whole": broken is None, "account": audit.account()}
    with state.writing() as session:
        audit.append(session, "restore", who, told)
    return broken
