"""The way in: who says who somebody is, and whether the server may be served that way at all.

``oidc``: an OpenID Connect provider, through Streamlit's own login. ``header``: a proxy in front,
which names them in a header. ``open``: nobody does; then only simulated data are shown, and only on
this machine.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any, Literal

from store.settings import beyond_loopback, setting
from store.simulated import State

Way = Literal["open", "oidc", "header"]
COOKIE_SECRET = "cookie.secret"
CALLBACK = "/oauth2callback"
_OIDC = ("TAIZHANG_OIDC_METADATA", "TAIZHANG_OIDC_CLIENT", "TAIZHANG_OIDC_SECRET_FILE")
_HEADER = ("TAIZHANG_USER_HEADER", "TAIZHANG_USER_HEADER_FROM")


class NotServed(RuntimeError):
    """The server must not be started as it is set: the reason, and what it is about.

    ``reason`` is ``two_ways``, ``lacking`` (a setting), ``secret`` (a file that cannot be read),
    ``beyond`` (an address or name that others reach), ``real`` (data that are not all simulated) or
    ``groups`` (an entry of the county that gives a role to nobody).
    """

    def __init__(self, reason: str, what: str = ""):
        super().__init__(f"{reason} {what}".strip())
        self.reason, self.what = reason, what


def way_in() -> Way:
    """How people come in, by what is set."""
    if any(map(setting, _OIDC)):
        return "oidc"
    return "header" if any(map(setting, _HEADER)) else "open"


def may_show(state: State) -> bool:
    """Whether data may be shown without knowing to whom: only where all of it is invented."""
    return way_in() != "open" or state == "all"


def check(state: State | None) -> None:
    """Whether the server may start; ``state`` is that of the current snapshot, None without one.

    Raises NotServed.
    """
    way = way_in()
    if way == "oidc" and any(map(setting, _HEADER)):
        raise NotServed("two_ways")
    needed = {"oidc": (*_OIDC, "TAIZHANG_PUBLIC_URL"), "header": _HEADER, "open": ()}[way]
    for name in needed:
        if not setting(name):
            raise NotServed("lacking", name)
    if way == "oidc":
        client_secret()
    if way == "open" and beyond_loopback():
        raise NotServed("beyond")
    if way == "open" and state not in (None, "all"):
        raise NotServed("real")


def client_secret() -> str:
    """The secret that the provider knows this program by. Raises NotServed."""
    path: Path = setting("TAIZHANG_OIDC_SECRET_FILE")
    try:
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        text = ""
    if not text:
        raise NotServed("secret", str(path))
    return text


def cookie_secret(home: Path) -> str:
    """What cookies are signed with: made at the first start, in a file that its owner alone reads.

    Without that file everybody has to log in again. Raises OSError.
    """
    path = home / COOKIE_SECRET
    try:
        made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("ascii").strip()
    with os.fdopen(made, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    return path.read_text("ascii").strip()


def streamlit_auth(home: Path, base: str) -> dict[str, Any]:
    """Streamlit's section ``auth``, made of the settings. Raises NotServed and OSError.

    ``prompt=login``: whoever comes in proves who they are each time, so that a login that ended is
    not taken up again by the provider's own session on a desk that others sit at too.
    """
    return {
        "redirect_uri": f"{setting('TAIZHANG_PUBLIC_URL')}{base}{CALLBACK}",
        "cookie_secret": cookie_secret(home),
        "client_id": setting("TAIZHANG_OIDC_CLIENT"),
        "client_secret": client_secret(),
        "server_metadata_url": setting("TAIZHANG_OIDC_METADATA"),
        "client_kwargs": {"scope": setting("TAIZHANG_OIDC_SCOPE"), "prompt": "login"},
    }


def behind_tls() -> bool:
    """Whether browsers reach the program by https alone: cookies are then sent by nothing else."""
    return str(setting("TAIZHANG_PUBLIC_URL")).startswith("https://")
