"""What the two who run a server may set: every environment variable that the program reads.

``docs/settings.md`` describes each of them; a test holds the two together.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[1]
_NAME = re.compile(r"(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{1,5})?")


class BadSetting(ValueError):
    """A setting that cannot be read: its ``name`` and the ``text`` that stands there."""

    def __init__(self, name: str, text: str):
        super().__init__(f"{name}={text!r}")
        self.name, self.text = name, text


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable: what it is where nothing is set, and how its text is read."""

    name: str
    default: str
    read: Callable[[str], Any]


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return read


def _decided(text: str) -> bool | None:
    """1 for yes, 0 for no; None where the program decides."""
    return {"1": True, "0": False, "": None}[text]


def _hosts(text: str) -> tuple[str, ...]:
    found = tuple(part.strip().lower().rstrip(".") for part in text.split(",") if part.strip())
    for name in found:
        if not _NAME.fullmatch(name) and not is_address(name):
            raise ValueError(name)
    return found


def _origins(text: str) -> tuple[str, ...]:
    found = tuple(part.strip().lower().rstrip("/") for part in text.split(",") if part.strip())
    if any(not _ORIGIN.fullmatch(origin) for origin in found):
        raise ValueError(text)
    return found


def _address(text: str) -> str:
    if text != "localhost":
        ipaddress.ip_address(text)
    return text


def _public(text: str) -> str:
    found = text.lower().rstrip("/")
    if found and not _ORIGIN.fullmatch(found):
        raise ValueError(text)
    return found


def _link(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s@]+", text):
        raise ValueError(text)
    return text


def _file(text: str) -> Path | None:
    return Path(text) if text else None


def _word(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.:/-]{0,200}", text):
        raise ValueError(text)
    return text


def _words(text: str) -> str:
    return " ".join(map(_word, text.split()))


def _header(text: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z0-9-]{1,60}", text):
        raise ValueError(text)
    return text.lower()


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())


DECLARED = {
    setting.name: setting
    for setting in (
        Setting("PORT", "8501", _whole(1, 65535)),
        Setting("TAIZHANG_HOME", str(_ROOT / "data" / "home"), Path),
        Setting("TAIZHANG_DATABASE_URL", "", str),  # is judged unsaid: it may hold a password
        Setting("TAIZHANG_ADDRESS", "127.0.0.1", _address),
        Setting("TAIZHANG_HOSTS", "", _hosts),
        Setting("TAIZHANG_ORIGINS", "", _origins),
        Setting("TAIZHANG_PUBLIC_URL", "", _public),
        Setting("TAIZHANG_OIDC_METADATA", "", _link),
        Setting("TAIZHANG_OIDC_CLIENT", "", _word),
        Setting("TAIZHANG_OIDC_SECRET_FILE", "", _file),
        Setting("TAIZHANG_OIDC_SUBJECT", "sub", _word),
        Setting("TAIZHANG_OIDC_GROUPS", "groups", _word),
        Setting("TAIZHANG_OIDC_SCOPE", "openid profile", _words),
        Setting("TAIZHANG_USER_HEADER", "", _header),
        Setting("TAIZHANG_USER_HEADER_FROM", "", _networks),
        Setting("TAIZHANG_IDLE_MINUTES", "30", _whole(1, 1440)),
        Setting("TAIZHANG_LOGIN_HOURS", "12", _whole(1, 168)),
        Setting("TAIZHANG_READ_ONLY", "", _decided),
        Setting("TAIZHANG_WHOLE_SEARCH", "", _decided),
        Setting("TAIZHANG_SEARCHES_A_MINUTE", "20", _whole(1, 10_000)),
        Setting("TAIZHANG_EXPORTS_A_MINUTE", "6", _whole(1, 10_000)),
        Setting("TAIZHANG_LINKS_A_MINUTE", "60", _whole(1, 10_000)),
        Setting("TAIZHANG_LOOKUPS_A_MINUTE", "240", _whole(1, 10_000)),
        Setting("TAIZHANG_EXPORT_ROWS", "1000000", _whole(1, 1_048_000)),  # a sheet holds 1,048,576
        Setting("TAIZHANG_UPLOAD_MB", "500", _whole(1, 100_000)),
        Setting("TAIZHANG_UPLOADS_MB", "2000", _whole(1, 1_000_000)),
        Setting("TAIZHANG_SESSIONS", "300", _whole(1, 10_000)),
        Setting("TAIZHANG_SESSIONS_EACH", "20", _whole(1, 10_000)),
        Setting("TAIZHANG_SESSION_SECONDS", "300", _whole(1, 86_400)),
        Setting("TAIZHANG_REQUEST_SECONDS", "15", _whole(1, 600)),
        Setting("TAIZHANG_STOP_SECONDS", "5", _whole(1, 600)),
        Setting("TAIZHANG_MEMORY_MB", "512", _whole(128, 1_000_000)),
        Setting("TAIZHANG_FREE_MB", "200", _whole(1, 1_000_000)),
    )
}


def setting(name: str) -> Any:
    """What is set, or the default; an empty text counts as not set. Raises BadSetting."""
    declared = DECLARED[name]
    text = os.environ.get(name, "").strip()
    try:
        return declared.read(text or declared.default)
    except (ValueError, KeyError) as error:
        raise BadSetting(name, text) from error


def check_all() -> None:
    """Read every setting once: a server with a bad one does not start. Raises BadSetting."""
    for name in DECLARED:
        setting(name)


def is_address(host: str) -> bool:
    """Whether a host is written as an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_loopback(host: str) -> bool:
    """Whether only programs of this machine reach a host: ``localhost`` or a loopback address."""
    if host == "localhost":
        return True
    return is_address(host) and ipaddress.ip_address(host).is_loopback


def origins() -> tuple[str, ...]:
    """Addresses in the browser that the program may be opened under: those set, and its own."""
    own = setting("TAIZHANG_PUBLIC_URL")
    return (*setting("TAIZHANG_ORIGINS"), *([own] if own else []))


def hosts() -> tuple[str, ...]:
    """Host names that the program may be asked under beside this machine's own."""
    own = setting("TAIZHANG_PUBLIC_URL")
    return (*setting("TAIZHANG_HOSTS"), *([_host(own)] if own else []))


def beyond_loopback() -> bool:
    """Whether others may reach the server: by its address, or under a name that was set for them.

    A proxy on the same machine reaches it on loopback, but its visitors' names must be set.
    """
    names = (*hosts(), *map(_host, origins()))
    return not all(map(is_loopback, (setting("TAIZHANG_ADDRESS"), *names)))


def read_only() -> bool:
    """Whether nobody may load files, go back to an earlier snapshot or take refused rows out."""
    return setting("TAIZHANG_READ_ONLY") is True


def _host(origin: str) -> str:
    found = _ORIGIN.fullmatch(origin)
    return found[1].strip("[]") if found else origin
