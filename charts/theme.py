"""One look for every chart: colours, sizes, the base layout, and what a chart hands to a page.

Figures are plain dicts in plotly's own form: building them through plotly's classes costs some
fifty times as long, and the tests validate each. Sizes are pixels. A figure fills the width of
its container; the nominal width of its ``Frame`` only decides what fits beside what, so a
container may be wider than that, not narrower.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

Figure = dict[str, Any]

PAPER = "#fcfbf9"
INK = "#24282d"
MUTED = "#5c6167"  # small words
GREY = "#94989c"  # lines given for context
HAIR = "#e4e1db"  # grid
ACCENT = "#0a5a8c"
ALERT = "#b8501a"  # worse, overdue, fell back: always with a word or a sign beside it
QUIET = "#b9c6cf"  # bars that are not the one meant
MISSING = "#dedbd5"
ZERO = "#ffffff"  # on a map: none at all, which is not little
# Over the colour: by itself a pattern takes the place of the colour that it is given.
HATCHED = {"shape": "/", "fillmode": "overlay"}
RAMP = ("#dce8ef", "#a8c8da", "#6ba0be", "#2f7299", "#0b4263")  # little to much
BELOW_ZERO = ("#a8440f", "#e0a27a")  # far below to a little below
CHANGE = ("#0a5a8c", "#79a9c9", "#ece9e4", "#e0a27a", "#a8440f")  # better, same, worse
SERIES = (ACCENT, ALERT, INK, "#9467d6", "#6d3b14", "#128a7a")
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "x", "cross")
CLEAR = "rgba(0,0,0,0)"
FONT = "PingFang SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
CONFIG = {"displayModeBar": False, "responsive": True, "scrollZoom": False, "doubleClick": False}


@dataclass(frozen=True, slots=True)
class Frame:
    """The room a chart is drawn for: nominal width, height, text size and weight of a line."""

    width: int
    height: int
    size: int
    stroke: float

    @property
    def narrow(self) -> bool:
        return self.width < 480

    @property
    def small(self) -> int:
        """Size of ticks and notes; never under 14."""
        return max(14, self.size - 2)

    @property
    def leading(self) -> float:
        """Height of one line of text, Chinese being denser than Latin script."""
        return self.size * 1.3


PHONE = Frame(340, 300, 14, 2.5)
HALF = Frame(520, 340, 16, 3)
PAGE = Frame(860, 400, 16, 3)
WALL = Frame(1500, 720, 26, 5)


@dataclass(frozen=True, slots=True)
class Words:
    """Every word on a chart, in the viewer's language.

    ``columns`` are the heads of the chart's table, as each figure function says. Without ``alt``
    the title and subtitle stand in for it. ``missing`` stands where there is no value.
    """

    title: str
    subtitle: str
    columns: tuple[str, ...]
    alt: str = ""
    missing: str = "—"


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure with its words and the same numbers as a table (first row: heads, None: missing).

    Title and subtitle are not in the figure: the page writes them above it as text.
    """

    figure: Figure
    title: str
    subtitle: str
    alt: str
    table: list[list[Any]]

    @property
    def height(self) -> int:
        """Pixels; the page keeps this room so that nothing jumps while loading."""
        return int(self.figure["layout"]["height"])


def chart(figure: Figure, words: Words, table: list[list[Any]]) -> Chart:
    """Join a figure, its words and the rows of its table; heads come from ``words``."""
    alt = words.alt or f"{words.title} {words.subtitle}".strip()
    return Chart(figure, words.title, words.subtitle, alt, table)


def plain(text: object) -> str:
    """Text that plotly shows as it stands: a name from a file is never markup."""
    return escape(str(text), quote=False)


def lines_of(texts: Sequence[str]) -> str:
    """Lines of one label, in plotly's markup."""
    return "<br>".join(plain(text) for text in texts)


def note(text: str, x: Any, y: Any, *, size: float, color: str = MUTED, **more: Any) -> Figure:
    """A text on the figure; ``text`` is markup, so names pass through ``plain`` first."""
    return {
        "text": text,
        "x": x,
        "y": y,
        "showarrow": False,
        "borderpad": 0,
        "font": {"size": size, "color": color},
        "xanchor": "left",
        "yanchor": "middle",
        "align": "left",
        **more,
    }


def rule(x0: Any, x1: Any, y0: Any, y1: Any, *, color: str = GREY, **more: Any) -> Figure:
    """A straight line on the figure: ``width``, ``dash`` and shape options in ``more``."""
    line = {"color": color, "width": more.pop("width", 1), "dash": more.pop("dash", "solid")}
    return {"type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": line, **more}


def margins(left: float = 0, right: float = 0, top: float = 0, bottom: float = 0) -> dict[str, int]:
    """Plotly's margin, whole pixels."""
    return {"l": round(left), "r": round(right), "t": round(top), "b": round(bottom), "pad": 0}


def layout(frame: Frame, height: float, margin: dict[str, int], **more: Any) -> Figure:
    """The base layout: no frame, no legend, no zoom (a phone must scroll past a chart)."""
    return {
        "autosize": True,
        "height": round(height),
        "margin": margin,
        "font": {"family": FONT, "size": frame.size, "color": INK},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverdistance": 40,
        "hoverlabel": {
            "bgcolor": PAPER,
            "bordercolor": GREY,
            "align": "left",
            "font": {"family": FONT, "size": frame.size, "color": INK},
        },
        # A template of ours, however small, keeps plotly from laying its own under it.
        "template": {"layout": {"plot_bgcolor": CLEAR}},
        **more,
    }


def bare_axis(low: float, high: float, **more: Any) -> Figure:
    """An axis that only places things: nothing of it is drawn."""
    return {
        "range": [low, high],
        "visible": False,
        "fixedrange": True,
        "autorange": False,
        **more,
    }


def axis(
    at: Sequence[float], texts: Sequence[str], low: float, high: float, size: float, **more: Any
) -> Figure:
    """An axis from ``low`` to ``high`` with ticks ``at`` these values, quiet and without grid."""
    return {
        "range": [low, high],
        "autorange": False,
        "fixedrange": True,
        "tickmode": "array",
        "tickvals": list(at),
        "ticktext": [plain(text) for text in texts],
        "tickfont": {"size": size, "color": MUTED},
        "tickangle": 0,
        "showgrid": False,
        "gridcolor": HAIR,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        **more,
    }


def year_axis(years: Sequence[int], low: float, high: float, size: float) -> Figure:
    """An axis of years below the plot, a little off its zero line."""
    more = {"ticks": "outside", "ticklen": round(size * 0.45), "tickcolor": CLEAR}
    return axis(years, [str(year) for year in years], low, high, size, **more)
