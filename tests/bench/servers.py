"""The programs that are measured, each in a server of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from access import grants
from state.database import opened
from store.snapshots import Home
from tests.browser.conftest import free_port

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ADDRESS = "127.0.0.1"
PATIENCE = 180.0  # seconds for a server to come up

# The letters that the report uses.
DASHBOARD, TUTORIAL, FLOOR, LOGIN = "a", "b", "c", "d"
NAMES = {
    DASHBOARD: "this dashboard",
    TUTORIAL: "tests/bench/tutorial.py",
    FLOOR: "tests/bench/floor.py",
    LOGIN: "this dashboard, logged in",
}
# Somebody is logged in where a proxy would say so.
USER_HEADER = "X-User"
LOGGED_IN = {"TAIZHANG_USER_HEADER": USER_HEADER, "TAIZHANG_USER_HEADER_FROM": ADDRESS}
FOR_NOW = date(2099, 1, 1)  # until when they may
LEADER = "leader"  # who sees the whole county, as everybody does where nobody is asked
_SCRIPTS = {TUTORIAL: HERE / "tutorial.py", FLOOR: HERE / "floor.py"}


@dataclass(frozen=True, slots=True)
class Program:
    """A running program: its letter in the report, its port and its process."""

    letter: str
    port: int
    pid: int

    def naming(self, whom: str = "") -> dict[str, str]:
        """The headers of a request, as a proxy would tell who asks: by default the leader."""
        return {USER_HEADER: whom or LEADER} if self.letter == LOGIN else {}

    def url(self, path: str = "/") -> str:
        return f"http://{ADDRESS}:{self.port}{path}"

    @property
    def stream(self) -> str:
        return f"ws://{ADDRESS}:{self.port}/_stcore/stream"


def home() -> Path:
    """The snapshots to measure with. FileNotFoundError where nothing is loaded."""
    path = Path(os.environ.get("TAIZHANG_HOME") or ROOT / "data" / "home").resolve()
    if not (path / "CURRENT").is_file():
        raise FileNotFoundError(f"{path} has no snapshot: make demo")
    return path


@contextmanager
def copied(source: Path) -> Iterator[Path]:
    """A copy of a home, in which the leader may look: what is measured writes to it."""
    with tempfile.TemporaryDirectory(prefix="bench-home-") as folder:
        path = Path(shutil.copytree(source, Path(folder) / "home"))
        county = Home(path).current(verify=False).county_code
        with opened(path) as state:
            grants.give(state, LEADER, "county_leader", [county], by="bench", ends=FOR_NOW)
        yield path


def command(letter: str, port: int) -> list[str]:
    """How a program is started. Stock settings for the tutorial and the floor, but for no
    browser, and no usage statistics, which a machine without internet would wait for."""
    if letter in (DASHBOARD, LOGIN):
        return [
            sys.executable,
            str(ROOT / "server.py"),
            f"--port={port}",
            f"--address={ADDRESS}",
        ]
    return [
        sys.executable,
        *("-m", "streamlit", "run", str(_SCRIPTS[letter])),
        "--server.headless=true",
        f"--server.port={port}",
        f"--server.address={ADDRESS}",
        "--browser.gatherUsageStats=false",
    ]


@contextmanager
def serving(letter: str, over: Path, **settings: str) -> Iterator[Program]:
    """Start a program over a home, wait until it answers, and stop it at the end."""
    port = free_port()
    given = {key: value for key, value in os.environ.items() if not key.startswith("STREAMLIT_")}
    given |= LOGGED_IN if letter == LOGIN else {}
    with tempfile.TemporaryDirectory(prefix="bench-") as elsewhere:
        # Settings are read from the working folder too: the others must not find the dashboard's.
        process = subprocess.Popen(
            command(letter, port),
            cwd=ROOT if letter in (DASHBOARD, LOGIN) else elsewhere,
            env={**given, "TAIZHANG_HOME": str(over), **settings},
            stdout=subprocess.DEVNULL,
        )
        try:
            program = Program(letter, port, process.pid)
            _wait(program, process)
            yield program
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def all_serving(over: Path) -> Iterator[dict[str, Program]]:
    """The programs by letter, all over one home."""
    with ExitStack() as stack:
        yield {letter: stack.enter_context(serving(letter, over)) for letter in NAMES}


def _wait(program: Program, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if process.poll() is not None:
            raise RuntimeError(f"{NAMES[program.letter]} ended with {process.returncode}")
        try:
            with urlopen(program.url("/_stcore/health"), timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise TimeoutError(f"{NAMES[program.letter]} did not answer in {PATIENCE:.0f} s")
