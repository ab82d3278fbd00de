"""GCJ-02 and back: the published example, and a round trip anywhere in China."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from loaders.boundaries import gcj02

METRES = 111_320


def test_the_published_example() -> None:
    shifted = gcj02.forward(np.array([[116.404, 39.915]]))
    assert np.allclose(shifted, [[116.41024449916938, 39.91640428150164]], atol=1e-12)


@given(st.floats(73.7, 135), st.floats(18.2, 53.5))
def test_there_and_back_is_less_than_a_metre(east: float, north: float) -> None:
    true = np.array([[east, north]])
    shifted = gcj02.forward(true)
    moved = np.abs(shifted - true).max() * METRES
    assert moved < 2_000
    assert np.abs(gcj02.inverse(shifted) - true).max() * METRES < 0.01


def test_nothing_to_convert() -> None:
    assert gcj02.inverse(np.empty((0, 2))).shape == (0, 2)
