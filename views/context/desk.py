"""What the data page stands on also where no snapshot can be opened: home, viewer and language."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from access.viewer import Viewer
from glossary import Lang, term
from store.county_folder import Broken, declared_code
from store.snapshots import Home, NoSnapshot, SnapshotDamaged
from views.context import address, visitor
from views.context.counties import home
from views.context.stage import Stage


@dataclass(frozen=True, slots=True)
class Desk:
    """Where files are loaded into. ``county`` is empty until the first snapshot says it."""

    home: Home
    viewer: Viewer
    lang: Lang
    county: str
    current: int | None

    @classmethod
    def of(cls, stage: Stage) -> Desk:
        """The desk of a page that has a snapshot to show."""
        place = stage.county.home
        current = place.current_number()
        return cls(place, stage.viewer, stage.lang, stage.county.code, current)

    @classmethod
    def bare(cls, lang: Lang) -> Desk:
        """The desk of a home whose current snapshot is missing or damaged."""
        place = home()
        entry = next(iter(entries(place)), None)
        county = str(entry["county_code"]) if entry else ""
        with suppress(Broken):  # the page says what is broken
            county = declared_code(place.path) or county
        try:
            current = place.current_number()
        except NoSnapshot:
            current = None
        return cls(place, visitor.viewer(county or "000000", "all"), lang, county, current)

    def t(self, key: str, /, **values: object) -> str:
        """A term in the viewer's language."""
        return term(key, self.lang, **values)

    def href(self, path: str, **query: object) -> str:
        """Address of a page in the viewer's language."""
        found = {key: str(value) for key, value in query.items()}
        return address.href(path, found if self.lang == "zh" else found | {"lang": self.lang})

    def when(self, instant: str) -> str:
        """A moment of the log or a manifest, by the server's clock."""
        return f"{datetime.fromisoformat(instant).astimezone():%Y-%m-%d %H:%M}"


def entries(place: Home) -> list[dict[str, Any]]:
    """Manifests of all snapshots that have a readable one, the newest first."""
    found = (manifest(str(place.path), number) for number in reversed(place.numbers()))
    return [entry for entry in found if entry]


@lru_cache(maxsize=500)
def manifest(folder: str, number: int) -> dict[str, Any] | None:
    """A snapshot's manifest, which never changes; None for an unreadable one."""
    try:
        return Home(folder).open(number, verify=False).manifest
    except (NoSnapshot, SnapshotDamaged, KeyError):
        return None
