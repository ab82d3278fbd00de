"""A derived relation of which only some rows are new: the file of before, linked, and beside it the
rows that stand in place of those of some households, and whose they are."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

KEY = "household_id"
SINCE, REPLACED = ".since", ".replaced"  # before the suffix of the two files beside the first


def beside(path: Path, kind: str) -> Path:
    """The file of a kind beside a relation's."""
    return path.with_name(f"{path.stem}{kind}{path.suffix}")


def is_part(path: Path) -> bool:
    """Whether a file is one of those beside a relation's."""
    return path.stem.endswith((SINCE, REPLACED))


def files(path: Path) -> list[Path]:
    """The files that a relation is read from."""
    found = [path, beside(path, SINCE), beside(path, REPLACED)]
    return found if found[1].is_file() else found[:1]


def selection(path: Path) -> str:
    """SQL of a relation's rows."""
    quoted = [f"read_parquet({literal(each)})" for each in files(path)]
    if len(quoted) == 1:
        return f"SELECT * FROM {quoted[0]}"
    first, since, replaced = quoted
    kept = f"SELECT f.* FROM {first} AS f ANTI JOIN {replaced} AS r ON f.{KEY} = r.{KEY}"
    return f"{kept} UNION ALL SELECT * FROM {since}"


def link(source: Path, target: Path) -> None:
    """Let a file stand in another folder too; a copy where the disk knows no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def literal(text: Path | str) -> str:
    """A path or a text as an SQL string."""
    return "'" + str(text).replace("'", "''") + "'"
