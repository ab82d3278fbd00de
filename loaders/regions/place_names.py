"""How a place's name may be written: with an official ending, with its kind, or alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from store.yamls import load_yaml

_FILE = Path(__file__).parents[2] / "data" / "reference" / "place_endings.yaml"


@cache
def _declared() -> dict[str, Any]:
    return load_yaml(_FILE.read_text("utf-8"))


@cache
def _endings() -> tuple[tuple[str, str], ...]:
    """Ending and kind, the longest ending first."""
    found = [(ending, kind) for kind, each in _declared()["endings"].items() for ending in each]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


@cache
def _kind() -> re.Pattern[str]:
    peoples, kinds = ("|".join(_declared()[key]) for key in ("peoples", "kinds"))
    return re.compile(f"(((({peoples})+族)+[镇乡])|{kinds})$")


@lru_cache(65_536)
def plain(name: str) -> str:
    """A place's name with its official ending folded to the kind of place.

    安山村 for 安山村委会 and for 安山村村民委员会.
    """
    name = name.strip()
    for ending, kind in _endings():
        if name.endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)] + kind
    return name


@lru_cache(65_536)
def short(name: str) -> str:
    """The name alone, to stand in a map: 安山 for 安山村委会, 茅坪 for 茅坪回族镇."""
    name = plain(name)
    return name[: -len(match[0])] if (match := _kind().search(name)) and len(name) > 2 else name


def alone(name: str) -> frozenset[str]:
    """What the name may be without its kind: 大新村 and 大新 for 大新村社区."""
    once = short(name)
    return frozenset((once, short(once)))


def no_region(name: str) -> bool:
    """Whether a statistical unit is none that people live in as a village or township."""
    return name.endswith(tuple(_declared()["no_region"]))


def short_county(name: str) -> str:
    """镇安 for 镇安县."""
    return name[:-1] if len(name) > 2 and name[-1] in "县市区旗" else name


class Names:
    """Places below one parent: found by the official name, folded, or without kind."""

    FORMS: tuple[Callable[[str], Iterable[str]], ...] = (
        lambda name: (name,),
        lambda name: (plain(name),),
        alone,
    )

    def __init__(self, places: Iterable[tuple[str, str]] = ()):
        self._codes: tuple[dict[str, set[str]], ...] = ({}, {}, {})
        for code, name in places:
            self.add(code, name)

    def add(self, code: str, name: str) -> None:
        for codes, form in zip(self._codes, self.FORMS, strict=True):
            for word in form(name):
                codes.setdefault(word, set()).add(code)

    def codes(self, form: int, name: str) -> set[str]:
        """Codes of the places that are called so in a form (an index of ``FORMS``)."""
        found = [self._codes[form].get(word, set()) for word in self.FORMS[form](name)]
        return next(filter(None, found), set())

    def heirs(self, name: str) -> set[str]:
        """Codes of the places called so in the nearest form in which any is."""
        found = (self.codes(form, name) for form in range(len(self.FORMS)))
        return next(filter(None, found), set())
