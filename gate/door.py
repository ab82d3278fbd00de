"""The first layer of the app: what it lets in goes on to Streamlit, the rest is refused."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from gate import frames, hosts, paths, visitors
from gate.entrance import Entrance
from gate.sessions import Sessions
from gate.uploads import take
from gate.words import refuse

_LOOKING = ("GET", "HEAD", "OPTIONS")


class Door:
    """Checks host, origin and address of each request, who asks, what it sends and how much of it.

    ``base`` is the path that the program is served below; empty for none.
    """

    def __init__(self, app: ASGIApp, sessions: Sessions, base: str = "") -> None:
        self.app = app
        self.sessions = sessions
        self.base = base
        self.entrance = Entrance(self._let_in, base)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = scope["type"]
        if kind not in ("http", "websocket"):
            await self.app(scope, receive, send)
        elif not hosts.host_allowed(scope):
            host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
            await refuse(scope, receive, send, 403, "gate_host", host=host[:100])
        elif not hosts.origin_allowed(scope):
            origin = dict(scope["headers"]).get(b"origin", b"-").decode("latin-1")
            await refuse(scope, receive, send, 403, "gate_origin", origin=origin[:100])
        elif not paths.is_open(paths.below(scope["path"], self.base), kind):
            await refuse(scope, receive, send, 404, "gate_closed")
        else:
            await self.entrance(scope, receive, send)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, method = paths.below(scope["path"], self.base), scope["method"]
        if path.startswith(paths.UPLOAD) and method == "PUT":
            await take(self.app, scope, receive, send, path.removeprefix(paths.UPLOAD))
        elif path in paths.POSTED or path.startswith(paths.UPLOAD) or method in _LOOKING:
            await self.app(scope, receive, send)
        else:
            await refuse(scope, receive, send, 405, "gate_closed")

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = (scope.get("client") or ("",))[0]
        if not self.sessions.begin(client):
            await refuse(scope, receive, send, 503, "gate_busy")
            return
        try:
            inner = hosts.as_same_origin(scope)
            goes_on = visitors.goes_on(scope)
            await self.app(inner, frames.incoming(receive, goes_on), frames.outgoing(send))
        finally:
            self.sessions.end(client)
