"""How a scene goes over: only what differs from one that the browser has.

A message is one line of words and a body. The line names the scene and the one that it is told
against. The body, deflated with what that one's blocks hold as its dictionary, is the tree of
blocks and then what those hold that differ: what stayed costs nothing, and of what changed little
more than the change.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from views.scenes.block import Block, Kind, Scene

WHOLE = "-"  # told against nothing
WINDOW = 32_768  # bytes that deflate can look back
_RAW = -15  # no header, no checksum


@dataclass(frozen=True, slots=True)
class Told:
    """The words of a message: which scene, against which, of what, and for which step.

    ``of`` names what every scene of a session rests on: snapshot, rules, rights, language and
    screen. ``step`` counts the browser's steps. ``query`` is the address that the scene belongs to.
    """

    scene: str
    base: str
    of: str
    step: int
    query: str


def message(scene: Scene, base: Scene | None, *, of: str, step: int = 0, query: str = "") -> bytes:
    """A scene as it is sent to a browser that has ``base``; whole where that is None."""
    words = [scene.id, base.id if base else WHOLE, of, str(step), query]
    held = base.held if base else {}
    changed = [one for one in scene.every() if held.get(one.key) != one.data]
    told = {block.key: block.data.encode() for block in changed}
    tree = [_tree(scene.frame, told), _tree(scene.blocks, told)]
    skeleton = json.dumps(tree, separators=(",", ":")).encode()
    packed = _deflated(b"\n".join([skeleton, b"".join(told.values())]), _dictionary(base))
    return " ".join(words).encode() + b"\n" + packed


def read(sent: bytes, base: Scene | None = None) -> tuple[Told, Scene]:
    """What the browser makes of a message. ValueError for one that is told against another."""
    line, _, packed = sent.partition(b"\n")
    scene, against, of, step, query = line.decode().split(" ")
    if against != (base.id if base else WHOLE):
        raise ValueError(f"told against {against}")
    inflating = zlib.decompressobj(wbits=_RAW, zdict=_dictionary(base))
    skeleton, _, body = inflating.decompress(packed).partition(b"\n")
    frame, blocks = json.loads(skeleton)
    held = base.held if base else {}
    at = 0

    def made(each: Sequence[tuple[str, Kind, int, list]]) -> tuple[Block, ...]:
        nonlocal at
        found = []
        for key, kind, size, inside in each:
            if size < 0:
                data = held[key]
            else:
                data = body[at : at + size].decode()
                at += size
            found.append(Block(key, kind, data, made(inside)))
        return tuple(found)

    of_frame = made(frame)
    return Told(scene, against, of, int(step), query), Scene(made(blocks), of_frame)


def _tree(blocks: Sequence[Block], told: dict[str, bytes]) -> list[list[object]]:
    """Keys, kinds and bytes of blocks; -1 for one that the browser has."""
    return [
        [b.key, b.kind, len(told[b.key]) if b.key in told else -1, _tree(b.blocks, told)]
        for b in blocks
    ]


def _dictionary(base: Scene | None) -> bytes:
    return "".join(base.held.values()).encode()[-WINDOW:] if base else b""


def _deflated(body: bytes, dictionary: bytes) -> bytes:
    # An empty dictionary is none.
    if dictionary:
        packing = zlib.compressobj(9, zlib.DEFLATED, _RAW, zdict=dictionary)
    else:
        packing = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    return packing.compress(body) + packing.flush()
