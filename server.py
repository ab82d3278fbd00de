"""The ASGI app around the dashboard: the gate, security headers, shapes, readiness.

``python server.py --port 8501`` serves it. The address in ``TAIZHANG_HOME`` (by default
``data/home`` beside this file) is the folder of snapshots and shapes; all settings stand in
``docs/settings.md``.
"""

from __future__ import annotations

import gc

gc.disable()  # what importing makes stays: looking for garbage in it is a sixth of a start

import argparse
import asyncio
import base64
import hashlib
import os
import re
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config
from streamlit.runtime import Runtime
from streamlit.runtime.pages_manager import PagesManager

from access import entry, groups
from access.entry import NotServed
from gate import handouts, lookups, readiness, serving, shortcuts, visitors
from gate.bundles import TYPES, Bundles, lasting, of_streamlit, pack_first_visit
from gate.door import Door
from gate.endings import follow_sessions, tend
from gate.paths import LOOKUP
from gate.sessions import Sessions
from gate.words import sentence
from papers import fonts
from store.privacy import keep_private
from store.settings import BadSetting, check_all, setting
from store.simulated import state_of
from store.snapshots import Home, NoSnapshot, SnapshotDamaged
from store.uploads import UPLOADS, sweep
from store.version import version
from views import frame
from views.browser.bundle import ASSETS, COMPONENTS_URL, DECK, PLOTLY_URL
from views.browser.documents import Documents
from views.browser.shell import shell
from views.context import lookup, opening
from views.context.address import base
from views.context.counties import answers, serve
from views.parts import county_folder_notice

gc.freeze()
gc.enable()

ROOT = Path(__file__).parent
STATIC = Path(st.__file__).parent / "static"

# Told to the browser with the page itself: these are needed as soon as the first answer comes.
HINTS = (
    "<{base}" + COMPONENTS_URL + ">; rel=modulepreload, "
    "<{base}" + PLOTLY_URL + ">; rel=preload; as=script"
)
SHAPE_FILE = re.compile(r"([0-9a-f]{12})/(county|township|village|rivers)\.geojson")


def home() -> Path:
    """The folder that holds snapshots and shapes."""
    return Path(setting("TAIZHANG_HOME"))


def content_security_policy(index: str) -> str:
    """What the page may load: only what this server sends.

    Streamlit styles by inline rules and imports a component's script from a blob; the inline
    scripts of its ``index`` page are allowed by their hash. Maps start workers from blobs.
    """
    scripts = re.findall(r"<script>(.*?)</script>", index, re.DOTALL)
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for text in scripts
    ]
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self' blob: 'wasm-unsafe-eval'", *hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self' data: blob:",
            "media-src 'self' blob:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


class SecurityHeaders:
    """Adds headers to every HTTP answer, hints to pages; a websocket passes untouched."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self.app = app
        self.headers = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(self.headers)
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Link"] = HINTS.format(base=base())
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


def warm() -> None:
    """Do once, beside the first visitors, what would otherwise make them wait."""
    try:
        serve()
        county_folder_notice.log()
        if fonts.drawing() is None:  # all else is served
            print(sentence("no_chinese_font"), file=sys.stderr)
    finally:
        gc.collect()
        gc.freeze()


WARMTH = readiness.Warmth(warm)


def ready(request: Request) -> Response:
    """What pages need, part by part: 200 where they would show the county, else 503."""
    found = readiness.parts(home(), WARMTH, answers)
    status = 200 if readiness.shows(found) else 503
    return JSONResponse(found, status, {"Cache-Control": "no-store"})


def shapes(request: Request) -> Response:
    """A level's shapes, by the version made from their content."""
    found = SHAPE_FILE.fullmatch(request.path_params["rest"])
    if found:
        path = home() / "shapes" / found[1] / f"{found[2]}.geojson"
        with suppress(FileNotFoundError):
            return lasting(request.headers, path, "application/geo+json")
    return missing(request)


def assets(request: Request) -> Response:
    """Our own scripts and styles, and plotly's bundle."""
    path = ASSETS.get(f"/assets/{request.path_params['rest']}")
    if path is None:
        return missing(request)
    return lasting(request.headers, path, TYPES[path.suffix])


def missing(request: Request) -> Response:
    """Streamlit answers an unknown address with its page; ours say plainly that it is not there."""
    return PlainTextResponse("not found", 404, {"Cache-Control": "no-store"})


def routes() -> list[Route]:
    """What is served beside the pages, below the program's own path."""
    return [
        Route(f"{base()}{path}", answer)
        for path, answer in (
            ("/api/ready", ready),
            ("/api/{rest:path}", missing),
            (handouts.PATH, handouts.give),
            (shortcuts.PATH, shortcuts.Shortcuts(opening.lead).give),
            ("/shapes/{rest:path}", shapes),
            ("/assets/{rest:path}", assets),
        )
    ] + [Route(f"{base()}{LOOKUP}", lookups.Lookups(lookup.found).give, methods=["POST"])]


