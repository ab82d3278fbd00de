"""The way in: who is not logged in is sent to log in, and comes back to the view they asked for.

Streamlit's own addresses for that (``/auth/login``, ``/oauth2callback``, ``/auth/logout``) do the
work; here their answers are led where they belong, and the login is written down.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, quote, unquote, urlsplit

import anyio
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.user_info import generate_login_redirect_url

from access import logins
from access.entry import CALLBACK, behind_tls, way_in
from access.identity import Guest
from access.refusals import refused
from gate import paths, visitors
from gate.words import LOG, page, refuse
from state.database import StateError, kept_open
from store.settings import is_loopback, setting

_LONGEST = 3000  # characters of a view's address that a cookie can hold
_ASKED = "taizhang_asked_"  # cookie: the view that a login under way leads to, by its state
_LEFT = "taizhang_left"  # cookie: how a login ended, and the view that it ended on
_KEPT = 900  # seconds that these are kept
_NO_STORE = {"Cache-Control": "no-store"}


class Entrance:
    """Lets requests in by who asks. ``base`` is the path that the program is served below."""

    def __init__(self, app: ASGIApp, base: str) -> None:
        self.app = app
        self.base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        send = _guarded(send)
        path, way = paths.below(scope["path"], self.base), way_in()
        if way == "open" and not _from_here(scope):
            await refuse(scope, receive, send, 403, "gate_no_login")
            return
        if paths.is_public(path):
            await self.app(scope, receive, send)
            return
        if way == "oidc" and path in paths.LOGIN_STEPS:
            await self._step(path, scope, receive, send)
            return
        try:
            who = await visitors.found(scope)
        except visitors.Forged as forged:
            await anyio.to_thread.run_sync(_forged, str(forged), path)
            await refuse(scope, receive, send, 403, "gate_forged")
        except StateError as error:
            LOG.warning("who asks could not be found out: %s", error.reason)
            await refuse(scope, receive, send, 503, "gate_state")
        else:
            await self._let_in(who, path, scope, receive, send)

    async def _let_in(
        self, who: Guest, path: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        document = scope["type"] == "http" and paths.is_document(path)
        if scope["type"] == "http" and who.standing not in ("open", "in"):
            if document and way_in() == "oidc" and scope["method"] in ("GET", "HEAD"):
                await self._to_login(scope, receive, send)
            else:
                await refuse(scope, receive, send, 401, "gate_login")
            return
        if not who.may_look and who.rights is not None:
            about = {"why": "no_grant", "path": path[:200]}
            subject = who.rights.subject
            await anyio.to_thread.run_sync(_refused, "refusal", subject, about, subject)
            if scope["type"] == "http" and not document:
                await refuse(scope, receive, send, 403, "gate_nothing")
                return
        await self.app(visitors.known(scope, who), receive, send)

    async def _to_login(self, scope: Scope, receive: Receive, send: Send) -> None:
        start = generate_login_redirect_url("default")
        view = quote(self._view(_address(scope)), safe="")
        answer = RedirectResponse(f"{start}&view={view}", 302, _NO_STORE)
        await answer(scope, receive, send)

    # The steps of a login

    async def _step(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if path == paths.SAID:
            await self._said(request)(scope, receive, send)
            return
        try:
            key = visitors.key_of(visitors.claims(request.cookies))
            if path == paths.LOGOUT:
                leaving = await anyio.to_thread.run_sync(self._end, request, key)
            status, headers = await self._asked(scope, receive)
            steps = {paths.LOGIN: self._begun, CALLBACK: self._ended}
            if path == paths.LOGOUT:
                answer = self._out(status, headers, leaving)
            else:
                answer = await anyio.to_thread.run_sync(steps[path], request, status, headers)
        except StateError as error:
            LOG.warning("a login could not be written: %s", error.reason)
            await refuse(scope, receive, send, 503, "gate_state")
            return
        await answer(scope, receive, send)

    async def _asked(self, scope: Scope, receive: Receive) -> tuple[int, list[tuple[bytes, bytes]]]:
        """Status and headers of Streamlit's own answer to a step, whose body nobody reads."""
        said: list[Message] = []

        async def keep(message: Message) -> None:
            said.append(message)

        await self.app(scope, receive, keep)
        return said[0]["status"], list(said[0]["headers"])

    def _begun(self, request: Request, status: int, headers: list[tuple[bytes, bytes]]) -> Response:
        """To the provider, remembering for which view."""
        answer = _like(status, headers)
        state = parse_qs(urlsplit(answer.headers.get("location", "")).query).get("state")
        view = self._view(request.query_params.get("view", ""))
        if status != 302 or not state:
            if status == 302:  # the token of the address was too old: begin anew
                return RedirectResponse(view, 302, _NO_STORE)
            LOG.warning("the provider of logins does not answer")
            return self._leave("failed", view)
        self._remember(answer, _ASKED + _short(state[0]), view)
        return answer

    def _ended(self, request: Request, status: int, headers: list[tuple[bytes, bytes]]) -> Response:
        """Back from the provider: to the view, or to a page that says why not."""
        state = request.query_params.get("state", "")
        if not state and "error" not in request.query_params:
            return self._leave("", "")  # from the provider's own logout
        view = self._view(unquote(_asked(request, state)))
        answer = _like(status, headers)
        said = visitors.claims(_cookies_set(headers))
        if not said:
            if visitors.found_by_cookie(request).standing == "in":
                return RedirectResponse(view, 302, _NO_STORE)  # begun in another tab, too
            self._failed(request, request.query_params.get("error", "")[:60] or "not proven")
            return self._leave("failed", view, answer)
        subject = str(said.get(setting("TAIZHANG_OIDC_SUBJECT")) or "").strip()
        groups = said.get(setting("TAIZHANG_OIDC_GROUPS"))
        try:
            logins.begin(
                kept_open(setting("TAIZHANG_HOME")),
                visitors.key_of(said),
                subject,
                way="oidc",
                name=str(said.get("name") or ""),
                groups=[str(each) for each in groups] if isinstance(groups, list) else [],
            )
        except ValueError:
            self._failed(request, "no subject")
            return self._leave("failed", view)
        answer.headers["location"] = view
        self._forget(answer, _ASKED + _short(state))
        return answer

    def _end(self, request: Request, key: str) -> tuple[str, str]:
        """End the login; gives how it ended, and the view if it was not its person who ended it."""
        who = visitors.found_by_cookie(request)
        try:
            logins.end(kept_open(setting("TAIZHANG_HOME")), key, "left")
        except StateError as error:  # who leaves is let go: the clock ends the row
            LOG.warning("a logout could not be written: %s", error.reason)
        if who.standing in ("idle", "age"):
            came = urlsplit(request.headers.get("referer", ""))
            view = f"{came.path}?{came.query}" if came.query else came.path
            return who.standing, self._view(view)
        return "", ""

    def _out(
        self, status: int, headers: list[tuple[bytes, bytes]], leaving: tuple[str, str]
    ) -> Response:
        """Through the provider's own logout, if it has one, to the page that says it."""
        answer = _like(status, headers)
        if not urlsplit(answer.headers.get("location", "")).netloc:
            answer.headers["location"] = f"{self.base}{paths.SAID}"
        self._remember(answer, _LEFT, " ".join(leaving))
        return answer

    def _failed(self, request: Request, why: str) -> None:
        client = request.client.host if request.client else ""
        _refused("login", client, {"why": why}, client)

    # Where to

    def _leave(self, why: str, view: str, like: Response | None = None) -> Response:
        answer = RedirectResponse(f"{self.base}{paths.SAID}", 302, _NO_STORE)
        if like is not None:  # cookies that Streamlit takes away
            answer.raw_headers += [each for each in like.raw_headers if each[0] == b"set-cookie"]
        if why:
            self._remember(answer, _LEFT, f"{why} {view}")
        return answer

    def _said(self, request: Request) -> Response:
        """That nobody is logged in (any more), and the way back in."""
        why, _, view = unquote(request.cookies.get(_LEFT, "")).partition(" ")
        key = {"failed": "login_failed", "idle": "login_idle", "age": "login_age"}.get(why)
        return HTMLResponse(page(key or "logged_out", self._view(view)), 200, _NO_STORE)

    def _view(self, text: str) -> str:
        """An address of a page of ours as it may be gone to; the first page for any other."""
        first = f"{self.base}/"
        plain = text.isascii() and text.isprintable() and "\\" not in text and " " not in text
        if not (plain and text.startswith(first) and len(text) <= _LONGEST):
            return first
        path = paths.below(urlsplit(text).path, self.base)
        return first if text.startswith("//") or not paths.is_document(path) else text

    def _remember(self, answer: Response, name: str, text: str) -> None:
        answer.set_cookie(name, quote(text, safe=""), max_age=_KEPT, path=self.base or "/",
                          httponly=True, samesite="lax")  # fmt: skip

    def _forget(self, answer: Response, name: str) -> None:
        answer.delete_cookie(name, path=self.base or "/", httponly=True, samesite="lax")


