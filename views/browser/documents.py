"""The document that every page is: its language, where its address belongs, or that there is none.

Streamlit answers every unknown path with its own page and shows the overview in it. Here a path
that a chat program or a hand has changed leads to its page, and one that names none is said to.
"""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from glossary import Lang, term
from views.browser.components import TAGS
from views.browser.markup import Markup, h, link
from views.browser.shell import shell
from views.context import address, mending, sitemap, versions
from views.context.address import meant
from views.context.versions import Written

# What Streamlit itself answers below these is no document of ours.
_NOT_OURS = ("_stcore/", "component/", "media/", "static/")
# What would bring a document packed, or not at all.
_AS_IS = (b"accept-encoding", b"if-none-match", b"if-modified-since")
_NO_STORE = {"Cache-Control": "no-store"}


class Documents:
    """Mends requests for pages and gives Streamlit's document language and title.

    Whatever is no HTML passes untouched.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = _below(scope)
        if path is None:
            await self.app(scope, receive, send)
            return
        query = scope["query_string"].decode("latin-1")
        moved = belongs(path, query)
        if moved is not None:
            await RedirectResponse(f"{address.base()}/{moved}", 307, _NO_STORE)(
                scope, receive, send
            )
            return
        start: Message | None = None
        parts: list[bytes] = []

        async def held(message: Message) -> None:
            """Pass everything on, but keep an HTML answer until it is whole."""
            nonlocal start
            if message["type"] == "http.response.start" and _is_html(message):
                start = message
            elif start is None:
                await send(message)
            else:
                parts.append(message.get("body", b""))

        if path in sitemap.BY_PATH:
            scope = {
                **scope,
                "headers": [pair for pair in scope["headers"] if pair[0] not in _AS_IS],
            }
        await self.app(scope, receive, held)
        if start is not None:
            document = _document(path, _language(query), start, b"".join(parts))
            await document(scope, receive, send)


def belongs(path: str, query: str) -> str | None:
    """Where a request belongs, mended and as it is written today; None if it stands well."""
    mended = mending.moved(path, query, sitemap.BY_PATH)
    at, _, asked = (f"{path}?{query}" if mended is None else mended).partition("?")
    came = Written(at, tuple(mending.split(asked)))
    now = versions.today(came)
    return mended if now == came else f"{now.path}?{urlencode(now.pairs)}"


def _below(scope: Scope) -> str | None:
    """The path of a request for a document, below the program's own; None for any other request."""
    if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
        return None
    path, base = scope["path"], address.base()
    if not f"{path}/".startswith(f"{base}/"):
        return None
    below = path[len(base) :].removeprefix("/")
    return None if below.startswith(_NOT_OURS) else str(below)


def _is_html(start: Message) -> bool:
    headers = dict(start["headers"])
    return start["status"] == 200 and headers.get(b"content-type", b"").startswith(b"text/html")


def _document(path: str, lang: Lang, start: Message, body: bytes) -> Response:
    """Streamlit's document in the language asked for; or that no page has the path."""
    if path not in sitemap.BY_PATH:
        return HTMLResponse(_no_page(path, lang), 404, _NO_STORE)
    text = shell(body.decode("utf-8"), lang)
    kept = {
        name.decode("latin-1"): value.decode("latin-1")
        for name, value in start["headers"]
        if name not in (b"content-length", b"content-type", b"etag", b"last-modified")
    }
    return HTMLResponse(text, 200, kept)


def _language(query: str) -> Lang:
    """The language that a query asks for; Chinese for none or another."""
    return "en" if meant(mending.grouped(query), "lang", TAGS.__contains__) == ["en"] else "zh"


def _no_page(path: str, lang: Lang) -> str:
    """That there is no such page, in both languages, and the way to the first one."""
    said = [
        h("p", term("no_page", one, path=path[:60]), lang=TAGS[one])
        for one in sorted(TAGS, key=lambda one: one != lang)
    ]
    home = address.href("", {} if lang == "zh" else {"lang": lang})
    way = h("p", link(home, term("to_overview", lang)))
    title = term("no_page_title", lang)
    head = f"<head><meta charset='utf-8'><title>{title} · {term('app_title', lang)}</title></head>"
    body = h("body", h("h1", title), *said, way, style="font-family: sans-serif; margin: 3rem")
    return Markup(f"<!doctype html><html lang='{TAGS[lang]}'>{head}{body}</html>")
