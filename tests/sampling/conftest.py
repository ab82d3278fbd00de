"""A sample of the small county, kept, and the people who look at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from access.viewer import Viewer
from sampling import keeping
from sampling.designs import Design
from sampling.drawing import Draw, Drawn, Stratum
from sampling.keeping import Basis, Kept
from sampling.questions import Item, general, general_items
from sampling.results import Returned
from sampling.seeds import Seed
from state.database import State, opened
from tests.findings.conftest import inspector
from tests.small_county import BROOK, COUNTY, HILL, MILL

PLACES = {"H01": HILL, "H02": HILL, "H03": BROOK, "H04": BROOK, "H05": MILL, "H06": MILL}
SEED = Seed(123456, "m" * 64, 7, "e" * 64)
RULE = "exit_housing"


@pytest.fixture
def state(kept_in: str, tmp_path: Path) -> Iterator[State]:
    with opened(tmp_path / "home") as found:
        yield found


def drawn(*numbers: str) -> Draw:
    households = tuple(
        Drawn(one, PLACES[one], "all", place, one != "H04", one not in ("H04", "H06"))
        for place, one in enumerate(numbers, start=1)
    )
    part = Stratum("all", 60, len(households), 60.0)
    return Draw(Design("simple", len(households)), SEED.number, 60, (part,), households)


def items(draw: Draw) -> dict[str, list[Item]]:
    """General questions, and of each household whether its house is safe."""
    return {
        one.household_id: [
            *general_items(one.household_id, general(one.registered, one.exited), str.upper),
            Item(f"rule.{RULE}", "no", f"rule.{RULE}", "household", one.household_id, "不安全"),
        ]
        for one in draw.households
    }


def kept(state: State, who: Viewer | None = None, *numbers: str, region: str = COUNTY) -> int:
    """A sample of some households, by default of three; its number."""
    draw = drawn(*(numbers or ("H01", "H04", "H05")))
    basis = Basis(region, 2025, 1, date(2025, 12, 31), "design=simple", "试验县", (RULE,))
    return keeping.keep(state, who or inspector(), draw, SEED, basis, items(draw))


def whole(state: State, number: int, who: Viewer | None = None) -> Kept:
    with state.reading() as session:
        found = keeping.one(session, who or inspector(), number)
    assert found is not None
    return found


def line(number: int, household: str, question: str, answer: str, **more: object) -> Returned:
    told = {"row": 5, "sample": f"S{number}", **more}
    return Returned(household_id=household, question=question, answer=answer, **told)  # type: ignore[arg-type]
