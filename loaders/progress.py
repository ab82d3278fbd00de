"""How far an import is: a bar a file for the person who waits, a line of JSON for a page."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Protocol

from tqdm import tqdm

from loaders.accounts.report import shortened

_STAGES = {"read": "读取", "clean": "清洗", "assemble": "汇总", "publish": "发布", "derive": "核查"}
_OFTEN = 0.2  # seconds between two lines of one stage


class Progress(Protocol):
    """Told how far a stage is: ``done`` of ``of`` rows, of a file or, without one, of the import.

    Stages are read, clean, assemble, publish and derive.
    """

    def __call__(self, stage: str, file: str, done: int, of: int) -> None: ...


def silent(stage: str, file: str, done: int, of: int) -> None:
    """Progress that shows nothing."""


def together(each: Sequence[Progress]) -> Progress:
    """Progress that tells several."""

    def tell(stage: str, file: str, done: int, of: int) -> None:
        for one in each:
            one(stage, file, done, of)

    return tell


class Bars:
    """One bar a file, and one for what follows; each stays when it is full."""

    def __init__(self, stream: IO[str] = sys.stderr):
        self._stream = stream
        self._bars: dict[str, tqdm[None]] = {}

    def __call__(self, stage: str, file: str, done: int, of: int) -> None:
        if stage == "read":  # begins for many files at once, and is not counted in rows
            return
        key = file or _STAGES[stage]
        if key not in self._bars:
            name = shortened(key)
            self._bars[key] = tqdm(total=of, desc=name, unit="行", file=self._stream)
        bar = self._bars[key]
        bar.update(done - bar.n)
        if done >= of:
            bar.close()


class Lines:
    """One line of JSON a step, appended to a file."""

    def __init__(self, path: Path):
        self._file = path.open("a", encoding="utf-8")
        self._last = ("", "", 0.0)

    def __call__(self, stage: str, file: str, done: int, of: int) -> None:
        before_stage, before_file, before = self._last
        now = time.monotonic()
        again = (stage, file) == (before_stage, before_file)
        if again and done < of and now - before < _OFTEN:
            return
        self._last = (stage, file, now)
        step = {"stage": stage, "file": file, "done": done, "of": of}
        self._file.write(json.dumps(step, ensure_ascii=False) + "\n")
        self._file.flush()

    def close(self) -> None:
        self._file.close()