def middleware(static: Path = STATIC) -> list[Middleware]:
    """Headers outermost, so that every answer carries them; then the gate."""
    index = (static / "index.html").read_text("utf-8")
    policy = content_security_policy(shell(index, "zh"))
    headers = {
        "Content-Security-Policy": policy,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }
    return [
        Middleware(SecurityHeaders, headers),
        Middleware(Door, Sessions(), base()),
        Middleware(Bundles, of_streamlit(static, base())),
        Middleware(Documents),
    ]


@asynccontextmanager
async def lifespan(app: st.App) -> AsyncIterator[None]:
    """Close the home to others and warm up beside the first requests; at the end remove uploads.

    Raises NotServed, also where another server asks for the app itself.
    """
    check_way_in()
    keep_private(home())
    with suppress(OSError):  # a home that cannot be written to is read all the same
        sweep(home())
    follow_sessions(Runtime.instance())
    # The map's own script is large, and most first visits are to other pages.
    first = (STATIC, [path for path in ASSETS.values() if path != DECK])
    threading.Thread(target=pack_first_visit, args=first, daemon=True, name="pack").start()
    WARMTH.begin()
    tending = asyncio.create_task(tend(Runtime.instance()))
    try:
        yield
    finally:
        tending.cancel()
        UPLOADS.close()


def check_way_in() -> None:
    """Whether the server may be served to whom it would be. Raises NotServed."""
    state = None
    with suppress(NoSnapshot, SnapshotDamaged, KeyError):  # pages say so, and show nothing
        state = state_of(Home(home()).current(verify=False))
    entry.check(state)


def login_secrets() -> dict[str, Any] | None:
    """What Streamlit's login is told; None where people come in another way."""
    with suppress(BadSetting, NotServed, OSError):  # the start says so
        if entry.way_in() == "oidc":
            return {"auth": entry.streamlit_auth(home(), base())}
    return None


def make_app(script: Path) -> st.App:
    """The whole app around one Streamlit script."""
    told = login_secrets()
    if told is not None:
        config.set_option("server.cookieSecret", told["auth"]["cookie_secret"])
    with suppress(BadSetting):
        if entry.way_in() != "open":
            names = {visitors.LOGIN_HEADER: visitors.LOGIN}
            config.set_option("server.trustedUserHeaders", names)
    made = st.App(
        script,
        secrets=told,
        lifespan=lifespan,
        routes=routes(),
        middleware=middleware(),
        on_script_error=frame.broken,
    )
    with suppress(BadSetting):  # the start says so
        config.set_option("server.disconnectedSessionTTL", setting("TAIZHANG_SESSION_SECONDS"))
        config.set_option("server.maxUploadSize", setting("TAIZHANG_UPLOAD_MB"))
    return made


# A first visitor who comes by a link to a page must meet the frame too, not the page alone, as
# Streamlit would otherwise have it while no run has declared the pages yet.
PagesManager.uses_pages_directory = False


def main() -> int:
    """Serve until stopped. Options win over what the environment says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", action="version", version=f"taizhang {version()}")
    parser.add_argument("--port", help="PORT, by default 8501")
    parser.add_argument("--address", help="TAIZHANG_ADDRESS, by default 127.0.0.1: this machine")
    parser.add_argument("--base-path", default=None, help="the path that the program is below")
    options = parser.parse_args()
    for name, given in (("PORT", options.port), ("TAIZHANG_ADDRESS", options.address)):
        if given is not None:
            os.environ[name] = given
    try:
        check_all()
    except BadSetting as bad:
        print(sentence("setting_bad", name=bad.name, text=bad.text), file=sys.stderr)
        return 2
    if options.base_path is not None:
        config.set_option("server.baseUrlPath", options.base_path)  # before the routes are made
    try:
        check_way_in()
        if faults := groups.mapped(home())[1]:
            raise NotServed("groups", str(faults[0]))
        if entry.way_in() == "oidc":
            home().mkdir(parents=True, exist_ok=True)
            entry.cookie_secret(home())
    except NotServed as error:
        print(sentence(f"not_started_{error.reason}", what=error.what), file=sys.stderr)
        return 2
    except OSError:
        print(sentence("not_started_home"), file=sys.stderr)
        return 2
    app = make_app(ROOT / "dashboard.py")
    serving.serve(app, setting("TAIZHANG_ADDRESS"), setting("PORT"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
else:  # another server asks for the app itself
    app = make_app(ROOT / "dashboard.py")
