"""Uploads: kept on disk under limits, by right, and gone with their session."""

import asyncio
import errno
import os
import resource
import stat
import threading
import time
import uuid
from pathlib import Path
from types import SimpleNamespace

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from gate import endings, uploads
from gate.door import Door
from gate.sessions import Sessions
from store import journal
from store.settings import DECLARED
from store.uploads import LOG, UPLOADS, TooMuch, Uploads
from tests.gate.asking import HOST, ask, body, scope, status

ORIGIN = f"http://{HOST}"
SESSION = "0b0e4c9e-8c2b-4a61-9f6e-3d1a5c7e9f01"
FILE = "5d9f6c1a-2e3b-4f70-8a9d-7c6b5e4f3a02"
ANOTHER = "c4a1f2e3-7b6d-4c5e-9f80-1a2b3c4d5e03"
PATH = f"/_stcore/upload_file/{SESSION}/{FILE}"
EDGE = b"----edge"
MB = 1 << 20


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    for name in DECLARED:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TAIZHANG_HOME", str(tmp_path))
    monkeypatch.setattr(uploads, "active", lambda session: session == SESSION)
    yield tmp_path
    UPLOADS.close()


@pytest.fixture
def taken():
    """The door before an app that reads forms as Streamlit's does; gives what it was given."""

    async def put(request: Request) -> Response:
        form = await request.form()
        (file,) = form.values()
        got.files.append((file.filename, file.content_type, await file.read()))
        return Response(status_code=got.status)

    got = SimpleNamespace(files=[], status=204)
    route = Route("/_stcore/upload_file/{session}/{file}", put, methods=["PUT", "DELETE"])
    got.door = Door(Starlette(routes=[route]), Sessions())
    return got


def form(content: bytes, name: str = "表.xlsx", parts: int = 1) -> bytes:
    head = (
        f'Content-Disposition: form-data; name="f"; filename="{name}"\r\nContent-Type: a/b\r\n\r\n'
    )
    part = b"--" + EDGE + b"\r\n" + head.encode() + content + b"\r\n"
    return part * parts + b"--" + EDGE + b"--\r\n"


def put(door, data: bytes, path: str = PATH, piece: int = 65536, **headers):
    kind = f"multipart/form-data; boundary={EDGE.decode()}"
    asked = scope("http", path, "PUT", **{"origin": ORIGIN, "content_type": kind, **headers})
    pieces = [data[i : i + piece] for i in range(0, len(data), piece)] or [b""]
    told = [
        {"type": "http.request", "body": each, "more_body": i < len(pieces) - 1}
        for i, each in enumerate(pieces)
    ]
    return ask(door, asked, *told)


def files(home):
    return [
        path for path in (home / "uploads").rglob("*") if path.is_file() and path.name != "lock"
    ]


@pytest.mark.parametrize("content", [b"", b"x", b"\r\n--" + EDGE[:4], os.urandom(3 * MB + 7)])
@pytest.mark.parametrize("piece", [65536, 97])
def test_a_file_lies_on_disk_and_the_app_gets_a_ticket(taken, home, content, piece):
    if piece == 97 and len(content) > MB:
        content = content[: MB + 3]
    assert status(put(taken.door, form(content), piece=piece)) == 204
    ((name, kind, ticket),) = taken.files
    assert (name, kind) == ("表.xlsx", "a/b")
    assert len(ticket) < 100
    with UPLOADS.opened(ticket) as handle:
        assert handle.read() == content
    (path,) = files(home)
    assert path.read_bytes() == content
    for each in (path, path.parent, path.parent.parent):
        assert not stat.S_IMODE(each.stat().st_mode) & 0o077


def test_what_is_no_ticket_is_the_file_itself():
    assert UPLOADS.opened(b"taizhang-upload-0").read() == b"taizhang-upload-0"
    assert UPLOADS.opened(b"\xff\x00" * 500).read() == b"\xff\x00" * 500


def test_a_server_for_looking_takes_nothing(taken, home, monkeypatch):
    monkeypatch.setenv("TAIZHANG_READ_ONLY", "1")
    said = put(taken.door, form(b"x" * MB))
    assert status(said) == 403 and "TAIZHANG_READ_ONLY" in body(said)
    assert not taken.files and not (home / "uploads").exists()


