"""Where the facts about a county stand: its own folder in the home, or the shipped reference."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from pathlib import Path

from store.county_folder import DECLARATION, FOLDER, declared_code, read

REFERENCE = Path(__file__).parent.parent / "data" / "reference"
KINDS = ("towns", "villages")
_EDITION = re.compile(r"(towns|villages)_(\d{4})\.csv")


@dataclass(frozen=True, slots=True)
class Reference:
    """One county's codes by kind and edition, its outline and, where there are any, the rest."""

    code: str
    name: str
    codes: dict[str, dict[int, Path]]
    outline: Path
    rivers: Path | None = None
    successors: Path | None = None

    @classmethod
    def of(cls, county_code: str, home: Path | None = None) -> Reference:
        """The county's reference, that of the home before the shipped one.

        FileNotFoundError where there is none, store.county_folder.Broken for a ``county.yaml``
        that cannot be read.
        """
        if home is not None and declared_code(home) == county_code:
            folder = home / FOLDER
            if any((folder / "codes").glob("villages_*.csv")):
                return cls.in_folder(county_code, folder)
        return cls._shipped(county_code)

    @classmethod
    def in_folder(cls, county_code: str, folder: Path) -> Reference:
        """The reference that a county's folder holds."""
        said, _ = read(folder.parent, folder / DECLARATION)
        return cls(
            county_code,
            str(said.get("name", "")),
            _editions(folder / "codes", ""),
            folder / "outline.geojson",
            _there(folder / "rivers.geojson"),
            _there(folder / "successors.csv"),
        )

    @classmethod
    def _shipped(cls, county_code: str) -> Reference:
        outline = REFERENCE / "boundaries" / f"{county_code}_tianditu.geojson"
        return cls(
            county_code,
            json.loads(outline.read_text("utf-8"))["properties"]["name"],
            _editions(REFERENCE / "divisions", f"{county_code}_"),
            outline,
            _there(REFERENCE / "rivers" / f"{county_code}_rivers_wdbii.geojson"),
        )

    @property
    def editions(self) -> tuple[int, ...]:
        """Editions of which both townships and villages are there, newest first.

        FileNotFoundError where there is none.
        """
        found = sorted(set(self.codes["towns"]) & set(self.codes["villages"]), reverse=True)
        if not found:
            raise FileNotFoundError(2, "no edition of the code list", f"{self.code}.csv")
        return tuple(found)

    def listed(self, kind: str, edition: int) -> dict[str, str]:
        """Names by code as the official list of an edition has them; kind is of KINDS."""
        with self.codes[kind][edition].open(encoding="utf-8-sig", newline="") as handle:
            return {row["code"]: row["name"].strip() for row in csv.DictReader(handle)}


def counties(home: Path | None = None) -> dict[str, str]:
    """Names by code of the counties that there is a reference for: the home's, or the shipped."""
    if home is not None and (code := declared_code(home)):
        return {code: Reference.of(code, home).name}
    outlines = sorted((REFERENCE / "boundaries").glob("*_tianditu.geojson"))
    codes = [path.name.partition("_")[0] for path in outlines]
    return {code: Reference.of(code).name for code in codes}


def _there(path: Path) -> Path | None:
    return path if path.is_file() else None


def _editions(folder: Path, prefix: str) -> dict[str, dict[int, Path]]:
    found: dict[str, dict[int, Path]] = {kind: {} for kind in KINDS}
    for path in folder.glob(f"{prefix}*.csv"):
        if matched := _EDITION.fullmatch(path.name.removeprefix(prefix)):
            found[matched[1]][int(matched[2])] = path
    return found
