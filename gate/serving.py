"""How the app is served: where it listens, how long a request may take to come, how it ends."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
from types import FrameType
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.h11_impl import H11Protocol

from gate.sessions import most, raise_descriptors
from gate.visitors import PEER
from gate.words import sentence
from store.settings import read_only, setting
from store.uploads import UPLOADS

_MESSAGE = 8 << 20  # bytes of the largest message of a browser's; what a page sends is far smaller
_PING = 20  # seconds between two looks whether a browser is still there
_LAST = 2  # seconds after those that are set until the process ends in any case
_OTHER = 300  # connections beside those of open pages: files of the page, checks, refusals


class Impatient(H11Protocol):
    """HTTP whose requests must come: one whose head stays half sent is ended.

    The time runs from the connection's beginning, and anew from the end of each answer, until a
    request's head is whole; between two requests the server's own, shorter one runs.
    """

    _late: asyncio.TimerHandle | None = None
    _cycle_seen: object = None
    _websocket = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._websocket:
            return
        if self.cycle is not self._cycle_seen:  # a head came whole
            self._cycle_seen = self.cycle
            self._stop()
        elif self._late is None and (self.cycle is None or self.cycle.response_complete):
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: Any) -> None:
        self._websocket = True  # its own pings see to it from here
        self._stop()
        super().handle_websocket_upgrade(event)

    def _wait(self) -> None:
        self._late = self.loop.call_later(setting("TAIZHANG_REQUEST_SECONDS"), self._end)

    def _stop(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _end(self) -> None:
        self._late = None
        if not self.transport.is_closing():
            self.transport.abort()


class Peers:
    """Keeps who a connection came from, before a proxy on this machine says for whom it asks."""

    def __init__(self, app: ASGIApp) -> None:
        self.app: Any = ProxyHeadersMiddleware(cast("Any", app), trusted_hosts="127.0.0.1")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            scope = {**scope, PEER: scope.get("client")}
        await self.app(scope, receive, send)


def configured(app: ASGIApp, address: str, port: int) -> uvicorn.Config:
    """The server's configuration for an address and a port."""
    return uvicorn.Config(
        Peers(app),
        proxy_headers=False,
        host=address,
        port=port,
        http=Impatient,
        ws="websockets-sansio",
        ws_max_size=_MESSAGE,
        ws_ping_interval=_PING,
        ws_ping_timeout=_PING,
        ws_per_message_deflate=False,
        limit_concurrency=most() + _OTHER,
        timeout_graceful_shutdown=setting("TAIZHANG_STOP_SECONDS"),
        access_log=False,
        server_header=False,
        log_level="warning",
        use_colors=False,
    )


class Server(uvicorn.Server):
    """A server that has ended some seconds after the first signal, whatever still runs in it.

    A script that computes, or a query, cannot be cancelled from outside: its thread would keep the
    process.
    """

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        seconds = setting("TAIZHANG_STOP_SECONDS") + _LAST
        threading.Thread(target=_end_after, args=(seconds,), daemon=True, name="end").start()


def _log_to_stderr() -> None:
    """Searches, exports and refusals, with their moment."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(name)s %(message)s"))
    logger = logging.getLogger("taizhang")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _end_after(seconds: float) -> None:
    time.sleep(seconds)
    UPLOADS.close()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def serve(app: ASGIApp, address: str, port: int) -> None:
    """Serve until a signal comes; then end within the seconds that are set, open pages or not."""
    raise_descriptors()
    _log_to_stderr()
    print(sentence("serving_to_look" if read_only() else "serving", address=address, port=port))
    Server(configured(app, address, port)).run()
