"""What pages read of a new snapshot, made by a process that stands ready before the import begins.

It is the command ``python -m metrics derive``, in a process of its own: the snapshot stands
whatever becomes of it. Forked while nothing is held yet, it has the libraries that the import has,
so that no interpreter starts a second time.
"""

from __future__ import annotations

import os
import runpy
import signal
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from typing import NoReturn


class Deriving:
    """A process that waits for one snapshot's number; close it where none comes.

    Raises OSError where no process can be started.
    """

    def __init__(self, home: Path):
        asked, self._ask = os.pipe()
        self._answer, answer = os.pipe()
        sys.stdout.flush()  # or the process would print it again
        self._process = os.fork()
        if self._process == 0:
            os.close(self._ask)
            os.close(self._answer)
            _wait(home.resolve(), asked, answer)
        os.close(asked)
        os.close(answer)

    def derive(self, number: int) -> str | None:
        """What the checks found in a snapshot, in lines; None where it failed."""
        try:
            with suppress(BrokenPipeError):  # it has ended, and its status says so
                os.write(self._ask, b"%d" % number)
            os.close(self._ask)
            with os.fdopen(self._answer, encoding="utf-8", errors="replace") as answer:
                said = answer.read()
            return said if self._ended() == 0 else None
        except BaseException:
            os.kill(self._process, signal.SIGKILL)
            self._ended()
            raise

    def close(self) -> None:
        """End the process, if it was not asked for anything."""
        if self._process:
            os.close(self._ask)
            os.close(self._answer)
            self._ended()

    def _ended(self) -> int:
        """Wait for the process; its status."""
        _, status = os.waitpid(self._process, 0)
        self._process = 0
        return status


def _wait(home: Path, asked: int, answer: int) -> NoReturn:
    """Derive the snapshot of which the number comes, and end."""
    status = 1
    try:
        number = os.read(asked, 32).decode()
        if number:
            with os.fdopen(answer, "w", encoding="utf-8") as sys.stdout:
                status = _command("derive", "--home", str(home), "--snapshot", number)
    except KeyboardInterrupt:  # the import is told too, and says it
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(status)


def _command(*words: str) -> int:
    """The status of a command of ``metrics``, which prints its answer."""
    sys.argv = ["metrics", *words]
    try:
        runpy.run_module("metrics", run_name="__main__", alter_sys=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