@pytest.mark.parametrize(
    "path",
    [
        f"/_stcore/upload_file/{ANOTHER}/{FILE}",
        f"/_stcore/upload_file/{SESSION}/../{FILE}",
        f"/_stcore/upload_file/{SESSION}/",
        f"/_stcore/upload_file/{SESSION}/a/b",
    ],
)
def test_only_for_a_page_that_is_open(taken, home, path):
    assert status(put(taken.door, form(b"x"), path)) == 400
    assert not taken.files and not (home / "uploads").exists()


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        (form(b"x", parts=2), {}),
        (b"", {}),
        (b"hello", {}),
        (form(b"x")[:-6], {}),
        (b"--" + EDGE + b"\r\nA: " + b"b" * 10000 + b"\r\n\r\nx\r\n--" + EDGE + b"--\r\n", {}),
        (form(b"x"), {"content_type": "text/plain"}),
        (form(b"x"), {"content_type": "multipart/form-data"}),
    ],
)
def test_a_malformed_upload_leaves_nothing(taken, home, data, headers):
    assert status(put(taken.door, data, **headers)) == 400
    assert not taken.files and not files(home)


def test_a_file_too_large_is_refused_by_what_it_says_and_by_what_it_is(taken, home, monkeypatch):
    monkeypatch.setenv("TAIZHANG_UPLOAD_MB", "2")
    said = put(taken.door, form(b"x"), content_length=str(4 * MB))
    assert status(said) == 413 and "2 MB" in body(said)
    assert status(put(taken.door, form(b"x" * (2 * MB + 1)))) == 413
    assert not files(home) and not taken.files
    assert status(put(taken.door, form(b"x" * (2 * MB)))) == 204


def test_all_files_together_are_limited_and_one_given_up_makes_room(taken, home, monkeypatch):
    monkeypatch.setenv("TAIZHANG_UPLOADS_MB", "3")
    other = f"/_stcore/upload_file/{SESSION}/{uuid.uuid4()}"
    assert status(put(taken.door, form(b"x" * (2 * MB)))) == 204
    said = put(taken.door, form(b"x" * (2 * MB)), other)
    assert status(said) == 507 and "TAIZHANG_UPLOADS_MB" in body(said)
    assert len(files(home)) == 1
    assert status(put(taken.door, form(b"y" * (2 * MB)))) == 204, "the same file anew replaces it"
    assert [path.read_bytes()[:1] for path in files(home)] == [b"y"]
    UPLOADS.drop("test", lambda upload: True)
    assert status(put(taken.door, form(b"x" * (2 * MB)), other)) == 204


def test_one_session_has_not_endlessly_many_files(tmp_path):
    kept = Uploads()
    for number in range(500):
        kept.begin(tmp_path, "a", str(number))
    with pytest.raises(TooMuch):
        kept.begin(tmp_path, "a", "one more")
    kept.begin(tmp_path, "b", "another's")
    kept.close()
    assert not files(tmp_path)


