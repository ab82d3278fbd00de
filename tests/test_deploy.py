"""What the page on servers says is tried: the unit, the proxy before a real server, the drill."""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
import sys
import time
from pathlib import Path
from socket import create_connection

import httpx
import pytest
from websockets.sync.client import connect

from state import audit
from state.database import opened
from store.settings import DECLARED
from tests import small_county
from tests.gate.logging_in import real_home
from tests.gate.real import frames, free_port, rerun, serving

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "deploy.md").read_text("utf-8")


def blocks(kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_settings_there_are_settings() -> None:
    assert set(re.findall(r"\b(TAIZHANG_[A-Z_]+)=", PAGE)) <= set(DECLARED)


def test_the_unit_is_one(tmp_path: Path) -> None:
    (unit,) = blocks("ini")
    for word in ("User=", "LimitNOFILE=", "MemoryMax=", "UMask=0077", "ProtectSystem=strict"):
        assert word in unit
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    path = tmp_path / "taizhang.service"
    path.write_text(unit.replace("/opt/taizhang/.venv/bin/python", sys.executable))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", path], capture_output=True, text=True, check=False
    )
    ours = [line for line in done.stderr.splitlines() if path.name in line]
    assert not ours, done.stderr


def test_nginx_speaks_tls_before_a_real_server(tmp_path: Path) -> None:
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if nginx is None or not shutil.which("openssl"):
        pytest.skip("nginx or openssl is not installed")
    (told,) = blocks("nginx")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=taizhang.example", "-addext", "subjectAltName=DNS:taizhang.example",
         "-keyout", tmp_path / "key.pem", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    home = real_home(tmp_path)
    plain, tls = free_port(), free_port()
    settings = {
        "TAIZHANG_PUBLIC_URL": "https://taizhang.example",
        "TAIZHANG_USER_HEADER": "X-User",
        "TAIZHANG_USER_HEADER_FROM": "127.0.0.1",
    }
    with serving(home, tmp_path, **settings) as running:
        for old, new in (
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("listen 443 ssl", f"listen 127.0.0.1:{tls} ssl"),
            ("/etc/ssl/taizhang", str(tmp_path)),
            ("/var/log/nginx", str(tmp_path)),
            ("127.0.0.1:8501", f"127.0.0.1:{running.port}"),
        ):
            assert old in told
            told = told.replace(old, new)
        path = tmp_path / "nginx.conf"
        path.write_text(
            f"pid {tmp_path}/nginx.pid;\nerror_log {tmp_path}/error.log;\n"
            f"events {{}}\nhttp {{\nclient_body_temp_path {tmp_path}/body;\n"
            f"proxy_temp_path {tmp_path}/proxy;\n{told}\n}}\n"
        )
        done = subprocess.run(
            [nginx, "-t", "-c", path], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        started = subprocess.Popen([nginx, "-c", path, "-g", "daemon off; user root;"])
        try:
            _through(tls, plain, tmp_path / "fullchain.pem")
        finally:
            started.terminate()
            started.wait(20)


def _through(tls: int, plain: int, certificate: Path) -> None:
    """A page, its headers, a websocket and an upload's size, as people's browsers ask."""
    context = ssl.create_default_context(cafile=str(certificate))
    told = {"host": "taizhang.example", "x-user": "li.si"}
    asked = {"sni_hostname": "taizhang.example"}
    with httpx.Client(verify=context, trust_env=False, timeout=30) as browser:
        end = time.monotonic() + 20
        while True:
            try:
                page = browser.get(f"https://127.0.0.1:{tls}/", headers=told, extensions=asked)
                break
            except httpx.TransportError:
                assert time.monotonic() < end
                time.sleep(0.2)
        assert page.status_code == 200
        assert page.headers["strict-transport-security"].startswith("max-age=")
        assert "content-security-policy" in page.headers
        health = browser.get(
            f"https://127.0.0.1:{tls}/_stcore/health", headers=told, extensions=asked
        )
        assert "; Secure" in health.headers["set-cookie"]
        nobody = browser.get(
            f"https://127.0.0.1:{tls}/", headers={"host": "taizhang.example"}, extensions=asked
        )
        assert nobody.status_code == 401
        first = browser.get(f"http://127.0.0.1:{plain}/map?year=2024", headers=told)
        assert first.status_code == 301
        assert first.headers["location"] == "https://taizhang.example/map?year=2024"
    with connect(
        f"wss://taizhang.example:{tls}/_stcore/stream",
        sock=create_connection(("127.0.0.1", tls)),
        ssl=context,
        origin="https://taizhang.example",
        subprotocols=["streamlit"],
        additional_headers={"X-User": "li.si"},
        max_size=1 << 26,
    ) as socket:
        socket.send(rerun())
        sent = b"".join(frame.SerializeToString() for frame in frames(socket))
    assert "西川" in sent.decode("utf-8", "replace")


def test_the_drill_does_what_it_says(tmp_path: Path) -> None:
    home = tmp_path / "home"
    small_county.publish(home)
    (home / "cookie.secret").write_text("secret")
    (home / "login").mkdir()
    (home / "login" / "accounts.sqlite").write_text("accounts")
    backup, drill = (
        text
        for text in blocks("sh")
        if ("-m state backup" in text and "git" not in text) or "-m state restore" in text
    )
    _run(backup.replace("/backup/taizhang-$(date +%F).tar", str(tmp_path / "b.tar")), home)
    with opened(home) as state, state.reading() as session:
        head = audit.head(session)
    drill = drill.replace("/backup/taizhang.tar", str(tmp_path / "b.tar"))
    drill = drill.replace("NUMBER:HASH", f"{head.number}:{head.hash}")
    said = _run(drill.replace("/srv/drill", str(tmp_path / "drill")), home)
    assert "2025-12-31" in said
    for name in ("cookie.secret", "login"):
        assert not (tmp_path / "drill" / name).exists(), "what lets people in is in no backup"


def _run(text: str, home: Path) -> str:
    done = subprocess.run(
        ["sh", "-e", "-c", text.replace(".venv/bin/python", sys.executable)],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "TAIZHANG_HOME": str(home), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
