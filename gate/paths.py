"""Which of Streamlit's own addresses are open: those that its pages in the browser ask for."""

from __future__ import annotations

from access.entry import way_in

STREAM = "/_stcore/stream"
UPLOAD = "/_stcore/upload_file/"
_OPEN = ("/_stcore/health", "/_stcore/host-config", STREAM)
_OPEN_BELOW = (UPLOAD, "/_stcore/bidi-components/")
# Streamlit's core, its login, components of its first kind, static files, and files of its media,
# which it gives to whoever has their address: ours leave by ``gate.handouts``.
_CLOSED = ("_stcore", "auth", "oauth2callback", "component", "app", "media")

# Ours that take what is sent, whatever the method: each says itself what it answers.
LOOKUP = "/lookup"
POSTED = (LOOKUP,)

# The steps of a login: Streamlit's own three, and our page for who is logged out.
LOGIN, LOGOUT, SAID = "/auth/login", "/auth/logout", "/logged-out"
LOGIN_STEPS = (LOGIN, LOGOUT, "/oauth2callback", SAID)
# What says nothing of the county and is asked for before anybody is known.
_PUBLIC = ("/_stcore/health", "/_stcore/host-config", "/api/ready", "/favicon.png")
_PUBLIC_BELOW = ("/static/", "/assets/", "/_stcore/bidi-components/")
_NO_DOCUMENTS = ("api", "shapes", "static", "assets", "export", "lookup", *_CLOSED)


def below(path: str, base: str) -> str:
    """The address within the program; one that is not below its path stays as it is."""
    return path.removeprefix(base) if path.startswith(f"{base}/") else path


def is_open(path: str, kind: str = "http") -> bool:
    """Whether a request (``http`` or ``websocket``) for an address may reach Streamlit."""
    if kind == "websocket":
        return path == STREAM
    if path in _OPEN or path.startswith(_OPEN_BELOW):
        return True
    if path in LOGIN_STEPS:
        return way_in() == "oidc"
    return path.split("/")[1] not in _CLOSED if path.startswith("/") else False


def is_public(path: str) -> bool:
    """Whether an address answers without knowing who asks."""
    return path in _PUBLIC or path.startswith(_PUBLIC_BELOW)


def is_document(path: str) -> bool:
    """Whether an address is a page's, as somebody types or is sent it."""
    return path.split("/")[1] not in _NO_DOCUMENTS if path.startswith("/") else False
