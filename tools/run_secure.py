"""Serve the dashboard and, beside it, a provider of logins (Canaille), all on this machine.

    python -m tools.run_secure [--port 8501] [--login-port 8502] [--public-url …] [--login-url …]

At the first start it makes the provider's folder ``<home>/login`` (its owner's alone): settings,
keys, accounts, and the first passwords, printed once. ``docs/identity.md`` tells the rest.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from access import grants
from access.roles import Role
from state.database import opened
from store.privacy import keep_private
from store.scope import Scope
from store.settings import setting
from store.simulated import state_of
from store.snapshots import Home, NoSnapshot

ROOT = Path(__file__).parents[1]
PROGRAMS = ROOT / ".venv-login" / "bin"
CLIENT = "taizhang"
_METADATA = "/.well-known/openid-configuration"
_FILES = ("session.secret", "client.secret", "signing.key")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_WAIT = 60  # seconds until the provider answers
# Beside the administrator, over invented data: somebody for each role.
_TRIED: tuple[tuple[str, str, Role], ...] = (
    ("leader", "县领导", "county_leader"),
    ("township", "乡镇领导", "township_leader"),
    ("inspector", "督查", "inspector"),
    ("clerk", "数据员", "data_clerk"),
)


@dataclass(frozen=True)
class Places:
    """Where the dashboard and the provider are asked, and where the provider's files lie."""

    home: Path
    port: int
    login_port: int
    public: str
    login: str

    @property
    def folder(self) -> Path:
        return self.home / "login"

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "CANAILLE_CONFIG": str(self.folder / "canaille.toml")}


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped; 0, or what the dashboard ended with."""
    parser = argparse.ArgumentParser("python -m tools.run_secure", description=__doc__)
    parser.add_argument("--port", type=int, default=setting("PORT"))
    parser.add_argument("--login-port", type=int)
    parser.add_argument("--public-url", help="the dashboard's address behind a proxy with TLS")
    parser.add_argument("--login-url", help="the provider's address behind a proxy with TLS")
    options = parser.parse_args(arguments)
    login_port = options.login_port or options.port + 1
    places = Places(
        setting("TAIZHANG_HOME").resolve(),
        options.port,
        login_port,
        options.public_url or f"http://localhost:{options.port}",
        options.login_url or f"http://localhost:{login_port}",
    )
    os.umask(0o077)
    keep_private(places.home)
    if not (places.folder / "accounts.sqlite").exists():
        make(places)
    (places.folder / "canaille.toml").write_text(_settings(places), "utf-8")
    return serve(places)


def make(places: Places) -> None:
    """Make the provider's keys and database, its client, the first accounts and their rights."""
    places.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (places.folder / "session.secret").write_text(secrets.token_hex(32))
    (places.folder / "client.secret").write_text(secrets.token_urlsafe(32))
    key = _run(places, "canaille", "jwk", "create", "rsa")
    (places.folder / "signing.key").write_text(key)
    (places.folder / "canaille.toml").write_text(_settings(places), "utf-8")
    _run(places, "canaille", "install")
    people = _people(places.home)
    passwords = {name: _password() for name, *_ in people}
    users = [
        {
            "user_name": name,
            "formatted_name": said,
            "family_name": said,
            "emails": [f"{name}@taizhang.invalid"],
            "password": passwords[name],
        }
        for name, said, *_ in people
    ]
    told = json.dumps({"client": _client(places), "users": users})
    _run(places, "python", str(ROOT / "tools" / "login_accounts.py"), told=told)
    _give(places.home)
    lines = [f"{name}  {password}" for name, password in passwords.items()]
    (places.folder / "first-passwords.txt").write_text("\n".join(lines) + "\n")
    print("首批账号 / the first accounts:", *lines, sep="\n  ")


