"""GCJ-02, the shifted coordinates of Chinese web maps, and the way back to WGS 84.

The shift is a published closed formula with no closed inverse: the way back is found by iteration.
"""

from __future__ import annotations

import numpy as np

_AXIS = 6_378_245.0  # metres: Krasovsky 1940, which the formula is written in
_ECCENTRICITY = 0.006_693_421_622_965_943  # squared
_ROUNDS = 10
_CLOSE = 1e-9  # of a degree: a tenth of a millimetre


def forward(degrees: np.ndarray) -> np.ndarray:
    """GCJ-02 longitudes and latitudes (n, 2) of those in WGS 84; places in China only."""
    return degrees + _shift(degrees)


def inverse(degrees: np.ndarray) -> np.ndarray:
    """WGS 84 longitudes and latitudes (n, 2) of those in GCJ-02, to a millimetre."""
    found = degrees - _shift(degrees)
    for _ in range(_ROUNDS):
        miss = degrees - forward(found)
        found = found + miss
        if not np.abs(miss).max(initial=0) > _CLOSE:
            break
    return found


def _shift(degrees: np.ndarray) -> np.ndarray:
    """What the formula adds to degrees east and north."""
    x, y = degrees[:, 0] - 105.0, degrees[:, 1] - 35.0
    root, both = np.sqrt(np.abs(x)), x * y
    short = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * both + 0.1 * root
    east += 2 / 3 * (short + _waves(x, (20, 1), (40, 3)) + _waves(x, (150, 12), (300, 30)))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * both + 0.2 * root
    north += 2 / 3 * (short + _waves(y, (20, 1), (40, 3)) + _waves(y, (160, 12), (320, 30)))
    latitude = np.radians(degrees[:, 1])
    curve = 1 - _ECCENTRICITY * np.sin(latitude) ** 2
    per_east = _AXIS / np.sqrt(curve) * np.cos(latitude)
    per_north = _AXIS * (1 - _ECCENTRICITY) / curve**1.5
    return np.degrees(np.column_stack((east / per_east, north / per_north)))


def _waves(along: np.ndarray, *waves: tuple[int, int]) -> np.ndarray:
    """The sum of sines of given height and length."""
    return sum(
        (height * np.sin(np.pi * along / length) for height, length in waves), np.zeros_like(along)
    )
