"""Zones and grids of the small county: a zone over the border of its two townships, and another."""

from __future__ import annotations

from datetime import date
from typing import Any


def rows(hill: str, brook: str, mill: str) -> dict[str, list[dict[str, Any]]]:
    """Rows of ``zone_member``: the first zone has hill and mill, the second brook; grids of three
    levels, the last of which are made of village groups."""
    zones = [
        ("Z1", "zone", "第一战区", None, hill, None),
        ("Z1", "zone", "第一战区", None, mill, None),
        ("Z2", "zone", "第二战区", None, brook, None),
        ("Z1-01", "grid_1", "东岭片", "Z1", hill, None),
        ("Z1-01-01", "grid_2", "高坡格", "Z1-01", hill, None),
        ("Z1-01-01-1", "grid_3", "高坡一格", "Z1-01-01", hill, "1组、2组"),
        ("Z1-01-01-2", "grid_3", "高坡二格", "Z1-01-01", hill, "3组"),
    ]
    columns = ("zone_code", "zone_level", "zone_name", "parent_zone", "village_code",
               "village_groups")  # fmt: skip
    led = {
        "zone_leader": "郑试十二", "zone_leader_post": "网格长", "zone_leader_phone": "10000009999",
        "zone_unit": "县扶贫局", "zone_set_on": date(2020, 3, 12),
    }  # fmt: skip
    return {"zone_member": [dict(zip(columns, row, strict=True)) | led for row in zones]}
