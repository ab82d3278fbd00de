"""The thresholds that a county sets itself, as a simulated county would: all invented."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import yaml

from loaders.demo.model.config import read_county
from store.county_folder import path_in

_SOURCE = "模拟县自定,非真实标准"
_HEAD = "# 模拟县自定的标准,均为虚构;各县按本县文件填写。\n"


def write_parameters(county_code: str, home: Path) -> Path:
    """Write ``county/parameters.yaml`` into the home, unless it has one; return its path.

    FileNotFoundError where data/demo has no targets for the county.
    """
    path = path_in(home, "parameters.yaml")
    if path.exists():
        return path
    own = {
        key: [
            {"from": dt.date(year, 1, 1), "value": value, "source": _SOURCE, "weak": True}
            for year, value in values.items()
        ]
        for key, values in read_county(county_code).own_parameters.items()
    }
    text = yaml.safe_dump(own, allow_unicode=True, sort_keys=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_HEAD + text, "utf-8")
    return path
