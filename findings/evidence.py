"""Evidence: a text, or a file that is what its first bytes say, within a size."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from access.roles import EVIDENCE_MB
from findings import texts
from findings.texts import Unusable

MOST = EVIDENCE_MB << 20  # bytes of a file
# What a file begins with, its kind, and how its name may end.
_KINDS: tuple[tuple[bytes, str, tuple[str, ...]], ...] = (
    (b"\xff\xd8\xff", "image/jpeg", ("jpg", "jpeg")),
    (b"\x89PNG\r\n\x1a\n", "image/png", ("png",)),
    (b"RIFF", "image/webp", ("webp",)),
    (b"%PDF-", "application/pdf", ("pdf",)),
    (
        b"PK\x03\x04",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ("xlsx",),
    ),
    (
        b"PK\x03\x04",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ("docx",),
    ),
)
ENDINGS = tuple(ending for _, _, endings in _KINDS for ending in endings)
MEDIA_TYPES = tuple(media for _, media, _ in _KINDS)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence. Of a file that was named only, ``content`` is None."""

    text: str = ""
    file_name: str = ""
    media_type: str = ""
    size: int = 0
    sha256: str = ""
    content: bytes | None = None


def of_text(text: str) -> Evidence:
    """A text as evidence. Raises Unusable."""
    return Evidence(texts.kept("evidence", text, texts.EVIDENCE, needed=True))


def of_file(name: str, content: bytes) -> Evidence:
    """A file as evidence, known by its first bytes and its name alike. Raises Unusable."""
    if len(content) > MOST:
        raise Unusable("evidence", "file_size", most=MOST >> 20)
    ending = name.rpartition(".")[2].lower()
    for begins, media, endings in _KINDS:
        if content.startswith(begins) and ending in endings:
            shown = texts.kept("file_name", name, 10_000, needed=True, line=True)
            short = shown[-texts.FILE_NAME :]
            digest = hashlib.sha256(content).hexdigest()
            return Evidence("", short, media, len(content), digest, content)
    raise Unusable("evidence", "file_kind", kinds="、".join(ENDINGS))
