"""The parent's side of the parser's process: asks it for one file, under limits."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

from loaders.parsers import server

_GRACE = 15  # seconds beyond a process's own, after which the server is taken for dead
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}
_BY_SIGNAL = {
    signal.SIGALRM: "timeout",
    signal.SIGABRT: "too_large",  # memory that a parser asked for and did not get
    signal.SIGKILL: "too_large",
}


class Parser:
    """The server that forks a process a file; it starts with the first and ends with this one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None

    @property
    def pid(self) -> int | None:
        """The server's process, if it was started."""
        return self._process.pid if self._process else None

    def ask(self, path: Path, folder: Path, seconds: float) -> dict[str, Any]:
        """Sheets of a file, written to a folder, or the refusal; see ``extract.outcome``.

        Raises OSError for a file that cannot be opened or a process that cannot be started.
        """
        reading, writing = os.pipe()
        try:
            with path.open("rb") as file:
                self._send({"folder": str(folder), "seconds": seconds}, [file.fileno(), writing])
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        with os.fdopen(reading, "rb") as answer:
            return self._answer(answer.fileno(), seconds + _GRACE)

    def close(self) -> None:
        """End the server, and with it every process that it has forked."""
        if self._socket is not None and self._process is not None:
            self._socket.close()
            try:
                self._process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._socket = self._process = None

    def _send(self, job: dict[str, Any], descriptors: list[int]) -> None:
        message = [json.dumps(job).encode()]
        with self._lock:
            try:
                socket.send_fds(self._socket or self._start(), message, descriptors)
            except (BrokenPipeError, ConnectionResetError):  # the server was ended
                self.close()
                socket.send_fds(self._start(), message, descriptors)

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-I", server.__file__],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=os.environ | _ENVIRONMENT,
                start_new_session=True,
            )
        self._socket = ours
        return ours

    def _answer(self, pipe: int, seconds: float) -> dict[str, Any]:
        """What stands in the last line of the answer."""
        data, deadline = b"", time.monotonic() + seconds
        while True:
            ready, _, _ = select.select([pipe], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                if self._process is not None:
                    self._process.kill()
                return {"refusal": "timeout"}
            more = os.read(pipe, 1 << 20)
            if not more:
                break
            data += more
        try:
            answer: dict[str, Any] = json.loads(data.split(b"\n")[-1])
        except ValueError:
            return {"refusal": "unreadable_file"}
        if "signal" in answer:
            return {"refusal": _BY_SIGNAL.get(answer["signal"], "unreadable_file")}
        return answer


PARSER = Parser()
atexit.register(PARSER.close)
