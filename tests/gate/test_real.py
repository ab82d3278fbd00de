"""The gate of a real server: probed from outside, over a small county."""

import ast
import shutil
import signal
import socket
import stat
import time
from contextlib import ExitStack

import psutil
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from store import journal
from store.uploads import LOG
from tests.gate.real import ROOT, Running, frames, rerun, serving, upload


@pytest.fixture(scope="module")
def home(small_home, tmp_path_factory):
    folder = tmp_path_factory.mktemp("gate") / "home"
    shutil.copytree(small_home.path, folder)
    for path in (folder, folder / "CURRENT"):
        path.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def server(home, tmp_path_factory):
    with serving(home, tmp_path_factory.mktemp("server"), TAIZHANG_REQUEST_SECONDS="2") as running:
        yield running


def test_a_page_is_shown_and_its_frames_tell_no_path(server: Running):
    with server.open() as browser:
        browser.send(rerun())
        seen = list(frames(browser))
    assert seen[0].WhichOneof("type") == "new_session"
    assert seen[0].new_session.main_script_path == "dashboard.py"
    for frame in seen:
        assert str(ROOT).encode() not in frame.SerializeToString()
    assert any(frame.WhichOneof("type") == "delta" for frame in seen)


def test_nothing_asks_an_address_outside_while_it_is_probed(server: Running):
    process = psutil.Process(server.process.pid)
    for _ in range(3):
        for origin in ("http://evil.example", "http://198.51.100.7:8501", None, "null"):
            began = time.monotonic()
            with pytest.raises(InvalidStatus, match="403"):
                server.open(origin).__enter__()
            assert time.monotonic() - began < 1.5
        for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
            assert server.request("GET", "/", **headers)[0] == 403
        remote = [c.raddr.ip for c in process.net_connections("inet") if c.raddr]
        assert all(ip in ("127.0.0.1", "::1") for ip in remote), remote
    with server.open() as browser:
        browser.send(rerun())
        list(frames(browser))
    for line in server.asked.read_text().splitlines():
        event, arguments = ast.literal_eval(line)
        assert _here(arguments), f"{event} {arguments}"


def _here(arguments) -> bool:
    """Whether a connection or a look-up stays on this machine."""
    (address, *_) = arguments
    host = address[0] if isinstance(address, tuple) else address
    return (isinstance(address, str) and address.startswith("/")) or host in (
        "127.0.0.1", "::1", "localhost", "",
    )  # fmt: skip


def test_rebinding_is_refused_whole(server: Running):
    for path in ("/", "/ledgers", "/api/ready", "/shapes/x", "/_stcore/health", "/media/x"):
        assert server.request("GET", path, Host="evil.example")[0] == 403
    with pytest.raises(InvalidStatus, match="403"):
        connect(
            "ws://evil.example/_stcore/stream",
            address=("127.0.0.1", server.port),
            proxy=None,
            origin="http://evil.example",
        ).__enter__()


def test_nobody_empties_the_county_of_all(server: Running):
    with server.open() as browser:
        browser.send(rerun())
        list(frames(browser))
        browser.send(BackMsg(clear_cache=True).SerializeToString())
        began = time.monotonic()
        browser.send(rerun("region=611025"))
        kinds = {frame.WhichOneof("type") for frame in frames(browser)}
    assert "delta" in kinds
    assert time.monotonic() - began < 20


def test_a_half_sent_request_ends(server: Running):
    whole = b"GET /api/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    for before in (b"", whole):
        with socket.create_connection(("127.0.0.1", server.port), timeout=15) as slow:
            if before:
                slow.sendall(before)
                assert slow.recv(65536).startswith(b"HTTP/1.1")
            slow.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
            began, ended = time.monotonic(), False
            while not ended and time.monotonic() - began < 12:
                time.sleep(0.4)
                try:
                    slow.sendall(b"a")
                    slow.setblocking(False)
                    ended = slow.recv(65536) == b""
                except BlockingIOError:
                    pass
                except OSError:
                    ended = True
                finally:
                    slow.settimeout(15)
            assert ended, "a drop now and then keeps no connection"


def test_an_idle_connection_that_says_nothing_ends(server: Running):
    with socket.create_connection(("127.0.0.1", server.port), timeout=15) as silent:
        assert silent.recv(1) == b""


def test_the_home_is_its_owners_alone(server: Running, home):
    for path in (home, *home.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert not mode & 0o077, f"{path} {mode:o}"


@pytest.mark.torture
def test_it_ends_within_seconds_with_pages_open(home, tmp_path):
    left = home / "uploads" / "1-killed"
    left.mkdir(parents=True)
    (left / "lock").touch()
    (left / "file").write_bytes(b"people")
    with serving(home, tmp_path, TAIZHANG_STOP_SECONDS="2") as running:
        assert not left.exists(), "what a killed server left goes at the next start"
        stack = ExitStack()
        pages = [stack.enter_context(running.open()) for _ in range(3)]
        for page in pages:
            page.send(rerun())
        list(frames(pages[0]))
        for page in pages[1:]:  # one with a run under way, one with a run that was just asked for
            page.send(rerun("region=611025"))
        began = time.monotonic()
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(15)
        assert time.monotonic() - began < 8
        stack.close()


def test_a_bad_setting_keeps_it_from_starting_and_is_named(home, tmp_path):
    with (
        pytest.raises(AssertionError, match="TAIZHANG_UPLOAD_MB=lots"),
        serving(home, tmp_path, TAIZHANG_UPLOAD_MB="lots"),
    ):
        pass


@pytest.mark.torture
def test_an_upload_takes_disk_and_no_memory_and_goes_with_its_session(home, tmp_path):
    size = 300 << 20
    with serving(home, tmp_path, TAIZHANG_SESSION_SECONDS="1") as running:
        with running.open() as browser:
            browser.send(rerun())
            session = next(frames(browser)).new_session.initialize.session_id
            browser.send(rerun())
            list(frames(browser))
            before = running.rss()
            assert upload(running, session, size) == 204
            grown = running.rss() - before
            (lying,) = lying_in(home)
            assert lying.stat().st_size == size
            assert upload(running, "00000000-0000-0000-0000-000000000000", 10) == 400
            assert upload(running, session, 10, token="") == 403, "Streamlit asks for its token"
        assert grown < 60 << 20, f"{grown >> 20} MB"
        end = time.monotonic() + 40
        while lying_in(home) and time.monotonic() < end:
            time.sleep(0.5)
        assert not lying_in(home)
    assert [entry["bytes"] for entry in journal.entries(home / LOG)][-1] == size


def lying_in(home):
    """Files that lie among the uploads of a home."""
    every = (home / "uploads").rglob("*")
    return [path for path in every if path.is_file() and path.name != "lock"]
