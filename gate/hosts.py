"""Under which names and addresses the server may be asked, and from which pages.

Whoever makes a name of theirs point to this machine would otherwise read the county with a
visitor's browser (DNS rebinding); a page of another site could open a websocket with it.
"""

from __future__ import annotations

import socket
from functools import cache
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import Scope

from store.settings import hosts, is_loopback, origins

# Requests that change nothing: a browser sends no Origin with a link or an address typed.
_SAFE = ("GET", "HEAD", "OPTIONS")


def host_allowed(scope: Scope) -> bool:
    """Whether the request names this machine, as itself or by a name that was set.

    The address that the connection came in by is one of this machine's, whichever it has.
    """
    name = host_name(_only(scope, "host"))
    if not name:
        return False
    own = (scope.get("server") or ("",))[0]
    if is_loopback(name) or name in (own, _hostname()):
        return True
    return any(_matches(name, pattern) for pattern in hosts())


def origin_allowed(scope: Scope) -> bool:
    """Whether the page that asks is the program's own, or of an origin that was set.

    A websocket and whatever changes something must say where it comes from.
    """
    told = Headers(scope=scope).getlist("origin")
    if not told:
        return scope["type"] == "http" and scope["method"] in _SAFE
    if len(told) > 1:
        return False
    origin = told[0].lower()
    if origin in origins():
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    same = parts.netloc == _only(scope, "host").lower()
    return same and parts.scheme in ("http", "https") and parts.path in ("", "/")


def as_same_origin(scope: Scope) -> Scope:
    """The scope of an allowed websocket, its host that of its origin, as Streamlit compares them.

    Where they differ, Streamlit asks a public host for the server's own address, and everybody
    waits meanwhile.
    """
    netloc = urlsplit(Headers(scope=scope)["origin"]).netloc.encode("latin-1")
    headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
    return {**scope, "headers": [*headers, (b"host", netloc)]}


def host_name(host: str) -> str:
    """The name or address in a Host header, without port and brackets; empty if it is malformed."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # read for its check alone
    except ValueError:
        return ""
    if parts.netloc != host or "@" in host or parts.path or parts.query or parts.fragment:
        return ""
    return (parts.hostname or "").rstrip(".")


def _only(scope: Scope, name: str) -> str:
    """The header's value if there is just one, else nothing."""
    values = Headers(scope=scope).getlist(name)
    return values[0] if len(values) == 1 else ""


def _matches(name: str, pattern: str) -> bool:
    return name.endswith(pattern[1:]) if pattern.startswith("*.") else name == pattern


@cache
def _hostname() -> str:
    """This machine's own name, as it stands here: nobody is asked for it."""
    return socket.gethostname().lower()