def serve(places: Places) -> int:
    """Start both, wait for the dashboard, end the provider with it."""
    with (places.folder / "provider.log").open("ab") as log:
        provider = subprocess.Popen(
            [PROGRAMS / "canaille", "run", "--bind", f"127.0.0.1:{places.login_port}"],
            env=places.environment, cwd=places.folder, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            _wait(
                f"http://localhost:{places.login_port}/.well-known/openid-configuration", provider
            )
            dashboard = subprocess.Popen(
                [sys.executable, "server.py", "--port", str(places.port)],
                cwd=ROOT, env={**os.environ, **_told(places)},
            )  # fmt: skip
            for name in (signal.SIGTERM, signal.SIGINT):
                signal.signal(name, lambda *_: dashboard.terminate())
            print(f"{places.public}  登录 / logins: {places.login}", flush=True)
            return max(0, dashboard.wait())
        finally:
            provider.terminate()
            provider.wait(20)


def _told(places: Places) -> dict[str, str]:
    """The dashboard's settings; those that are set already win."""
    told = {
        "TAIZHANG_PUBLIC_URL": places.public,
        "TAIZHANG_OIDC_METADATA": f"{places.login}{_METADATA}",
        "TAIZHANG_OIDC_CLIENT": CLIENT,
        "TAIZHANG_OIDC_SECRET_FILE": str(places.folder / "client.secret"),
        "TAIZHANG_OIDC_SCOPE": "openid profile groups",
    }
    return {name: os.environ.get(name) or text for name, text in told.items()}


def _settings(places: Places) -> str:
    """The provider's own settings.

    Nobody registers by themselves, makes groups or becomes another; each wrong password makes the
    next try wait longer, up to ten minutes.
    """
    at = urlsplit(places.login)
    kept = {name: (places.folder / name).read_text().strip() for name in _FILES}
    hosts = json.dumps(sorted({urlsplit(places.public).hostname or "", "localhost", "127.0.0.1"}))
    inline = ", ".join(f"{k} = {json.dumps(v)}" for k, v in json.loads(kept["signing.key"]).items())
    proxy = 'PROXY_MODE = "legacy"' if at.scheme == "https" else ""
    return f"""# Made by tools/run_secure.py at each start.
SECRET_KEY = "{kept["session.secret"]}"
SERVER_NAME = "{at.netloc}"
PREFERRED_URL_SCHEME = "{at.scheme}"
PERMANENT_SESSION_LIFETIME = "PT12H"

[CANAILLE]
NAME = "台账"
DATABASE = "sql"
ENABLE_REGISTRATION = false
ENABLE_PASSWORD_RECOVERY = false
ENABLE_INTRUDER_LOCKOUT = true
MIN_PASSWORD_LENGTH = 10
CAPTCHA_ENABLED = false

[CANAILLE.ACL.DEFAULT]
PERMISSIONS = ["edit_self", "use_oidc"]
READ = ["user_name", "groups", "lock_date"]
WRITE = ["password", "preferred_language"]

[CANAILLE.ACL.ADMIN]
FILTER = {{ user_name = "admin" }}
PERMISSIONS = ["edit_self", "use_oidc", "manage_users", "manage_all_groups", "manage_oidc"]
READ = ["user_name", "groups", "lock_date"]
WRITE = ["user_name", "formatted_name", "given_name", "family_name", "emails", "password", "groups",
         "lock_date", "preferred_language"]

[CANAILLE_SQL]
DATABASE_URI = "sqlite:///{places.folder / "accounts.sqlite"}"

[CANAILLE_HYPERCORN]
{proxy}

[CANAILLE_OIDC]
TRUSTED_DOMAINS = {hosts}
ACTIVE_JWKS = [{{ {inline} }}]
"""


def _client(places: Places) -> dict[str, Any]:
    back = f"{places.public}/oauth2callback"
    return {
        "client_id": CLIENT,
        "client_secret": (places.folder / "client.secret").read_text(),
        "client_name": "台账",
        "client_uri": places.public,
        "redirect_uris": [back],
        "post_logout_redirect_uris": [back],
        "grant_types": ["authorization_code"],
        "response_types": ["code"],
        "scope": ["openid", "profile", "groups"],
        "token_endpoint_auth_method": "client_secret_basic",
    }


def _people(home: Path) -> list[tuple[str, str, Role, str]]:
    """The first accounts: name, what they are called, role and place."""
    try:
        snapshot = Home(home).current(verify=False)
    except NoSnapshot:
        return [("admin", "管理员", "administrator", "")]
    county = str(snapshot.manifest["county_code"])
    found: list[tuple[str, str, Role, str]] = [("admin", "管理员", "administrator", county)]
    if state_of(snapshot) == "all":
        found += [(name, said, role, county) for name, said, role in _TRIED]
    return found


def _give(home: Path) -> None:
    """The first accounts' rights, for a year. Without a snapshot the county is not known yet."""
    today = date.today()  # noqa: DTZ011
    ends = today.replace(year=today.year + 1, day=min(today.day, 28))
    with opened(home) as state:
        for name, said, role, county in _people(home):
            if county:
                places = Scope.of([_township(home) if role == "township_leader" else county]).codes
                grants.give(state, name, role, places, by="run-secure", name=said, ends=ends)


def _township(home: Path) -> str:
    import pyarrow.parquet as pq

    table = pq.read_table(Home(home).current(verify=False).path("region"))
    rows = table.select(["region_code", "level"]).to_pylist()
    return str(min(row["region_code"] for row in rows if row["level"] == "township"))


def _password() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(5)) for _ in range(3))


def _run(places: Places, program: str, *words: str, told: str = "") -> str:
    done = subprocess.run(
        [PROGRAMS / program, *words], env=places.environment, cwd=places.folder, input=told,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{program} {' '.join(words)}: {done.stderr.strip()[-2000:]}")
    return done.stdout


def _wait(address: str, provider: subprocess.Popen[bytes]) -> None:
    until = datetime.now(UTC).timestamp() + _WAIT
    while provider.poll() is None and time.time() < until:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.3)
    raise SystemExit(
        "登录服务没有启动,见快照文件夹 login/provider.log / the provider did not start"
    )


if __name__ == "__main__":
    sys.exit(main())
