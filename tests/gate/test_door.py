"""Who passes the door: by host, origin, address and method; what a refusal says."""

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from gate import frames, sessions
from gate.door import Door
from gate.sessions import Sessions
from store.settings import DECLARED, BadSetting, beyond_loopback, check_all, read_only, setting
from tests.gate.asking import HOST, ask, body, scope, status

ORIGIN = f"http://{HOST}"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch):
    for name in DECLARED:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def inner():
    """An app that notes what reaches it."""

    async def app(scope, receive, send):
        app.seen.append(scope)
        if scope["type"] == "websocket":
            app.messages.append(await receive())
            await send({"type": "websocket.accept"})
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"in"})

    app.seen, app.messages = [], []
    return app


@pytest.fixture
def door(inner):
    return Door(inner, Sessions())


@pytest.mark.parametrize(
    "host",
    [
        HOST,
        "localhost",
        "LOCALHOST:8501",
        "localhost.:80",
        "127.8.8.8",
        "[::1]:8501",
        "10.1.2.3:8501",
        "MyMachine:8501",
    ],
)
def test_this_machine_by_any_of_its_names_passes(door, host, monkeypatch):
    monkeypatch.setattr("gate.hosts._hostname", lambda: "mymachine")
    asked = scope("http", "/", host=host) | {"server": ("10.1.2.3", 8501)}
    assert status(ask(door, asked)) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil",
        "evil:8501",
        "",
        "10.9.9.9",
        "localhost.evil",
        "evil@localhost",
        "localhost:99999",
        "localhost/..",
        "localhost#",
        "127.0.0.1.evil",
        "127.1",
        "2130706433",
    ],
)
def test_any_other_name_is_refused_before_the_app_sees_it(door, inner, host):
    for kind, path in (
        ("http", "/"),
        ("http", "/_stcore/health"),
        ("websocket", "/_stcore/stream"),
    ):
        # An attacker's name that points here sends an Origin that agrees with its Host.
        said = ask(door, scope(kind, path, host=host, origin=f"http://{host}"))
        assert status(said) == 403
    assert not inner.seen
    assert "TAIZHANG_HOSTS" in body(said) and len(body(said).splitlines()) == 2


def test_two_hosts_are_none(door, inner):
    asked = scope("http", "/")
    asked["headers"].append((b"host", b"evil"))
    assert status(ask(door, asked)) == 403 and not inner.seen


def test_names_that_are_set_pass(door, monkeypatch):
    monkeypatch.setenv("TAIZHANG_HOSTS", "taizhang.example, *.county.example")
    for host, expected in (
        ("taizhang.example", 200),
        ("TAIZHANG.example:443", 200),
        ("a.county.example", 200),
        ("county.example", 403),
        ("evilcounty.example", 403),
        ("taizhang.example.evil", 403),
    ):
        assert status(ask(door, scope("http", "/", host=host))) == expected, host


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "http://evil",
        "http://127.0.0.1:9999",
        f"ftp://{HOST}",
        f"{ORIGIN}/x",
        "http://[",
    ],
)
def test_a_websocket_from_elsewhere_or_nowhere_is_refused(door, inner, origin):
    said = ask(door, scope("websocket", "/_stcore/stream", origin=origin))
    assert said[0]["type"] == "websocket.http.response.start" and said[0]["status"] == 403
    assert "TAIZHANG_ORIGINS" in body(said)
    assert not inner.seen


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize("origin", ["", "http://evil"])
def test_what_changes_something_says_where_it_comes_from(door, inner, method, origin):
    asked = scope("http", "/_stcore/upload_file/a/b", method, origin=origin)
    assert status(ask(door, asked)) == 403 and not inner.seen


def test_a_link_needs_no_origin_and_another_site_reads_nothing(door):
    assert status(ask(door, scope("http", "/ledgers"))) == 200
    assert status(ask(door, scope("http", "/ledgers", origin="http://evil"))) == 403


