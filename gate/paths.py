"""Which of Streamlit's own addresses are open: those that its pages in the browser ask for."""

from __future__ import annotations

STREAM = "/_stcore/stream"
UPLOAD = "/_stcore/upload_file/"
MEDIA = "/media/"
_OPEN = ("/_stcore/health", "/_stcore/host-config", STREAM)
_OPEN_BELOW = (UPLOAD, "/_stcore/bidi-components/")
# Streamlit's core, its login, components of its first kind, and static files: none is used here.
_CLOSED = ("_stcore", "auth", "oauth2callback", "component", "app")


def below(path: str, base: str) -> str:
    """The address within the program; one that is not below its path stays as it is."""
    return path.removeprefix(base) if path.startswith(f"{base}/") else path


def is_open(path: str, kind: str = "http") -> bool:
    """Whether a request (``http`` or ``websocket``) for an address may reach Streamlit."""
    if kind == "websocket":
        return path == STREAM
    if path in _OPEN or path.startswith(_OPEN_BELOW):
        return True
    return path.split("/")[1] not in _CLOSED if path.startswith("/") else False
