"""How a sample is drawn: its design, how many of each stratum, which villages.

All is whole numbers and SHA-256, so that a clerk with a spreadsheet and a hash tool draws the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["simple", "township", "group", "labour_class", "villages"]
KINDS: tuple[Kind, ...] = get_args(Kind)
STRATIFIED: tuple[Kind, ...] = ("township", "group", "labour_class")
Share = Literal["proportional", "even"]
SHARES: tuple[Share, ...] = get_args(Share)
MOST = 1_000  # households of one sample
MOST_VILLAGES = 100
# Of a stratum that lies in the sample two are drawn, so that its spread is known.
_LEAST = 2
REGISTERED, OTHERS = "registered", "unregistered"


@dataclass(frozen=True, slots=True)
class Design:
    """A design: of strata how they share, of two stages how many villages are drawn."""

    kind: Kind = "simple"
    size: int = 100
    share: Share = "proportional"
    villages: int = 10

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.share not in SHARES:
            raise ValueError(self.kind, self.share)
        if not 1 <= self.size <= MOST or not 2 <= self.villages <= MOST_VILLAGES:
            raise ValueError(self.size, self.villages)

    @property
    def stratified(self) -> bool:
        return self.kind in STRATIFIED

    @property
    def staged(self) -> bool:
        return self.kind == "villages"


def digest(seed: int, what: str) -> str:
    """What orders households and villages: SHA-256 of ``seed|what``, 64 small hex digits."""
    return hashlib.sha256(f"{seed}|{what}".encode()).hexdigest()


def allocated(counts: Mapping[str, int], size: int, share: Share) -> dict[str, int]:
    """How many of each stratum are drawn: together ``size``, or all there are."""
    held = {key: count for key, count in sorted(counts.items()) if count > 0}
    size = min(size, sum(held.values()))
    return _even(held, size) if share == "even" else _proportional(held, size)


def _even(counts: Mapping[str, int], size: int) -> dict[str, int]:
    """The same of each; what a small stratum lacks is the others'."""
    found: dict[str, int] = {}
    left, rest = size, dict(counts)
    for key in sorted(counts, key=lambda key: (counts[key], key)):
        found[key] = min(counts[key], left // len(rest))
        left -= found[key]
        del rest[key]
    return {key: found[key] for key in counts}


def _proportional(counts: Mapping[str, int], size: int) -> dict[str, int]:
    """By how many there are, the largest remainders first; as far as it goes two of each."""
    for least in range(_LEAST, -1, -1):
        floor = {key: min(least, count) for key, count in counts.items()}
        if sum(floor.values()) <= size:
            break
    fixed: dict[str, int] = {}
    while True:
        rest = {key: count for key, count in counts.items() if key not in fixed}
        found = _remainders(rest, size - sum(fixed.values()))
        short = {key: floor[key] for key in rest if found[key] < floor[key]}
        if not short:
            return {key: {**found, **fixed}[key] for key in counts}
        fixed |= short


def _remainders(counts: Mapping[str, int], size: int) -> dict[str, int]:
    total = sum(counts.values())
    found = {key: size * count // total for key, count in counts.items()}
    last = sorted(counts, key=lambda key: (-(size * counts[key] % total), key))
    for key in last[: size - sum(found.values())]:
        found[key] += 1
    return found


def hits(sizes: Mapping[str, int], count: int, seed: int) -> dict[str, int]:
    """Villages by probability proportional to size: how often each is hit, ``count`` in all.

    They stand in a row in the order of their digests, each as long as it has households; from a
    start that the seed gives, every (total/count)th household hits its village. A village longer
    than that step may be hit several times.
    """
    total = sum(sizes.values())
    if not total:
        return {}
    start = int(digest(seed, "start"), 16) % total
    points = [start + total * step for step in range(count)]  # in parts of 1/count household
    found: dict[str, int] = {}
    end, place = 0, 0
    for code in sorted(sizes, key=lambda code: (digest(seed, code), code)):
        end += sizes[code] * count
        first = place
        while place < count and points[place] < end:
            place += 1
        if place > first:
            found[code] = place - first
    return found


def halves(registered: int, others: int, size: int) -> dict[str, int]:
    """How many of one village: half registered and half not, or who there is."""
    return allocated({REGISTERED: registered, OTHERS: others}, size, "even")


def per_hit(size: int, villages: Iterable[tuple[str, int]]) -> dict[str, int]:
    """How many households of each village that was hit, by how often: the sample in equal parts."""
    hit = dict(villages)
    count = sum(hit.values())
    shares, left = {}, size % count if count else 0
    for code, times in hit.items():
        more = min(left, times)
        shares[code] = times * (size // count) + more
        left -= more
    return shares
