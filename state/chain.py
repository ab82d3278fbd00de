"""The chain that audit entries stand in: each hash is of the one before and of its own content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

START = "0" * 64  # what the first entry is chained to

Break = Literal["altered", "missing", "cut", "archive"]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that somebody did.

    ``outcome`` is ``done``, ``begun`` (a later entry names this one and tells its end), ``failed``
    or ``refused``; ``about`` is what it was done to, its values plain JSON.
    """

    number: int
    at: datetime
    actor: str
    kind: str
    outcome: str
    about: Mapping[str, Any]
    previous: str
    hash: str

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Entry:
        """An entry out of what ``plain`` made; raises KeyError and ValueError for anything else."""
        return cls(**{**told, "at": datetime.fromisoformat(told["at"])})

    def plain(self) -> dict[str, Any]:
        """All of it as JSON holds it."""
        return {**_content(self), "previous": self.previous, "hash": self.hash}

    def fitting(self) -> str:
        """The hash that it should have."""
        return hashlib.sha256((self.previous + canonical(_content(self))).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Misfit:
    """The first entry that does not fit, and why.

    ``altered``: its content is not what its hash was made of, or it is not chained to the one
    before. ``missing``: it is not there and later ones are. ``cut``: it and all later ones are
    gone. ``archive``: it lies in a file that is gone or was altered.
    """

    number: int
    why: Break


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry's number and hash: who keeps it can tell later whether an end was cut off."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """A head as it is printed; raises ValueError."""
        number, _, digest = text.strip().partition(":")
        if not number.isdecimal() or len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise ValueError(text)
        return cls(int(number), digest)


def canonical(content: object) -> str:
    """JSON in the one way: keys sorted, no blanks, nothing but ASCII."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)


def misfit(
    entries: Iterable[Entry | int], head: Head, known: Iterable[Head] = ()
) -> tuple[Misfit | None, Head]:
    """The first entry that does not fit, of all entries ascending, and the last that does.

    A number in the place of an entry is one that could not be read. ``head`` is what is held to be
    the last, ``known`` are heads that were printed before.
    """
    printed = {each.number: each.hash for each in known}
    before = Head(0, START)
    for entry in entries:
        number = entry if isinstance(entry, int) else entry.number
        if number != before.number + 1:
            return Misfit(before.number + 1, "missing"), before
        if isinstance(entry, int) or entry.previous != before.hash:
            return Misfit(number, "altered"), before
        if entry.hash != entry.fitting() or printed.get(number, entry.hash) != entry.hash:
            return Misfit(number, "altered"), before
        before = Head(number, entry.hash)
    last = max([head.number, *printed])
    if last > before.number:
        return Misfit(before.number + 1, "cut"), before
    if head != before:  # entries were added behind what the program holds for the last
        return Misfit(head.number + 1 if head.number < before.number else head.number,
                      "altered"), before  # fmt: skip
    return None, before


def _content(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "kind": entry.kind,
        "outcome": entry.outcome,
        "about": dict(entry.about),
    }
