"""A county's own file of successors: "this is now that", for towns and villages.

``successors.csv`` has the columns old, new, from, document and, where the new place is in no
edition or has another name now, name. ``old`` is a code, a name, or 乡镇/村. It takes precedence
over what codes and names say; where an heir has an heir of its own, the chain is followed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from loaders.regions.place_names import plain

COLUMNS = {
    "old": ("旧代码或名称", "原代码或名称", "原代码", "原名称"),
    "new": ("新代码", "现代码"),
    "from": ("自何日起", "起始日期", "日期"),
    "document": ("文件", "依据"),
    "name": ("现名称", "新名称", "名称"),
}
NEEDED = ("old", "new", "from", "document")
_CODE = re.compile(r"\d{9}|\d{12}")


class SuccessorError(ValueError):
    """A line that cannot be used; the message says which and why, in Chinese."""


@dataclass(frozen=True, slots=True)
class Successor:
    """``old`` (a code, or a township's name, or township and village) is now the place ``new``."""

    old: str
    new: str
    since: date
    document: str
    name: str = ""

    @property
    def coded(self) -> bool:
        return bool(_CODE.fullmatch(self.old))

    @property
    def words(self) -> tuple[str, str]:
        """Township ("" where none is said) and place by their folded names."""
        town, _, place = self.old.rpartition("/")
        return plain(town), plain(place)


def read(path: Path) -> list[Successor]:
    """The lines of a file. Raises SuccessorError for a line that cannot be used."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text("gb18030", "replace")
    rows = csv.DictReader(text.splitlines())
    names = {n: key for key, also in COLUMNS.items() for n in (key, *also)}
    held = {names[n.strip()]: n for n in rows.fieldnames or () if n and n.strip() in names}
    if lacks := [key for key in NEEDED if key not in held]:
        raise SuccessorError(
            f"{path.name}: 缺少列 {'、'.join(lacks)},第一行应是 {','.join(COLUMNS)}"
        )
    found = []
    for line, row in enumerate(rows, start=2):
        values = {key: (row[name] or "").strip() for key, name in held.items()}
        if any(values.values()):
            found.append(_successor(values, f"{path.name} 第 {line} 行"))
    return found


def _successor(values: Mapping[str, str], where: str) -> Successor:
    if empty := [key for key in NEEDED if not values[key]]:
        raise SuccessorError(f"{where}: {'、'.join(empty)} 是空的,请补上")
    if not _CODE.fullmatch(values["new"]):
        raise SuccessorError(f"{where}: 新代码“{values['new']}”应是九位(乡镇)或十二位(村)")
    try:
        since = date.fromisoformat(values["from"])
    except ValueError:
        raise SuccessorError(f"{where}: 日期“{values['from']}”应写成 2024-07-01 的样子") from None
    old = re.sub(r"\s*[/·]\s*|\s+", "/", values["old"])
    if old.isdecimal() and len(old) != len(values["new"]):
        raise SuccessorError(f"{where}: 原代码与新代码应同为九位或同为十二位")
    return Successor(old, values["new"], since, values["document"], values.get("name", ""))


def in_force(found: Iterable[Successor]) -> list[Successor]:
    """Those that hold today, in the order of their dates."""
    today = datetime.now().astimezone().date()
    return sorted((each for each in found if each.since <= today), key=lambda each: each.since)


def check(found: Collection[Successor], county_code: str, known: Mapping[str, str]) -> None:
    """Raise SuccessorError for an heir that is nowhere, of another county, or its own heir's.

    ``known`` are the names by code of every edition.
    """
    heirs = {each.old: each for each in found if each.coded}
    for each in found:
        if not each.new.startswith(county_code):
            raise SuccessorError(f"{each.old}: 新代码 {each.new} 不属于本县 {county_code}")
        if each.new not in known and not each.name:
            raise SuccessorError(
                f"{each.old}: 新代码 {each.new} 不在任何一版代码中,请在 name 列写出现名称"
            )
        seen, at = {each.old}, each.new
        while at in heirs and heirs[at].new != at:
            if at in seen:
                raise SuccessorError(f"{each.old}: 转来转去又回到 {at},请改正")
            seen.add(at)
            at = heirs[at].new


def check_towns(towns: Mapping[str, str], villages: Mapping[str, str]) -> None:
    """Raise SuccessorError for villages that today's list leaves without their township."""
    for code, name in villages.items():
        if code[:9] not in towns:
            raise SuccessorError(
                f"{name}({code}) 的乡镇 {code[:9]} 已有继任者,村也要各写一行,给出新代码"
            )