def test_streamlit_sees_a_proxys_visitor_as_of_one_origin(door, inner, monkeypatch):
    """Or it would ask a public host for its own address."""
    monkeypatch.setenv("TAIZHANG_ORIGINS", "https://taizhang.example")
    ask(door, scope("websocket", "/_stcore/stream", origin="https://taizhang.example"))
    (seen,) = inner.seen
    assert dict(seen["headers"])[b"host"] == b"taizhang.example"
    assert [name for name, _ in seen["headers"]].count(b"host") == 1


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/metrics",
        "/_stcore/script-health-check",
        "/_stcore/agent/interact",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/mcp",
        "/_stcore/message",
        "/_stcore",
        "/component/x/index.html",
        "/auth/login",
        "/oauth2callback",
        "/app/static/x",
        "/media/x.xlsx",
    ],
)
def test_what_no_page_asks_for_is_closed(door, inner, path):
    for method in ("GET", "POST", "OPTIONS"):
        assert status(ask(door, scope("http", path, method, origin=ORIGIN))) == 404
    assert not inner.seen


def test_below_a_path_of_its_own_the_same_is_open_and_closed(inner):
    below = Door(inner, Sessions(), "/county")
    for path, expected in (
        ("/county/", 200),
        ("/county/_stcore/health", 200),
        ("/county/_stcore/metrics", 404),
        ("/_stcore/metrics", 404),
        ("/county/component/x", 404),
    ):
        assert status(ask(below, scope("http", path))) == expected, path
    ask(below, scope("websocket", "/county/_stcore/stream", origin=ORIGIN))
    assert inner.seen[-1]["type"] == "websocket"
    asked = scope("http", "/county/_stcore/upload_file/a/b", "PUT", origin=ORIGIN)
    assert status(ask(below, asked)) == 400


@pytest.mark.parametrize("path", ["/", "/ledgers", "/_stcore/stream/", "/x/_stcore/stream"])
def test_one_address_only_takes_a_websocket(door, inner, path):
    assert status(ask(door, scope("websocket", path, origin=ORIGIN))) == 404
    assert not inner.seen


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_pages_are_only_read(door, inner, method):
    assert status(ask(door, scope("http", "/", method, origin=ORIGIN))) == 405 and not inner.seen


# what a websocket carries


def message(**fields) -> bytes:
    return BackMsg(**fields).SerializeToString()


def operation(name: str) -> bytes:
    asked = BackMsg()
    getattr(asked.backend_operation_request, name).SetInParent()
    return asked.SerializeToString()


REFUSED = [
    message(clear_cache=True),
    message(set_run_on_save=True),
    message(load_git_info=True),
    message(debug_shutdown_runtime=True),
    message(debug_disconnect_websocket=True),
    operation("install_skills"),
    operation("dismiss_skills_nudge"),
    operation("deferred_file"),
    operation("dataframe_chunk"),
    b"\xff\xff",
    b"",
]


@pytest.mark.parametrize("data", REFUSED)
def test_what_is_a_developers_does_not_reach_streamlit(data):
    assert not frames.passes(data)


def test_what_pages_need_passes():
    rerun = BackMsg()
    rerun.rerun_script.SetInParent()
    urls = BackMsg()
    urls.file_urls_request.SetInParent()
    for data in (rerun.SerializeToString(), urls.SerializeToString(), message(stop_script=True)):
        assert frames.passes(data)


def test_every_kind_of_message_is_decided_on():
    """A newer Streamlit may bring others: they are refused until somebody has looked at them."""
    kinds = {field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields}
    assert kinds > frames.PASSES
    assert kinds - frames.PASSES == {
        "clear_cache", "set_run_on_save", "load_git_info", "debug_disconnect_websocket",
        "debug_shutdown_runtime", "backend_operation_request",
    }  # fmt: skip


def test_a_refused_message_is_skipped_and_the_next_one_comes(door, inner):
    rerun = message(stop_script=True)
    told = [{"type": "websocket.receive", "bytes": data} for data in (*REFUSED, rerun)]
    ask(door, scope("websocket", "/_stcore/stream", origin=ORIGIN), *told)
    assert inner.messages == [{"type": "websocket.receive", "bytes": rerun}]


def test_a_text_ends_the_websocket(door, inner):
    told = {"type": "websocket.receive", "text": "hello", "bytes": None}
    ask(door, scope("websocket", "/_stcore/stream", origin=ORIGIN), told)
    assert inner.messages[0]["type"] == "websocket.disconnect"


