"""Contrast of every pair of the theme that stands on one another, as WCAG 2.2 computes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from charts import theme
from tests.charts.test_theme import contrast

CSS = (Path(__file__).parents[2] / "views/assets/paper.css").read_text("utf8")
VARIABLES = dict(re.findall(r"^  --([\w-]+): (#[0-9a-f]{6});", CSS, re.M))
WORDS, SHAPES = 4.5, 3.0
WHITE = "#ffffff"

# Words on what they stand on: paper, the wash of a row pointed at, a chosen facet.
ON = [(ink, ground) for ink in ("ink", "muted", "accent", "alert") for ground in ("paper", "wash")]
# The steps of the ramps with the colour of the words in them, and the links on light ones.
DARK = ("ramp-3", "ramp-4", "change-0", "change-4")
LIGHT = tuple(
    name for name in VARIABLES if re.match(r"(ramp|change)-\d$", name) and name not in DARK
)


@pytest.mark.parametrize(("ink", "ground"), ON)
def test_words_can_be_read_on_what_they_stand_on(ink: str, ground: str) -> None:
    assert contrast(VARIABLES[ink], VARIABLES[ground]) >= WORDS


@pytest.mark.parametrize("step", LIGHT)
def test_words_can_be_read_in_a_light_step_of_a_ramp(step: str) -> None:
    assert contrast(VARIABLES["ink"], VARIABLES[step]) >= WORDS


@pytest.mark.parametrize("step", [*DARK, "accent"])
def test_white_words_can_be_read_in_a_dark_one(step: str) -> None:
    assert contrast(WHITE, VARIABLES[step]) >= WORDS


def test_exactly_the_dark_steps_have_white_words() -> None:
    [rule] = re.findall(r"^(.*td\.heat-3.*) \{ color: #fff; \}", CSS, re.M)
    named = {name.replace("heat", "ramp") for name in re.findall(r"td\.([\w-]+)", rule)}
    assert named == set(DARK)


@pytest.mark.parametrize("color", ["accent", "alert", "grey"])
def test_shapes_stand_out_from_the_paper(color: str) -> None:
    least = SHAPES if color != "grey" else 2.5  # lines for context: what they say stands in words
    assert contrast(VARIABLES[color], VARIABLES["paper"]) >= least


def test_the_ring_around_what_has_the_focus_stands_out() -> None:
    rings = re.findall(r"outline: \d+px solid var\(--(\w+)\)", CSS)
    assert rings and {*rings} == {"accent"}
    for ground in ("paper", "wash"):
        assert contrast(VARIABLES["accent"], VARIABLES[ground]) >= SHAPES


def test_pages_and_charts_have_the_same_colours() -> None:
    same = {
        "paper": theme.PAPER,
        "ink": theme.INK,
        "muted": theme.MUTED,
        "grey": theme.GREY,
        "accent": theme.ACCENT,
        "alert": theme.ALERT,
        **{f"ramp-{n}": color for n, color in enumerate(theme.RAMP)},
        **{f"change-{n}": color for n, color in enumerate(theme.CHANGE)},
    }
    assert {name: VARIABLES[name] for name in same} == same
