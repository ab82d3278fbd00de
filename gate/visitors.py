"""Who asks: found once for each request, before anything answers it.

A page reads it as ``st.user``; a route of ours asks ``viewer_of``. Both are told by the login's key
alone, which stands in a header that only this module writes.
"""

from __future__ import annotations

import hashlib
import ipaddress
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import anyio
from starlette.requests import HTTPConnection
from starlette.types import Scope
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from access import logins
from access.entry import way_in
from access.identity import NOBODY, OPEN, Guest, guest, open_rights, still_in
from access.rights import Rights
from state.database import StateError
from store.settings import setting

# The header that Streamlit takes ``st.user``'s ``login`` from. What a browser sends is dropped.
LOGIN_HEADER, LOGIN = "x-taizhang-login", "login"
PEER = "taizhang.peer"  # in a scope: who the connection came from, whomever a proxy speaks for
_GUEST = "taizhang.guest"


class Forged(Exception):
    """A header that names somebody, from where none may: the address."""


def viewer_of(request: HTTPConnection) -> Rights | None:
    """What whoever asks may do, where the gate let the request in; None for nobody.

    For routes of ours: ``rights = viewer_of(request)``, then ``rights.may(act, region_code)``.
    """
    found = guest_of(request.scope)
    return open_rights(setting("TAIZHANG_HOME")) if found.standing == "open" else found.rights


def guest_of(scope: Scope) -> Guest:
    """Who asks by a request that the gate let in."""
    found: Guest = scope.get(_GUEST, NOBODY)
    return found


async def found(scope: Scope) -> Guest:
    """Who asks by this request. Raises Forged and StateError."""
    way = way_in()
    if way == "open":
        return OPEN
    return await anyio.to_thread.run_sync(_by_header if way == "header" else _by_cookie, scope)


def known(scope: Scope, who: Guest) -> Scope:
    """The request as it is handed on: with who asks, and with nothing that claims to say so."""
    headers = [pair for pair in scope["headers"] if pair[0] != LOGIN_HEADER.encode()]
    if who.standing == "in":
        headers.append((LOGIN_HEADER.encode(), who.key.encode()))
    return {**scope, "headers": headers, _GUEST: who}


def goes_on(scope: Scope) -> Callable[[], Awaitable[bool]] | None:
    """Asks whether the login of a page that is open still goes on; None where nobody need ask."""
    who = guest_of(scope)
    if who.standing == "open":
        return None

    async def ask() -> bool:
        if who.standing != "in":
            return False
        try:
            return await anyio.to_thread.run_sync(still_in, setting("TAIZHANG_HOME"), who.key)
        except StateError:  # the page, run anew, says so
            return False

    return ask


def claims(cookies: Mapping[str, str]) -> dict[str, Any]:
    """What the provider said of somebody, as Streamlit's signed cookie holds it; else nothing."""

    def one(name: str) -> bytes | None:
        value = cookies.get(name)
        return decode_signed_value(get_cookie_secret(), name, value) if value else None

    text = get_cookie_with_chunks(one, USER_COOKIE_NAME)
    try:
        said = json.loads(text or b"{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) and said.get("is_logged_in") else {}


def key_of(said: Mapping[str, Any]) -> str:
    """The key of the login that a cookie's claims are of: each has a ``nonce`` of its own."""
    if not said.get("nonce"):
        return ""
    parts = [str(said.get(name, "")) for name in ("iss", "sub", "nonce", "iat")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def peer(scope: Scope) -> str:
    """The address that the connection came from."""
    return str((scope.get(PEER) or scope.get("client") or ("",))[0])


def found_by_cookie(request: HTTPConnection) -> Guest:
    """Who a request's cookie stands for. Raises StateError."""
    return guest(setting("TAIZHANG_HOME"), key_of(claims(request.cookies)), used=False)


def _by_cookie(scope: Scope) -> Guest:
    return found_by_cookie(HTTPConnection(scope))


def _by_header(scope: Scope) -> Guest:
    name = setting("TAIZHANG_USER_HEADER").encode()
    told = [value for header, value in scope["headers"] if header == name]
    if not told:
        return NOBODY
    if len(told) > 1 or not _trusted(peer(scope)):
        raise Forged(peer(scope))
    try:
        subject = told[0].decode("utf-8").strip()
        key = logins.by_header(setting("TAIZHANG_HOME"), subject)
    except ValueError:  # nobody could be called so
        return NOBODY
    return guest(setting("TAIZHANG_HOME"), key, used=False)


def _trusted(address: str) -> bool:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    plain = getattr(found, "ipv4_mapped", None) or found
    return any(plain in network for network in setting("TAIZHANG_USER_HEADER_FROM"))