def test_the_first_frame_tells_no_path(inner):
    frame = ForwardMsg()
    frame.new_session.main_script_path = f"{frames.ROOT}/dashboard.py"
    frame.new_session.page_script_hash = "abc"

    async def app(scope, receive, send):
        await send({"type": "websocket.send", "bytes": frame.SerializeToString()})

    said = ask(Door(app, Sessions()), scope("websocket", "/_stcore/stream", origin=ORIGIN))
    sent = ForwardMsg.FromString(said[0]["bytes"])
    assert sent.new_session.main_script_path == "dashboard.py"
    assert sent.new_session.page_script_hash == "abc"


# how many


def test_sessions_are_limited_in_all_and_from_one_address(monkeypatch):
    monkeypatch.setenv("TAIZHANG_SESSIONS", "5")
    monkeypatch.setenv("TAIZHANG_SESSIONS_EACH", "2")
    kept = Sessions()
    assert [kept.begin("10.0.0.1") for _ in range(3)] == [True, True, False]
    kept.end("10.0.0.1")
    assert kept.begin("10.0.0.1")
    assert [kept.begin("127.0.0.1") for _ in range(4)] == [True, True, True, False]
    assert len(kept) == 5


def test_there_are_no_more_sessions_than_files_that_may_be_open(monkeypatch):
    monkeypatch.setattr(sessions.resource, "getrlimit", lambda _: (400, 400))
    assert sessions.most() == 50
    monkeypatch.setattr(sessions.resource, "getrlimit", lambda _: (1 << 20, 1 << 20))
    assert sessions.most() == 300


def test_a_session_too_many_is_told_so_and_one_that_ends_makes_room(inner, monkeypatch):
    monkeypatch.setenv("TAIZHANG_SESSIONS", "1")
    kept = Sessions()
    door = Door(inner, kept)
    kept.begin("10.0.0.1")
    said = ask(door, scope("websocket", "/_stcore/stream", origin=ORIGIN))
    assert status(said) == 503 and "TAIZHANG_SESSIONS" in body(said)
    kept.end("10.0.0.1")
    ask(door, scope("websocket", "/_stcore/stream", origin=ORIGIN))
    assert len(inner.seen) == 1 and len(kept) == 0


# settings


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORT", "http"),
        ("PORT", "0"),
        ("TAIZHANG_ADDRESS", "everywhere"),
        ("TAIZHANG_HOSTS", "a b"),
        ("TAIZHANG_HOSTS", "*"),
        ("TAIZHANG_HOSTS", "http://a"),
        ("TAIZHANG_ORIGINS", "taizhang.example"),
        ("TAIZHANG_ORIGINS", "https://taizhang.example/x"),
        ("TAIZHANG_READ_ONLY", "yes"),
        ("TAIZHANG_UPLOAD_MB", "-1"),
        ("TAIZHANG_UPLOAD_MB", "5e3"),
    ],
)
def test_a_bad_setting_is_named(monkeypatch, name, text):
    monkeypatch.setenv(name, text)
    with pytest.raises(BadSetting) as bad:
        check_all()
    assert (bad.value.name, bad.value.text) == (name, text)


def test_every_default_can_be_read():
    check_all()
    assert setting("PORT") == 8501
    assert setting("TAIZHANG_ADDRESS") == "127.0.0.1"


@pytest.mark.parametrize(
    ("address", "hosts", "origins", "said", "beyond", "only_read"),
    [
        ("", "", "", "", False, False),
        ("::1", "localhost", "", "", False, False),
        ("0.0.0.0", "", "", "", True, False),
        ("10.0.0.1", "", "", "", True, False),
        ("", "taizhang.example", "", "", True, False),
        ("", "", "https://taizhang.example", "", True, False),
        ("", "", "http://[::1]:9000", "", False, False),
        ("", "", "", "1", False, True),
    ],
)
def test_who_may_reach_it_and_whether_it_takes_files_are_told_apart(
    monkeypatch, address, hosts, origins, said, beyond, only_read
):
    monkeypatch.setenv("TAIZHANG_ADDRESS", address)
    monkeypatch.setenv("TAIZHANG_HOSTS", hosts)
    monkeypatch.setenv("TAIZHANG_ORIGINS", origins)
    monkeypatch.setenv("TAIZHANG_READ_ONLY", said)
    assert (beyond_loopback(), read_only()) == (beyond, only_read)
