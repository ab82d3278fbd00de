"""The look: ramps in order of lightness, colours told apart by every eye, words that are words."""

import math
from itertools import combinations, pairwise

import pytest

from charts import income_stack, state_bar, theme
from charts.theme import Chart, Frame, Words

# Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB.
EYES = {
    "usual": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
eyes = pytest.mark.parametrize("eye", EYES)


def linear(color: str) -> list[float]:
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def seen(color: str, eye: str) -> tuple[float, float, float]:
    """CIE Lab (D65) of a color as this eye sees it."""
    rgb = linear(color)
    r, g, b = (
        min(1, max(0, sum(w * c for w, c in zip(row, rgb, strict=True)))) for row in EYES[eye]
    )
    x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.95047
    y = 0.2126 * r + 0.7152 * g + 0.0722 * b
    z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def distance(a: str, b: str, eye: str) -> float:
    return math.dist(seen(a, eye), seen(b, eye))


def contrast(a: str, b: str) -> float:
    def light(color: str) -> float:
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(color), strict=True))

    low, high = sorted((light(a), light(b)))
    return (high + 0.05) / (low + 0.05)


def test_the_simulation_knows_white_and_black_and_what_a_protanope_confuses():
    assert seen("#ffffff", "usual")[0] == pytest.approx(100, abs=0.1)
    assert seen("#000000", "tritanopia")[0] == pytest.approx(0, abs=0.1)
    usual, protanope = (distance("#8a7a3b", "#c04030", eye) for eye in ("usual", "protanopia"))
    assert protanope < usual / 2


@eyes
def test_the_ramp_darkens_step_by_step(eye):
    lightness = [seen(color, eye)[0] for color in theme.RAMP]
    assert len(lightness) == 5
    assert all(before - after > 8 for before, after in pairwise(lightness))


@eyes
def test_the_diverging_ramp_darkens_towards_both_ends(eye):
    left, mid_left, middle, mid_right, right = (seen(c, eye)[0] for c in theme.CHANGE)
    assert middle - mid_left > 8 and mid_left - left > 8
    assert middle - mid_right > 8 and mid_right - right > 8


@eyes
@pytest.mark.parametrize(
    ("colors", "apart"),
    [
        (theme.RAMP, 10),
        ((*theme.BELOW_ZERO, theme.ZERO, *theme.RAMP), 9),
        (theme.CHANGE, 20),
        (theme.SERIES, 14),
        ((theme.ACCENT, theme.ALERT, theme.QUIET), 25),
        (income_stack.PARTS, 20),
        (tuple(state_bar._FILL.values()), 18),
        ((theme.ALERT, theme.SERIES[4]), 18),
    ],
)
def test_colors_used_together_are_told_apart(colors, apart, eye):
    assert min(distance(a, b, eye) for a, b in combinations(colors, 2)) > apart


@eyes
def test_missing_is_none_of_the_classes(eye):
    assert min(distance(theme.MISSING, color, eye) for color in theme.RAMP) > 8


@pytest.mark.parametrize("ink", [theme.INK, theme.MUTED, theme.ACCENT, theme.ALERT])
def test_words_stand_out_from_the_paper(ink):
    assert contrast(ink, theme.PAPER) >= 4.5


@pytest.mark.parametrize("color", theme.SERIES)
def test_bold_names_of_lines_can_be_read(color):
    assert contrast(color, theme.PAPER) >= 3


def test_every_line_of_a_comparison_has_its_own_shape():
    assert len(set(theme.SYMBOLS)) == len(theme.SERIES)


def test_frames_keep_words_large_and_know_a_phone():
    frames = (theme.PHONE, theme.HALF, theme.PAGE, theme.WALL)
    assert min(frame.small for frame in frames) == 14
    assert [frame.narrow for frame in frames] == [True, False, False, False]
    assert theme.WALL.size >= 24
    assert Frame(340, 300, 10, 2).small == 14


def test_a_name_is_never_markup():
    assert theme.plain("<a href='x'>&村</a>") == "&lt;a href='x'&gt;&amp;村&lt;/a&gt;"
    assert theme.lines_of(["一<b>", "二"]) == "一&lt;b&gt;<br>二"


def test_a_chart_falls_back_on_its_title_for_those_who_do_not_see_it():
    figure = {"data": [], "layout": {"height": 300}}
    assert theme.chart(figure, Words("题", "副", ()), []).alt == "题 副"
    said = theme.chart(figure, Words("题", "副", (), alt="说明"), [["年份"]])
    assert said == Chart(figure, "题", "副", "说明", [["年份"]])
    assert said.height == 300


def test_an_axis_escapes_its_words_and_keeps_its_range():
    axis = theme.axis([0, 1], ["0", "<1"], -1, 2, 14, showgrid=True)
    assert axis["ticktext"] == ["0", "&lt;1"]
    assert axis["range"] == [-1, 2] and axis["autorange"] is False
    assert axis["showgrid"] is True


def test_a_rule_takes_its_pen_and_leaves_the_rest_to_the_shape():
    rule = theme.rule(0, 1, 2, 2, color="#000000", width=3, dash="dot", xref="paper")
    assert rule["line"] == {"color": "#000000", "width": 3, "dash": "dot"}
    assert rule["xref"] == "paper" and "width" not in rule