def test_a_full_disk_is_said_and_leaves_nothing(taken, home, monkeypatch):
    async def full(*_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(uploads, "_write", full)
    assert status(put(taken.door, form(b"x"))) == 507
    assert not files(home)


def test_what_streamlit_does_not_take_is_removed(taken, home):
    taken.status = 403
    assert status(put(taken.door, form(b"x"))) == 403
    assert not files(home)


def test_a_browser_that_breaks_off_leaves_nothing(taken, home):
    kind = f"multipart/form-data; boundary={EDGE.decode()}"
    asked = scope("http", PATH, "PUT", origin=ORIGIN, content_type=kind)
    begun = {"type": "http.request", "body": form(b"x" * MB)[: MB // 2], "more_body": True}
    assert ask(taken.door, asked, begun) == []
    assert not files(home) and not taken.files


def test_an_upload_that_stops_coming_ends(taken, home, monkeypatch):
    monkeypatch.setenv("TAIZHANG_REQUEST_SECONDS", "1")
    kind = f"multipart/form-data; boundary={EDGE.decode()}"
    asked = scope("http", PATH, "PUT", origin=ORIGIN, content_type=kind)
    said = []

    async def receive():
        if not said:
            said.append(None)
            return {"type": "http.request", "body": form(b"x")[:40], "more_body": True}
        return await asyncio.sleep(30)

    async def send(message):
        said.append(message)

    asyncio.run(taken.door(asked, receive, send))
    assert said[1]["status"] == 408
    assert not files(home)


def test_files_go_with_their_session_and_one_by_one_and_that_is_written_down(taken, home):
    keeper = MemoryUploadedFileManager("/_stcore/upload_file")
    endings.follow_sessions(SimpleNamespace(uploaded_file_mgr=keeper))
    names = ("a", "b", "c")
    for name in names:
        put(taken.door, form(b"x" * 10), f"/_stcore/upload_file/{SESSION}/{name}")
        keeper.add_file(SESSION, UploadedFileRec(name, name, "", taken.files[-1][2]))
    keeper.remove_file(SESSION, "a")
    assert len(files(home)) == 2
    keeper.remove_session_files("another")
    assert len(files(home)) == 2
    keeper.remove_session_files(SESSION)
    assert not files(home) and not keeper.get_files(SESSION, names)
    told = [(e["removed"], e["bytes"], e["why"]) for e in journal.entries(home / LOG)]
    assert told == [(1, 10, "given up"), (2, 20, "session ended")]
    assert stat.S_IMODE((home / LOG).stat().st_mode) == 0o600


def test_what_a_killed_server_left_is_removed_and_what_another_holds_is_not(home):
    first, second = Uploads(), Uploads()
    first.begin(home, "a", "b")
    second.begin(home, "a", "b")
    assert len(files(home)) == 2, "the other one is alive"
    os.close(first._handle)  # as the kernel does for a process that is killed
    first._folder = None
    third = Uploads()
    third.begin(home, "a", "b")
    assert len(files(home)) == 2
    assert [entry["why"] for entry in journal.entries(home / LOG)] == ["server was killed"]
    second.close()
    third.close()


def test_memory_does_not_grow_with_the_file(taken, home, monkeypatch):
    monkeypatch.setenv("TAIZHANG_UPLOADS_MB", "1000")
    size = 200 * MB
    head, tail = form(b"\0").split(b"\0")
    left = [size]
    told = [{"type": "http.request", "body": head, "more_body": True}]
    most = [0]

    async def receive():
        if told:
            return told.pop()
        if not left[0]:
            return {"type": "http.request", "body": tail, "more_body": False}
        left[0] -= 65536
        most[0] = max(most[0], _rss())
        return {"type": "http.request", "body": bytes(65536), "more_body": True}

    async def send(message):
        assert message.get("status", 204) == 204

    kind = f"multipart/form-data; boundary={EDGE.decode()}"
    before = _rss()
    asyncio.run(
        taken.door(scope("http", PATH, "PUT", origin=ORIGIN, content_type=kind), receive, send)
    )
    assert files(home)[0].stat().st_size == size
    assert most[0] - before < 30 * MB


def _rss() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def test_two_uploads_at_a_time_stay_within_the_whole(tmp_path):
    kept = Uploads()
    each = [kept.begin(tmp_path, "a", str(number)) for number in range(8)]
    refused = []

    def grow(upload):
        for _ in range(100):
            try:
                kept.grow(upload, 10, 1000)
            except TooMuch:
                refused.append(upload)

    threads = [threading.Thread(target=grow, args=(upload,)) for upload in each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(upload.size for upload in each) == 1000
    assert len(refused) == 700
    kept.close()


def test_an_expired_session_is_ended():
    ended = []
    sessions = MemorySessionStorage(ttl_seconds=0.05)
    session = SimpleNamespace(id="s", shutdown=lambda: ended.append(1))
    sessions.save(SessionInfo(client=None, session=session, script_run_count=0))
    manager = SimpleNamespace(_storage_lock=threading.Lock(), _session_storage=sessions)
    runtime = SimpleNamespace(_session_mgr=manager)
    assert endings.end_expired(runtime) == 0 and not ended
    time.sleep(0.1)
    assert endings.end_expired(runtime) == 1 and ended == [1]
