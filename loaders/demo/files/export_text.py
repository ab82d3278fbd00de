"""Columns of values as an export writes them: every cell text, months as YYYYMM."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from loaders.demo.model.config import DATA
from loaders.demo.model.sampling import Rng

_OTHER_SPELLING = 0.08


@cache
def _code_lists() -> dict[str, dict]:
    text = (DATA / "reference" / "codes.yaml").read_text("utf-8")
    # CBaseLoader: to the others a bare `no` is the word for false.
    return yaml.load(text, yaml.CBaseLoader)  # nosec B506


@cache
def spellings(code_list: str) -> dict[str, tuple[str, ...]]:
    """Every spelling of each key of a code list, the usual one first."""
    entries = _code_lists()[code_list]
    return {key: (entry["zh"], *entry.get("also", ())) for key, entry in entries.items()}


def coded(rng: Rng, values: pd.Series, code_list: str) -> np.ndarray:
    """Keys of a code list as written: mostly the usual spelling, now and then another."""
    known = spellings(code_list)
    usual = values.map({key: names[0] for key, names in known.items()})
    texts = usual.astype(object).where(usual.notna(), "").to_numpy(dtype=object, copy=True)
    other = rng.random(len(values)) < _OTHER_SPELLING
    which = rng.integers(0, 12, len(values))
    keys = values.to_numpy(dtype=object)
    for i in np.flatnonzero(other & values.notna().to_numpy()):
        names = known[keys[i]]
        texts[i] = names[which[i] % len(names)]
    return texts


def text(values: pd.Series) -> np.ndarray:
    """Text as it is, the empty text where there is none."""
    return values.astype(object).where(values.notna(), "").to_numpy(dtype=object, copy=True)


def whole(values: pd.Series | np.ndarray) -> np.ndarray:
    """Whole numbers without a point, the empty text where there is none."""
    return decimal(pd.Series(values), 0)


def decimal(values: pd.Series, places: int = 2, factor: float = 1.0) -> np.ndarray:
    """Numbers divided by the factor, with so many decimals; the empty text where there is none."""
    numbers = pa.array(values.to_numpy(dtype=float) / factor, from_pandas=True)
    digits = numbers.cast(pa.decimal128(18, places)) if places else numbers.cast(pa.int64())
    return pc.fill_null(digits.cast(pa.string()), "").to_numpy(zero_copy_only=False)


def flag(values: pd.Series | np.ndarray) -> np.ndarray:
    """是 or 否, the empty text where it is not known."""
    known = pa.array(np.asarray(values), pa.bool_(), from_pandas=True)
    return pc.if_else(known, "是", "否").fill_null("").to_numpy(zero_copy_only=False)


def month(values: pd.Series) -> np.ndarray:
    """YYYYMM, the empty text where there is no date."""
    return _dates(values, "%Y%m")


def day(values: pd.Series, form: str = "%Y-%m-%d") -> np.ndarray:
    """A day in the given form, the empty text where there is none."""
    return _dates(values, form)


def _dates(values: pd.Series, form: str) -> np.ndarray:
    days = pa.array(pd.to_datetime(values), from_pandas=True).cast(pa.date32())
    return pc.strftime(days, format=form).fill_null("").to_numpy(zero_copy_only=False)


def write_lines(
    path: Path,
    title: str,
    columns: dict[str, np.ndarray],
    separator: str = "\t",
    encoding: str = "gb18030",
) -> None:
    """Write a title, a header and a line a row, the cells as they are, between separators."""
    cells = (pa.array(column, pa.string()) for column in columns.values())
    lines = pc.binary_join_element_wise(*cells, separator).to_pylist()
    path.write_bytes("\r\n".join([title, separator.join(columns), *lines, ""]).encode(encoding))


def filled(count: int, value: str) -> np.ndarray:
    """One text over and over."""
    return np.full(count, value, dtype=object)
