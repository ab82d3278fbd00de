"""What the county set itself for a year, and what each township was given of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loaders.demo.model.config import County
from loaders.demo.model.sampling import Rng

COLUMNS = ("indicator", "region_code", "year", "target_value", "target_unit", "unit_in_charge")


def assigned(rng: Rng, county: County, village: pd.DataFrame) -> pd.DataFrame:
    """The target table: a row an indicator, place and year, values in ``target_unit``.

    The county's are those declared; where these have a ``spread``, each township has its own
    within it, in steps of a tenth of it.
    """
    towns = sorted(village["township_code"].unique())
    rows = []
    for one in county.targets:
        said = one["indicator"], one["unit"], one["office"]
        rows += [_row(said, county.code, year, value) for year, value in one["years"].items()]
        spread = one.get("spread")
        if spread:
            off = np.round(rng.uniform(-10, 10, len(towns))) * spread / 10
            rows += [
                _row(said, town, year, _within(value + by, one["unit"]))
                for town, by in zip(towns, off, strict=True)
                for year, value in one["years"].items()
            ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(said: tuple[str, str, str], place: str, year: int, value: float) -> tuple[object, ...]:
    indicator, unit, office = said
    return indicator, place, year, float(value), unit, office


def _within(value: float, unit: str) -> float:
    return round(min(max(value, 0.0), 100.0 if unit == "%" else np.inf), 2)
