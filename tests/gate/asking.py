"""Requests to an ASGI app without a server, as a browser of this machine sends them."""

from __future__ import annotations

import asyncio
from typing import Any

HOST = "127.0.0.1:8501"


def scope(kind: str, path: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    """A request's scope; ``host`` is this machine unless a header says otherwise."""
    given = {"host": HOST, **{name.replace("_", "-"): text for name, text in headers.items()}}
    found: dict[str, Any] = {
        "type": kind,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(n.encode(), v.encode("latin-1")) for n, v in given.items() if v],
        "scheme": "ws" if kind == "websocket" else "http",
        "server": ("127.0.0.1", 8501),
        "client": ("127.0.0.1", 50000),
        "root_path": "",
        "extensions": {"websocket.http.response": {}} if kind == "websocket" else {},
    }
    return found | ({"method": method} if kind == "http" else {})


def ask(app: Any, asked: dict[str, Any], *messages: dict[str, Any]) -> list[dict[str, Any]]:
    """What the app sends for a request, given what comes with it."""
    told = list(messages) or [{"type": "http.request", "body": b"", "more_body": False}]
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return told.pop(0) if told else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    asyncio.run(app(asked, receive, send))
    return said


def status(said: list[dict[str, Any]]) -> int:
    return int(said[0]["status"])


def body(said: list[dict[str, Any]]) -> str:
    return b"".join(message.get("body", b"") for message in said[1:]).decode()