def _from_here(scope: Scope) -> bool:
    client = scope.get("client")
    return client is None or (is_loopback(client[0]) and is_loopback(visitors.peer(scope)))


def _address(scope: Scope) -> str:
    """Path and query of a request, as they came."""
    path = (scope.get("raw_path") or quote(scope["path"]).encode()).partition(b"?")[0]
    query = scope["query_string"]
    return (path + (b"?" + query if query else b"")).decode("latin-1")


def _asked(request: Request, state: str) -> str:
    """What a login was begun for; of one refused without its state, the only one there is."""
    begun = {k: v for k, v in request.cookies.items() if k.startswith(_ASKED)}
    only = next(iter(begun.values())) if len(begun) == 1 else ""
    return begun.get(_ASKED + _short(state), only)


def _short(state: str) -> str:
    return hashlib.sha256(state.encode()).hexdigest()[:16]


def _like(status: int, headers: list[tuple[bytes, bytes]]) -> Response:
    """An answer without a body that has these headers."""
    answer = Response(status_code=status, headers=_NO_STORE)
    left_out = (b"content-length", b"content-type", b"cache-control")
    answer.raw_headers += [pair for pair in headers if pair[0].lower() not in left_out]
    return answer


def _cookies_set(headers: list[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """The cookies that an answer sets, by name; of one set twice the last."""
    found: dict[str, str] = {}
    for name, value in headers:
        if name.lower() == b"set-cookie":
            try:
                found |= {k: one.value for k, one in SimpleCookie(value.decode("latin-1")).items()}
            except CookieError:
                continue
    return found


def _forged(address: str, path: str) -> None:
    _refused("refusal", address, {"why": "forged_header", "path": path[:200]}, address)


def _refused(kind: str, who: str, about: Mapping[str, str], cause: str) -> None:
    refused(setting("TAIZHANG_HOME"), "login" if kind == "login" else "refusal", who, about, cause)


def _guarded(send: Send) -> Send:
    """Cookies go with no request of another site's page, and, behind TLS, without it nowhere."""
    more = [("samesite", "; SameSite=Lax"), *([("secure", "; Secure")] if behind_tls() else [])]

    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            told = headers.getlist("set-cookie")
            if told:
                del headers["set-cookie"]
            for cookie in told:
                said = [part.strip().partition("=")[0].lower() for part in cookie.split(";")]
                lacking = "".join(text for name, text in more if name not in said)
                headers.append("set-cookie", cookie + lacking)
        await send(message)

    return marked
