"""A real server in a process of its own, that writes down whom it asks for anything."""

from __future__ import annotations

import http.client
import itertools
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

ROOT = Path(__file__).parents[2]
# Every connection and look-up of a name that Python begins, as it begins: none is missed between
# two looks at a list of connections.
LAUNCH = """
import os, sys
asked = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def note(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        arguments = arguments[1:]
    elif event not in ("socket.getaddrinfo", "socket.gethostbyname"):
        return
    os.write(asked, (repr((event, arguments)) + "\\n").encode())
sys.addaudithook(note)
import runpy
sys.argv[0] = "server.py"
runpy.run_path("server.py", run_name="__main__")
"""


@dataclass
class Running:
    """The server: its port, its process, and the file of what it asked others."""

    port: int
    process: subprocess.Popen[bytes]
    asked: Path

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def request(self, method: str, path: str, body: bytes | None = None, **headers: str):
        """Status, headers and body of an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            given = {name.replace("_", "-"): text for name, text in headers.items()}
            connection.request(method, path, body, given)
            answer = connection.getresponse()
            return answer.status, dict(answer.headers), answer.read()
        finally:
            connection.close()

    def open(self, origin: str | None = "", **more) -> ClientConnection:
        """A websocket as a browser opens it."""
        return connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream",
            origin=self.origin if origin == "" else origin,
            subprotocols=["streamlit"],
            max_size=1 << 26,
            proxy=None,
            **more,
        )

    def rss(self) -> int:
        """Bytes of memory that the process has in use."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if "VmRSS" in line).split()[1]) << 10


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def serving(home: Path, folder: Path, port: int = 0, **settings: str) -> Iterator[Running]:
    """``python server.py`` over a home until it answers; ``settings`` are environment variables."""
    port = port or free_port()
    (folder / "launch.py").write_text(LAUNCH)
    clean = {k: v for k, v in os.environ.items() if not k.startswith("TAIZHANG_")}
    process = subprocess.Popen(
        [sys.executable, folder / "launch.py", folder / "asked.txt", "--port", str(port)],
        cwd=ROOT,
        env={**clean, "PYTHONPATH": str(ROOT), "TAIZHANG_HOME": str(home), **settings},
        stdout=subprocess.DEVNULL,
        stderr=(folder / "said.txt").open("wb"),
    )
    running = Running(port, process, folder / "asked.txt")
    try:
        end = time.monotonic() + 90
        while True:
            try:
                if running.request("GET", "/_stcore/health")[0] == 200:
                    break
            except OSError:
                if time.monotonic() > end or process.poll() is not None:
                    raise AssertionError((folder / "said.txt").read_text()) from None
                time.sleep(0.1)
        yield running
    finally:
        process.kill()
        process.wait(20)


def rerun(query: str = "", page: str = "", pressed: str = "") -> bytes:
    """The message that asks for a page by its path, ``pressed`` the id of a button on it."""
    message = BackMsg()
    asked = message.rerun_script
    asked.query_string, asked.page_name = query, page
    if pressed:
        asked.widget_states.widgets.add(id=pressed, trigger_value=True)
    return message.SerializeToString()


def frames(socket: ClientConnection, seconds: float = 60) -> Iterator[ForwardMsg]:
    """What the server sends, until a run has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        frame = ForwardMsg.FromString(socket.recv(timeout=seconds))
        yield frame
        if frame.WhichOneof("type") == "script_finished":
            return
    raise TimeoutError


def upload(running: Running, session: str, size: int, token: str | None = None, **more: str) -> int:
    """Status of the answer to a form with a file of so many bytes, sent piece by piece.

    ``more`` are further headers.
    """
    cookie = running.request("GET", "/_stcore/health")[1]["set-cookie"].split(";")[0]
    head = (
        b'--edge\r\nContent-Disposition: form-data; name="f"; filename="a.xlsx"\r\n'
        b"Content-Type: a/b\r\n\r\n"
    )
    tail = b"\r\n--edge--\r\n"
    pieces = (bytes(min(1 << 20, size - at)) for at in range(0, size, 1 << 20))
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    headers = {
        "Origin": running.origin,
        "Content-Type": "multipart/form-data; boundary=edge",
        "Content-Length": str(len(head) + size + len(tail)),
        "Cookie": cookie,
        "X-Xsrftoken": cookie.partition("=")[2] if token is None else token,
        **{name.replace("_", "-"): text for name, text in more.items()},
    }
    path = f"/_stcore/upload_file/{session}/{uuid.uuid4()}"
    try:
        connection.request("PUT", path, itertools.chain([head], pieces, [tail]), headers)
        return connection.getresponse().status
    finally:
        connection.close()
