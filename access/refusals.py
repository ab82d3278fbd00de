"""Refusals at the way in, audited: of one kind and cause an entry a minute, however many come."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from state import audit
from state.database import StateError, kept_open

LOG = logging.getLogger("taizhang.access")
_MINUTE = 60.0
_MOST = 1000  # causes that are remembered; more at a time are a flood, and share one entry

_said: dict[tuple[str, str], tuple[float, int]] = {}
_lock = threading.Lock()


def refused(
    home: Path, kind: Literal["refusal", "login"], who: str, about: Mapping[str, Any], cause: str
) -> None:
    """Write that something was refused: at once, or, where it is again, with the next minute's.

    ``cause`` is what a flood would have in common: an address, a name. A refusal that cannot be
    written is one all the same; the log has it.
    """
    times = _due(kind, cause, time.monotonic())
    if not times:
        return
    told = dict(about) if times == 1 else {**about, "times": times}
    try:
        with kept_open(home).writing() as session:
            audit.append(session, kind, who, told, "refused")
    except StateError as error:
        LOG.warning("a refusal could not be audited (%s): %s", error.reason, told)


def _due(kind: str, cause: str, now: float) -> int:
    """How many refusals an entry would stand for now; 0 where it is too soon for one."""
    with _lock:
        if len(_said) >= _MOST:
            for key in [k for k, (at, _) in _said.items() if at <= now - _MINUTE]:
                del _said[key]
        name = (kind, cause)
        if name not in _said and len(_said) >= _MOST:
            name = (kind, "")
        at, left_out = _said.get(name, (now - _MINUTE, 0))
        if at > now - _MINUTE:
            _said[name] = (at, left_out + 1)
            return 0
        _said[name] = (now, 0)
        return left_out + 1
