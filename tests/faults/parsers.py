"""Parser servers forked off one process that has loaded the parsers: a start costs no CPU seconds.

The servers run the program's own code (``loaders.parsers.server``). Only how they come to be is
other: ``loaders.reading.parser_client`` starts an interpreter for each.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from loaders.parsers import server
from loaders.reading import parser_client

ROOT = Path(__file__).parents[2]


class Parsers:
    """The process that forks servers; it ends with the one that made it."""

    def __init__(self) -> None:
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                cwd=ROOT,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env=os.environ | parser_client._ENVIRONMENT,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def use(self) -> None:
        """Let this process's imports take their server from here."""
        parser_client.PARSER._start = self._start  # type: ignore[method-assign]

    def _start(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            socket.send_fds(self._requests, [b"fork"], [theirs.fileno()])
        parser_client.PARSER._socket = ours
        return ours


def serve(requests: socket.socket) -> None:
    """Fork a server for every socket that comes.

    It is nobody's child, as one whose import was killed: whoever looks after orphans gets it.
    """
    outcome = server.load()
    while True:
        message, descriptors, _, _ = socket.recv_fds(requests, 16, 1)
        if not message:
            return
        between = os.fork()
        if between == 0:
            if os.fork():
                os._exit(0)
            requests.close()
            os.setsid()
            server.Server(socket.socket(fileno=descriptors[0]), outcome).serve()
            os._exit(0)
        os.close(descriptors[0])
        os.waitpid(between, 0)


if __name__ == "__main__":
    serve(socket.socket(fileno=0))
