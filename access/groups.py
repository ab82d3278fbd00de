"""Rights by the groups that the provider tells, where the county wants it: ``<home>/groups.yaml``.

    督查组: {role: inspector, regions: ["611025"]}

They add to grants, for a login whose provider named the group, as the file says at this moment.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, cast

from access.roles import ROLES, Role
from store.scope import Scope
from store.yamls import DeclarationError, only_keys, read_yaml

LOG = logging.getLogger("taizhang.access")
FILE = "groups.yaml"


class Group(NamedTuple):
    """What a group's members may: a role in some places."""

    role: Role
    codes: tuple[str, ...]


def declared(home: Path) -> dict[str, Group]:
    """The groups that give a right; none without the file.

    Raises store.yamls.DeclarationError for a file that does not say so, and OSError.
    """
    path = home / FILE
    try:
        found = path.stat()
    except FileNotFoundError:
        return {}
    return _read(path, found.st_mtime_ns, found.st_size)


def of(home: Path, names: Iterable[str]) -> list[Group]:
    """What those who are in some groups may by them; nothing while the file cannot be read."""
    try:
        groups = declared(home)
    except (DeclarationError, OSError) as error:
        LOG.warning("%s gives nobody anything: %s", FILE, error)
        return []
    return [groups[name] for name in names if name in groups]


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int, _size: int) -> dict[str, Group]:
    said = read_yaml(path)
    if not isinstance(said, dict):
        raise DeclarationError(f"{path.name}: no mapping of groups")
    return {str(name): _group(entry, f"{path.name}: {name}") for name, entry in said.items()}


def _group(entry: object, what: str) -> Group:
    only_keys(entry, ("role", "regions"), what)
    found = cast("dict[str, object]", entry)
    role, regions = found.get("role"), found.get("regions")
    if role not in ROLES:
        raise DeclarationError(f"{what}: no role {role!r}")
    if not isinstance(regions, list) or not regions:
        raise DeclarationError(f"{what}: regions is no list of codes")
    try:
        return Group(role, Scope.of([str(code) for code in regions]).codes)
    except ValueError as error:
        raise DeclarationError(f"{what}: {error}") from None
