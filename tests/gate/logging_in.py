"""A dashboard over real data that asks for a login, and a browser without a screen to do it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from websockets.sync.client import ClientConnection

from access import grants
from state import audit
from state.chain import Entry
from state.database import opened
from tests import small_county
from tests.gate.real import Running, frames, free_port, rerun, serving

COUNTY, WEST = small_county.COUNTY, small_county.WEST


def real_home(folder: Path) -> Path:
    """A home of which nothing is simulated, with a right for ``li.si`` in one township."""
    home = folder / "home"
    small_county.publish(home, simulated="none")
    with opened(home) as state:
        grants.give(
            state, "li.si", "inspector", [WEST], by="test", name="李试", ends=date(2099, 1, 1)
        )
    return home


@contextmanager
def with_provider(
    home: Path, folder: Path, metadata: str, port: int = 0, **settings: str
) -> Iterator[Running]:
    """The dashboard of a home, whose people a provider knows."""
    port = port or free_port()
    secret = folder / "client.secret"
    secret.write_text("a secret of the client\n")
    told = {
        "TAIZHANG_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "TAIZHANG_OIDC_METADATA": metadata,
        "TAIZHANG_OIDC_CLIENT": "taizhang",
        "TAIZHANG_OIDC_SECRET_FILE": str(secret),
    }
    with serving(home, folder, port, **{**told, **settings}) as running:
        yield running


def client(running: Running) -> httpx.Client:
    """A browser without a screen: it keeps cookies and follows no redirect of its own accord."""
    return httpx.Client(base_url=running.origin, timeout=30, trust_env=False)


def follow(browser: httpx.Client, answer: httpx.Response, host: str = "") -> httpx.Response:
    """Follow redirects until an answer is none, or leads to the host and port named."""
    for _ in range(12):
        if not answer.is_redirect:
            return answer
        target = answer.next_request
        assert target is not None
        if host and urlsplit(str(target.url)).netloc == host:
            return answer
        answer = browser.send(target)
    raise AssertionError("redirected without an end")


def fill(browser: httpx.Client, form: httpx.Response, **values: str) -> httpx.Response:
    """Send a page's form as a person would who types ``values``."""
    found = re.search(r"<form[^>]*?(?:action=\"([^\"]*)\")?[^>]*>", form.text)
    hidden = dict(re.findall(r'name="([^"]+)"[^>]*value="([^"]*)"', form.text))
    target = unescape(found[1]) if found and found[1] else str(form.url)
    hidden = {name: unescape(text) for name, text in hidden.items()}
    return browser.post(form.url.join(target), data={**hidden, **values})


def page_of(running: Running, browser: httpx.Client, query: str = "") -> str:
    """What the browser is sent over its websocket for a page."""
    with connected(running, browser) as socket:
        return run(socket, query)


def connected(running: Running, browser: httpx.Client) -> ClientConnection:
    told = "; ".join(f"{each.name}={each.value}" for each in browser.cookies.jar)
    return running.open(additional_headers={"Cookie": told})


def run(socket: ClientConnection, query: str = "") -> str:
    """What one more run of a page sends."""
    socket.send(rerun(query))
    sent = b"".join(frame.SerializeToString() for frame in frames(socket))
    return sent.decode("utf-8", "replace")


def audited(home: Path) -> list[Entry]:
    with opened(home) as state, state.reading() as session:
        return list(audit.entries(session, home))
