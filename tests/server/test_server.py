"""The app around the dashboard: headers, shapes, readiness, and nothing else open."""

import asyncio
import base64
import hashlib
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import brotli
import psutil
import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Route

import server
from gate.readiness import Warmth
from metrics.derive import derive
from store.snapshots import Home, NoSnapshot, SnapshotDamaged
from tests import small_county
from tests.gate import frontend
from views.browser.bundle import ASSETS, PLOTLY_URL

SHAPES = json.dumps({"type": "FeatureCollection", "features": []})
VERSION = "0123456789ab"


@pytest.fixture
def static(tmp_path):
    return frontend.written(tmp_path)


@pytest.fixture
def home(tmp_path, monkeypatch):
    folder = tmp_path / "home"
    (folder / "shapes" / VERSION).mkdir(parents=True)
    (folder / "shapes" / VERSION / "village.geojson").write_text(SHAPES)
    (folder / "shapes" / VERSION / "index.json").write_text("{}")
    monkeypatch.setenv("TAIZHANG_HOME", str(folder))
    return folder


@pytest.fixture
def get(static, home, monkeypatch):
    async def page(request):
        return HTMLResponse('<html lang="en"><title>Streamlit</title>the page')

    monkeypatch.setattr(server, "WARMTH", Warmth(lambda: None, "ok"))
    routes = [*server.routes(), Route("/{rest:path}", page, methods=["GET", "POST"])]
    app = Starlette(routes=routes, middleware=server.middleware(static))

    def call(path, method="GET", query="", **headers):
        return asyncio.run(request(app, path, method, headers, query))

    return call


async def request(app, path, method, headers, query=""):
    """Status, headers and body of one request."""
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [
            (k.replace("_", "-").encode(), v.encode())
            for k, v in {"host": "localhost", **headers}.items()
        ],
        "scheme": "http",
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 50000),
        "root_path": "",
    }
    said = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        said.append(message)

    await app(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in said[1:])
    return said[0]["status"], {k.decode(): v.decode() for k, v in said[0]["headers"]}, body


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/ledgers", 200),
        ("/static/js/app.Ab1.js", 200),
        ("/api/ready", 503),
        ("/api/unknown", 404),
        ("/shapes/none", 404),
        (PLOTLY_URL, 200),
    ],
)
def test_every_answer_carries_the_security_headers(get, path, status):
    found, headers, _ = get(path)
    assert found == status
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_only_pages_hint_at_what_comes_next(get):
    for address in re.findall("<(.*?)>", get("/")[1]["link"]):
        assert get(address)[0] == 200
    assert "link" not in get("/api/ready")[1]


def test_the_policy_lets_run_our_scripts_and_the_inline_ones_of_the_page_only():
    page = "<script>one()</script><script type=module src=x></script><script>\ntwo()\n</script>"
    policy = dict(part.split(" ", 1) for part in server.content_security_policy(page).split("; "))
    for text in ("one()", "\ntwo()\n"):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy["script-src"]
    assert policy["script-src"].count("sha256") == 2
    assert "unsafe-inline" not in policy["script-src"]
    assert "'unsafe-eval'" not in policy["script-src"]
    assert all("http" not in part and "*" not in part for part in policy.values())


def test_shapes_are_served_compressed_and_for_ever(get):
    path = f"/shapes/{VERSION}/village.geojson"
    status, headers, body = get(path, accept_encoding="br")
    assert status == 200
    assert brotli.decompress(body).decode() == SHAPES
    assert headers["content-type"] == "application/geo+json"
    assert "immutable" in headers["cache-control"]
    assert get(path, accept_encoding="br", if_none_match=headers["etag"])[0] == 304


@pytest.mark.parametrize(
    "rest",
    [
        "",
        "village.geojson",
        f"{VERSION}/township.geojson",
        f"{VERSION}/index.json",
        f"{VERSION}/village.geojson/",
        f"{VERSION}/../{VERSION}/village.geojson",
        "../CURRENT",
        "ffffffffffff/village.geojson",
        f"{VERSION.upper()}/village.geojson",
    ],
)
def test_nothing_else_can_be_read_through_shapes(get, rest):
    status, _, body = get(f"/shapes/{rest}")
    assert (status, body) == (404, b"not found")


def test_our_assets_are_served_under_their_content_or_version(get):
    for address, path in ASSETS.items():
        status, _, body = get(address)
        assert status == 200
        assert body == path.read_bytes()
        assert get(address + "x")[0] == 404
    assert get("/assets/../server.py")[0] == 404


