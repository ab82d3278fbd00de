"""The parser's process, run as a script by ``loaders.reading.parser_client``.

It waits for files on a socket and forks a process for each, which may take so much memory and time
and no more: what unpacks without end, hangs or crashes the parser ends that process alone. It is
given an open file, never its name.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import select
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, NoReturn

MEMORY = 1 << 30  # bytes of address space

Outcome = Callable[[IO[bytes], Path], dict[str, Any]]


def _child(outcome: Outcome, job: dict[str, Any], source: int, answer: int) -> NoReturn:
    """Extract one file under the limits and end."""
    try:
        signal.setitimer(signal.ITIMER_REAL, job["seconds"])
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with os.fdopen(source, "rb") as file, os.fdopen(answer, "w") as out:
            json.dump(outcome(file, Path(job["folder"])), out)
    finally:
        os._exit(0)


class Server:
    """Forks a process for every request, until the other side closes the socket.

    A request is the JSON of folder and seconds, with two descriptors: the file, open to read, and a
    pipe, which gets a line of JSON: ``extract.outcome``, or the signal that ended the process.
    """

    def __init__(self, requests: socket.socket, outcome: Outcome):
        self.requests, self.outcome = requests, outcome
        self.running: dict[int, int] = {}  # process to pipe
        self.woken, self.waker = os.pipe()  # written to when a process ends
        os.set_blocking(self.waker, False)
        os.set_blocking(self.woken, False)

    def serve(self) -> None:
        """Answer requests."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.waker)
        while True:
            waiting: list[Any] = [self.requests, self.woken]
            ready, _, _ = select.select(waiting, [], [])
            self._reap()
            if self.requests in ready:
                message, descriptors, _, _ = socket.recv_fds(self.requests, 1 << 16, 2)
                if not message:
                    break
                self._begin(json.loads(message), *descriptors)
        for process in self.running:
            os.kill(process, signal.SIGKILL)

    def _begin(self, job: dict[str, Any], source: int, answer: int) -> None:
        process = os.fork()
        if process == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self.requests.close()
            for pipe in (self.woken, self.waker, *self.running.values()):
                os.close(pipe)
            _child(self.outcome, job, source, answer)
        os.close(source)
        self.running[process] = answer

    def _reap(self) -> None:
        """Take note of processes that have ended."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.woken, 1 << 10)
        for process, pipe in list(self.running.items()):
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                del self.running[process]
                if os.WIFSIGNALED(status):
                    with contextlib.suppress(OSError):
                        os.write(pipe, b'\n{"signal": %d}' % os.WTERMSIG(status))
                os.close(pipe)


def load() -> Outcome:
    """The parsers, loaded once for all processes that will be forked."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from loaders.parsers.dispatch import outcome
    from loaders.parsers.no_pandas import spare_pandas

    spare_pandas()
    return outcome


def main() -> None:
    """Serve on standard input."""
    Server(socket.socket(fileno=0), load()).serve()
    os._exit(0)  # at once: nothing that was loaded has to be taken apart


if __name__ == "__main__":
    main()
