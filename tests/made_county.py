"""清溪县 990101: a county that is in no file here, with what its clerk would bring."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.loaders.sheets import HOUSEHOLD, PERSON, identity, workbook

CODE, NAME = "990101", "清溪县"
TOWNS = {"990101001": "青石街道办事处", "990101101": "柳坪镇", "990101102": "石门回族乡"}
# Every official ending; the names that people write are beside them.
_SAID = {
    "甲家村村民委员会": "甲家村",
    "乙家村村委会": "乙家村",
    "丙家村民委员会": "丙家村",
    "丁家村委会": "丁家村",
    "戊家社区居民委员会": "戊家社区",
    "己家社区居委会": "己家社区",
    "庚家居民委员会": "庚家社区",
    "辛家居委会": "辛家社区",
    "园区虚拟社区": "园区社区",
    "壬家村": "壬家村",
}
VILLAGES = {
    f"{town}{200 + place:03d}": name for town in TOWNS for place, name in enumerate(_SAID, start=1)
}
SHOWN = {code: _SAID[name] for code, name in VILLAGES.items()}
_RING = [[110.0, 33.0], [110.5, 33.0], [110.6, 33.3], [110.3, 33.5], [110.0, 33.4], [110.0, 33.0]]
_HOLE = [[110.2, 33.2], [110.25, 33.2], [110.25, 33.25], [110.2, 33.25], [110.2, 33.2]]
OUTLINE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"name": NAME},
            "geometry": {"type": "Polygon", "coordinates": [_RING, _HOLE]},
        }
    ],
}
LAYOUT = """\
key: help_form
zh: 帮扶登记表
fixed: {registered: true}
table: household
columns:
  - {field: household_id, header: 户号, required: true}
  - {field: head_name, header: 户主, required: true}
  - {place: township, header: 镇, required: true}
  - {place: village, header: 村, required: true}
  - {field: member_count, header: 人数, required: true}
"""
FORM = ["户号", "户主", "镇", "村", "人数"]


def write_codes(path: Path, places: Mapping[str, str]) -> None:
    """A code list of two columns, in whatever order."""
    lines = [f"{code},{name}" for code, name in reversed(places.items())]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(["区划代码,名称", *lines]), "utf-8")


def bring(folder: Path) -> Path:
    """The folder that the county is set up from: codes in two workbooks, outline with a hole."""
    write_codes(folder / "区划代码2023.csv", {**TOWNS, **VILLAGES})
    (folder / "县界.geojson").write_text(json.dumps(OUTLINE, ensure_ascii=False), "utf-8")
    return folder


def households() -> Iterable[tuple[str, str, str, str]]:
    """Household number, township, village as officially named and as said: one a village."""
    for number, (code, official) in enumerate(VILLAGES.items(), start=1):
        yield f"990101{number:06d}", TOWNS[code[:9]], official, SHOWN[code]


def write_exports(folder: Path) -> Path:
    """A register, its people and their incomes; every other village as people say it."""
    register, people = [], []
    incomes = ["年度,乡镇,行政村,户编号,家庭人口,家庭纯收入,家庭人均纯收入"]
    for number, (home, town, official, said) in enumerate(households(), start=1):
        village = official if number % 2 else said
        register.append([home, NAME, town, village, "赵某某", "脱贫户", "1"])
        row = [town, village, home, f"{home}01", "赵某", identity(order=number), "户主", "健康"]
        people.append(row)
        incomes.append(f"2025,{town},{village},{home},1,12000,12000")
    workbook(folder / "户信息.xlsx", {"户信息": [HOUSEHOLD, *register]})
    workbook(folder / "人口名单.xlsx", {"人口名单": [PERSON, *people]})
    (folder / "家庭收入.txt").write_text("\n".join(incomes), "gb18030")
    return folder
