"""Who lives in a household: structure, sexes, ages, and since when, as of the end of 2025."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from loaders.demo.model.config import LAST_YEAR
from loaders.demo.model.sampling import Rng, bisect

# Share of households, the head's age from and to, share of male heads, who else may be there.
ARCHETYPES: dict[str, tuple[float, int, int, float, tuple[str, ...]]] = {
    "single_old": (0.085, 62, 88, 0.55, ()),
    "old_couple": (0.10, 60, 84, 0.93, ("spouse",)),
    "bachelor": (0.06, 36, 59, 0.96, ()),
    "couple": (0.07, 44, 60, 0.92, ("spouse",)),
    "one_child": (0.17, 27, 56, 0.93, ("spouse", "child")),
    "two_children": (0.17, 29, 57, 0.93, ("spouse", "child", "next_child")),
    "with_mother": (0.08, 33, 56, 0.94, ("spouse", "child", "mother")),
    "with_parents": (0.07, 30, 54, 0.95, ("spouse", "child", "next_child", "father", "mother")),
    "three_generations": (
        0.12,
        50,
        76,
        0.9,
        ("spouse", "son", "daughter_in_law", "grandchild", "next_grandchild"),
    ),
    "widowed_with_son": (0.03, 56, 80, 0.5, ("son",)),
    "single_parent": (0.04, 30, 58, 0.55, ("child",)),
    "son_and_mother": (0.04, 34, 58, 0.97, ("mother",)),
    "grandparents": (0.015, 56, 76, 0.85, ("spouse", "young_grandchild")),
    "brothers": (0.01, 40, 64, 1.0, ("brother",)),
}


@dataclass(slots=True)
class _Person:
    """One place in many households of one kind: ages and sexes, and whether it is taken."""

    relation: np.ndarray
    male: np.ndarray
    age: np.ndarray
    kept: np.ndarray


def households_of_kind(rng: Rng, count: int, mean_size: float) -> np.ndarray:
    """A kind for each of so many households, tilted so that they have this size on average."""
    kinds = np.array(list(ARCHETYPES))
    shares = np.array([spec[0] for spec in ARCHETYPES.values()])
    sizes = np.array([_mean_size(kind) for kind in kinds])

    def weights(tilt: float) -> np.ndarray:
        tilted = shares * np.exp(tilt * sizes)
        return tilted / tilted.sum()

    tilt = bisect(lambda t: float(weights(t) @ sizes), mean_size, -1.0, 1.5)
    return rng.choice(kinds, size=count, p=weights(tilt))


def _mean_size(kind: str) -> float:
    trial = np.random.default_rng(7)
    return sum(float(person.kept.mean()) for person in _household(trial, kind, 4000))


def build_members(rng: Rng, kinds: np.ndarray) -> pd.DataFrame:
    """One row a member: household (position), relation, male, age, birth_date, join_year.

    Ages are full years on 31 December 2025. ``join_year`` is the year in which someone was born
    or married into the household, 0 where that was before the register began.
    """
    parts = []
    for kind in ARCHETYPES:
        where = np.flatnonzero(kinds == kind)
        for order, person in enumerate(_household(rng, kind, len(where))):
            kept = person.kept
            part = {"household": where[kept], "order": order, "relation": person.relation[kept]}
            parts.append(pd.DataFrame({**part, "male": person.male[kept], "age": person.age[kept]}))
    members = pd.concat(parts).sort_values(["household", "order"], ignore_index=True)
    members["birth_date"] = _birth_dates(rng, members["age"].to_numpy())
    members["join_year"] = _join_years(rng, members)
    return members.drop(columns="order")


def _household(rng: Rng, kind: str, count: int) -> list[_Person]:
    """The head and the others of so many households of one kind."""
    _, youngest, oldest, male_share, slots = ARCHETYPES[kind]
    head = _person("head", rng.random(count) < male_share, rng.integers(youngest, oldest, count))
    people = {"head": head}
    for slot in slots:
        people[slot] = _MAKERS[slot](rng, people)
    return list(people.values())


def _person(relation, male, age, kept=True) -> _Person:
    count = len(age)
    relations = np.full(count, relation, dtype=object) if isinstance(relation, str) else relation
    kept = np.broadcast_to(kept, count) & (age >= 0) & (age <= 99)
    return _Person(relations, np.broadcast_to(male, count), age, kept)


def _spouse(rng: Rng, people: dict[str, _Person]) -> _Person:
    head = people["head"]
    gap = np.round(rng.normal(2.2, 2.2, len(head.age))).astype(int)
    return _person("spouse", ~head.male, np.maximum(head.age - np.where(head.male, gap, -gap), 22))


def _child(rng: Rng, people: dict[str, _Person]) -> _Person:
    """A child of the head; grown daughters have mostly married out."""
    parent = people["head"].age
    if "spouse" in people:
        parent = np.minimum(parent, people["spouse"].age)
    age = parent - rng.integers(21, 31, len(parent))
    return _son_or_daughter(rng, age)


def _next_child(rng: Rng, people: dict[str, _Person]) -> _Person:
    first = people["child"]
    child = _son_or_daughter(rng, first.age - rng.integers(1, 7, len(first.age)))
    child.kept = child.kept & first.kept
    return child


def _son_or_daughter(rng: Rng, age: np.ndarray) -> _Person:
    male = rng.random(len(age)) < np.where(age >= 25, 0.8, 0.53)
    return _person(np.where(male, "son", "daughter").astype(object), male, age)


def _son(rng: Rng, people: dict[str, _Person]) -> _Person:
    head = people["head"].age
    return _person("son", True, head - rng.integers(21, 30, len(head)))


def _daughter_in_law(rng: Rng, people: dict[str, _Person]) -> _Person:
    son = people["son"].age
    gap = np.round(rng.normal(1.5, 2.0, len(son))).astype(int)
    return _person("daughter_in_law", False, np.maximum(son - gap, 21), son >= 23)


def _grandchild(rng: Rng, people: dict[str, _Person]) -> _Person:
    son = people["son"].age
    return _grandson_or_granddaughter(rng, son - rng.integers(23, 31, len(son)))


def _next_grandchild(rng: Rng, people: dict[str, _Person]) -> _Person:
    first = people["grandchild"]
    age = first.age - rng.integers(2, 7, len(first.age))
    child = _grandson_or_granddaughter(rng, age)
    child.kept = child.kept & first.kept & (rng.random(len(age)) < 0.6)
    return child


def _young_grandchild(rng: Rng, people: dict[str, _Person]) -> _Person:
    head = people["head"].age
    return _grandson_or_granddaughter(rng, np.clip(head - rng.integers(49, 60, len(head)), 1, 17))


def _grandson_or_granddaughter(rng: Rng, age: np.ndarray) -> _Person:
    male = rng.random(len(age)) < 0.53
    return _person(np.where(male, "grandson", "granddaughter").astype(object), male, age)


def _parent(relation: str, male: bool, youngest: int, oldest: int):
    def make(rng: Rng, people: dict[str, _Person]) -> _Person:
        head = people["head"].age
        alive = rng.random(len(head)) < np.where(head > 50, 0.6, 0.9)
        return _person(relation, male, head + rng.integers(youngest, oldest, len(head)), alive)

    return make


def _brother(rng: Rng, people: dict[str, _Person]) -> _Person:
    head = people["head"].age
    return _person("other", True, head - rng.integers(1, 9, len(head)))


_MAKERS = {
    "spouse": _spouse,
    "child": _child,
    "next_child": _next_child,
    "son": _son,
    "daughter_in_law": _daughter_in_law,
    "grandchild": _grandchild,
    "next_grandchild": _next_grandchild,
    "young_grandchild": _young_grandchild,
    "father": _parent("father", True, 23, 31),
    "mother": _parent("mother", False, 21, 29),
    "brother": _brother,
}


def _birth_dates(rng: Rng, age: np.ndarray) -> np.ndarray:
    """A random day of the year in which someone now this old was born."""
    year = (LAST_YEAR - age - 1970).astype("datetime64[Y]")
    first = year.astype("datetime64[D]")
    length = (year + 1).astype("datetime64[D]") - first
    # December's last weeks stay free: nobody is born after the earlier of the two data dates.
    return first + (rng.random(len(age)) * (length.astype(int) - 40)).astype("timedelta64[D]")


def _join_years(rng: Rng, members: pd.DataFrame) -> np.ndarray:
    born = LAST_YEAR - members["age"].to_numpy()
    married = born + rng.integers(21, 28, len(born))
    by_marriage = members["relation"].isin(["spouse", "daughter_in_law"]).to_numpy()
    joined = np.where(by_marriage, np.minimum(married, LAST_YEAR), born)
    joined[members["relation"].eq("head").to_numpy()] = 0
    return np.where(joined <= 2014, 0, joined)