def test_ready_tells_part_by_part_what_pages_need(get, home, monkeypatch):
    def told():
        status, headers, body = get("/api/ready")
        assert headers["cache-control"] == "no-store"
        assert str(home) not in body.decode()
        return status, json.loads(body)

    none = {"number": None, "snapshot": "missing", "derived": "missing", "database": "missing"}
    assert told() == (503, none | {"disk": "ok"})
    folder = home / "snapshots" / "000007"
    folder.mkdir(parents=True)
    manifest = {"number": 7, "data_date": "2024-12-31", "county_code": "611025", "tables": {}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (home / "CURRENT").write_text("7")
    whole = {"number": 7, "snapshot": "ok", "derived": "ok", "database": "ok", "disk": "ok"}
    assert told() == (200, whole)
    monkeypatch.setenv("TAIZHANG_FREE_MB", "1000000")
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1))
    assert told() == (200, whole | {"disk": "low"}), "who looks needs no room"
    monkeypatch.setattr(server, "answers", lambda number: number != 7)
    assert told()[0] == 503 and told()[1]["database"] == "failed"
    monkeypatch.setattr(server, "WARMTH", Warmth(lambda: None))
    assert told()[0] == 503 and told()[1]["derived"] == "opening"
    (folder / "manifest.json").write_text("{")
    assert told()[0] == 503 and told()[1]["snapshot"] == "damaged"


@pytest.mark.parametrize(
    ("error", "state"),
    [(None, "ok"), (NoSnapshot("none"), "missing"), (SnapshotDamaged("hash"), "damaged")],
)
def test_what_is_opened_beside_the_first_requests_says_how_far_it_is(error, state):
    def work():
        assert warmth.state == "opening"
        if error:
            raise error

    warmth = Warmth(work)
    warmth.begin()
    assert warmth.wait(5) and warmth.state == state


def test_home_is_the_folder_of_the_environment_or_below_the_project(monkeypatch):
    monkeypatch.setenv("TAIZHANG_HOME", "/somewhere")
    assert server.home() == Path("/somewhere")
    monkeypatch.delenv("TAIZHANG_HOME")
    assert server.home() == server.ROOT / "data" / "home"


LAUNCH = """
import sys
sys.path.insert(0, {root!r})
import server
from gate import serving
from pathlib import Path
serving.serve(server.make_app(Path({script!r})), "127.0.0.1", {port})
"""


def test_the_real_app_starts_and_answers(tmp_path):
    script = tmp_path / "page.py"
    script.write_text("import streamlit as st\nst.write('hello')\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    launch = LAUNCH.format(root=str(server.ROOT), script=str(script), port=port)
    (tmp_path / "launch.py").write_text(launch)
    process = subprocess.Popen(
        [sys.executable, "launch.py"],
        cwd=tmp_path,
        env={**os.environ, "TAIZHANG_HOME": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        base = f"http://127.0.0.1:{port}"
        assert _wait(f"{base}/_stcore/health") == b"ok"
        with urllib.request.urlopen(f"{base}/") as page:
            assert b"root" in page.read()
            assert page.headers["X-Content-Type-Options"] == "nosniff"
        with pytest.raises(urllib.error.HTTPError, match="503"):
            urllib.request.urlopen(f"{base}/api/ready")
    finally:
        process.terminate()
        process.wait(10)


# What the program stands on, imported bare: 1.5 to 1.7 s of a processor on which a start is 2.9.
BARE = "import streamlit, pandas, pyarrow.compute, sqlalchemy, duckdb, uvicorn; streamlit.App"


def _used(process):
    times = process.cpu_times()  # what others do on the machine does not lengthen it
    return times.user + times.system


def test_a_start_costs_little_beside_its_libraries(tmp_path):
    before = psutil.Process().cpu_times()
    subprocess.run([sys.executable, "-c", BARE], check=True)
    after = psutil.Process().cpu_times()
    bare = after.children_user + after.children_system
    bare -= before.children_user + before.children_system
    small_county.publish(tmp_path)
    derive(Home(tmp_path), Home(tmp_path).current())
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = psutil.Popen(
        [sys.executable, "server.py", "--port", str(port)],
        cwd=server.ROOT,
        env={**os.environ, "TAIZHANG_HOME": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert b"root" in _wait(f"http://127.0.0.1:{port}/", 60)
        assert _used(process) < 2.5 * bare
    finally:
        process.terminate()
        process.wait(20)


def _wait(url, seconds=30):
    for _ in range(seconds * 5):
        try:
            with urllib.request.urlopen(url) as answer:
                return answer.read()
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(url)
