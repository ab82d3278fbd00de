"""A county's own folder in its home: ``<home>/county``, all that a county declares for itself.

It holds codes, outline, rivers, successors, thresholds, layouts, checks, rules, indicators, terms
and their cases. A process serves one home: what the registries of rules, checks, indicators and
terms take from the folder is that of the home named by ``use``, read once and anew when ``use`` is
told to: not when a file changes, so that what is shown together was read together.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml

from store.snapshots import Home, NoSnapshot
from store.yamls import load_yaml

FOLDER = "county"
DECLARATION = "county.yaml"

T = TypeVar("T")

_home: Path | None = None
_state = ""


class OtherCounty(ValueError):
    """What is asked for one county in the home of another: ``asked`` and ``own`` are the codes."""

    def __init__(self, asked: str, own: str):
        super().__init__(f"{asked} in the home of {own}")
        self.asked, self.own = asked, own


class NoCounty(LookupError):
    """The home does not say yet of which county it is."""


def use(home: Path | None, *, anew: bool = False) -> None:
    """Name the home whose county's declarations join the program's; None for the program's alone.

    Called by whatever opens a home, before it asks a registry. ``anew`` reads the folder again.
    """
    global _home, _state
    named = None if home is None else home.resolve()
    if anew or named != _home:
        _home, _state = named, state_of(named)


def in_use() -> Path | None:
    """The home named by ``use``."""
    return _home


def state_in_use() -> str:
    """The state (``state_of``) of the folder that the registries were read from."""
    return _state


def state_of(home: Path | None) -> str:
    """A hash of the names, sizes and times of a county's files: another one where one changed."""
    if home is None:
        return ""
    files = [home / name for name in sorted(_BEFORE)] + sorted((home / FOLDER).rglob("*"))
    files += sorted((home / "layouts").glob("*"))
    told = []
    for path in files:
        try:
            status = path.stat()
        except OSError:
            continue
        told.append(f"{path.relative_to(home)}:{status.st_size}:{status.st_mtime_ns}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


class once_a_state(Generic[T]):
    """Makes a function of a home one that is called once for each state of the county's folder.

    Of the home in use it answers by the state that ``use`` met, of others by today's.
    """

    def __init__(self, read: Callable[[Path | None], T]):
        self.__doc__ = read.__doc__
        self._kept = lru_cache(maxsize=4)(lambda home, state: read(home))

    def __call__(self, home: Path | None) -> T:
        # Asked for every word of a page, mostly of the very home in use.
        ours = home is _home or home == _home
        return self._kept(home, _state if ours else state_of(home))

    def cache_clear(self) -> None:
        """Forget what was read."""
        self._kept.cache_clear()


def names_facts() -> bool:
    """Whether the county of the home in use has rules or checks of its own."""
    return _home is not None and _names_facts(_home)


@once_a_state
def _names_facts(home: Path | None) -> bool:
    if home is None:
        return False
    return path_in(home, "checks.yaml").is_file() or path_in(home, "rules").is_dir()


def path_in(home: Path, name: str) -> Path:
    """Where a file or folder of the county stands, whether or not it is there.

    Homes of before have ``layouts`` and ``parameters.yaml`` beside the snapshots: they are read as
    long as the county's folder has none of that name.
    """
    own = home / FOLDER / name
    before = home / name
    return before if name in _BEFORE and before.exists() and not own.exists() else own


_BEFORE = frozenset({"layouts", "parameters.yaml"})


def declared_code(home: Path) -> str | None:
    """The county that ``county.yaml`` names; None without that file. Raises Broken."""
    path = home / FOLDER / DECLARATION
    if not path.is_file():
        return None
    said, faults = read(home, path)
    code = str(said.get("code", ""))
    if faults or not (code.isdecimal() and len(code) == 6):
        why = faults[0] if faults else Fault(f"{FOLDER}/{DECLARATION}", 1, "code 应是六位县代码")
        raise Broken([why])
    return code


def county_of(home: Path, asked: str | None = None) -> str:
    """The county of a home: of its ``county.yaml``, else of its snapshots, else ``asked``.

    A first snapshot says so before it is current: it is derived by its county's thresholds.
    Raises OtherCounty where another is asked for, NoCounty where nothing says which it is.
    """
    own = declared_code(home)
    if own is None:
        snapshots = Home(home)
        try:
            own = snapshots.current(verify=False).county_code
        except NoSnapshot:
            newest = snapshots.numbers()[-1:]
            own = snapshots.open(*newest, verify=False).county_code if newest else asked
    if own is None:
        raise NoCounty(home.name)
    if asked not in (None, own):
        raise OtherCounty(str(asked), own)
    return own


# What is declared, and where it is broken


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of a declaration that cannot be used and is left out: where it stands, and why."""

    file: str
    line: int
    why: str

    def __str__(self) -> str:
        return f"{self.file} 第 {self.line} 行: {self.why}"


class Broken(ValueError):
    """Declarations that cannot be used; ``faults`` say where and why, in Chinese."""

    def __init__(self, faults: list[Fault]):
        super().__init__("; ".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Entries(Mapping[str, Any]):
    """The entries of a file of declarations by key, each with the line on which it begins."""

    file: str
    declared: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        return self.declared[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.declared)

    def __len__(self) -> int:
        return len(self.declared)

    def fault(self, key: str, why: str) -> Fault:
        """A fault of one entry, or of the whole file for a key that it does not have."""
        return Fault(self.file, self.lines.get(key, 1), f"{key}: {why}" if key else why)


def read(home: Path, path: Path, within: str | None = None) -> tuple[Entries, list[Fault]]:
    """A file's entries (of the mapping ``within``, if given), and why there are none.

    A file that is not there has no entries and no fault.
    """
    name = str(path.relative_to(home)) if path.is_relative_to(home) else path.name
    if not path.is_file():
        return Entries(name), []
    try:
        text = path.read_text("utf-8")
        root: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
        declared = load_yaml(text)
    except UnicodeDecodeError:
        return Entries(name), [Fault(name, 1, "不是UTF-8编码,请用UTF-8另存")]
    except yaml.constructor.ConstructorError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Entries(name), [Fault(name, line, "同一个键写了两次,或有不认识的标记")]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return Entries(name), [Fault(name, line, "不是YAML格式,请检查缩进、冒号和括号")]
    except yaml.YAMLError:
        return Entries(name), [Fault(name, 1, "含有YAML不允许的字符")]
    if within is not None and isinstance(declared, dict):
        declared = declared.get(within)
        root = _inner(root, within)
    if declared is None:
        return Entries(name), []
    if not isinstance(declared, dict) or not isinstance(root, yaml.MappingNode):
        return Entries(name), [Fault(name, 1, "应是“键: 值”的清单")]
    lines = {str(key.value): key.start_mark.line + 1 for key, _ in root.value}
    return Entries(name, {str(k): v for k, v in declared.items()}, lines), []


def misfit(entry: Any, required: Collection[str], optional: Collection[str] = ()) -> str:
    """Why an entry has not the keys that it must and may have; empty where it has."""
    if not isinstance(entry, dict):
        return "应是“键: 值”的清单"
    if odd := [str(key) for key in entry if key not in {*required, *optional}]:
        return f"没有 {'、'.join(odd)} 这个键,可用的键: {'、'.join(sorted({*required, *optional}))}"
    if lacking := [key for key in required if entry.get(key) in (None, "")]:
        return f"缺少 {'、'.join(lacking)},请补上"
    return ""


def _inner(root: yaml.Node | None, key: str) -> yaml.Node | None:
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    return next((value for name, value in pairs if name.value == key), None)
