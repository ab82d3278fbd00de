"""Declarations are YAML: read by libyaml, which takes a seventh of the time of the plain reader.

A key written twice would silently replace what stands above it, and a misspelt one would silently
mean nothing: both are refused with file and line.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import yaml


class DeclarationError(ValueError):
    """A declaration says something that means nothing; the message begins with file and line."""


class Declared(dict[Any, Any]):
    """A mapping that knows where each of its keys stands: ``lines`` counts from 1."""

    __slots__ = ("file", "lines")

    def __init__(self, file: str, lines: dict[Any, int]):
        super().__init__()
        self.file = file
        self.lines = lines

    def place(self, key: Any) -> str:
        """File and line of a key, as a message begins."""
        return f"{self.file}:{self.lines.get(key, 1)}"


_MERGE = "tag:yaml.org,2002:merge"  # what a mapping takes over from another, and may replace


class _Loader(yaml.CSafeLoader):
    file = ""

    def declared(self, node: yaml.MappingNode) -> Iterator[Declared]:
        """The mapping, filled when what it holds is made. Raises for a key written twice."""
        lines: dict[Any, int] = {}
        for key_node, _ in node.value:
            if key_node.tag == _MERGE:
                continue
            key = self.construct_object(key_node, deep=True)
            if isinstance(key, str) and key in lines:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} is written twice", key_node.start_mark
                )
            if key.__hash__ is not None:
                lines[key] = key_node.start_mark.line + 1
        data = Declared(self.file, lines)
        yield data
        data.update(self.construct_mapping(node))


_Loader.add_constructor("tag:yaml.org,2002:map", _Loader.declared)


def load_yaml(text: str, file: str = "") -> Any:
    """What a YAML text declares, in plain Python types; its mappings are ``Declared``.

    Raises yaml.YAMLError, with its place in the text, for what is not YAML or not plain, and for a
    key that a mapping holds twice.
    """
    loader = _Loader(text)
    loader.file = file
    try:
        return loader.get_single_data()
    except yaml.YAMLError:
        yaml.safe_load(text)  # says more exactly where the fault is
        raise
    finally:
        loader.dispose()


def read_yaml(path: Path) -> Any:
    """What a file of the program declares. Raises DeclarationError with file and line."""
    try:
        return load_yaml(path.read_text(encoding="utf8"), path.name)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DeclarationError(f"{path.name}:{line}: {error.problem}") from None


def only_keys(entry: Any, allowed: Collection[str], what: str) -> None:
    """Raise DeclarationError for a key that ``what`` has no use for, or an entry that has none."""
    if not isinstance(entry, dict):
        raise DeclarationError(f"{what}: its entry is no mapping: {entry!r}")
    for key in entry:
        if key not in allowed:
            place = f"{entry.place(key)}: " if isinstance(entry, Declared) else ""
            known = ", ".join(sorted(allowed))
            raise DeclarationError(f"{place}{what}: no such key as {key!r}, only {known}")
