"""Where the words of a figure come to lie, so that tests can see them collide or leave the page."""

from __future__ import annotations

import re
from html import unescape
from itertools import combinations

from charts.labels import Box, text_width

_ANCHORS = {"left": 0.0, "top": 0.0, "center": 0.5, "middle": 0.5, "right": 1.0, "bottom": 1.0}


def words(markup: str) -> list[str]:
    """The lines of a text without its markup."""
    return [unescape(re.sub(r"<[^>]+>", "", line)) for line in markup.split("<br>")]


class Screen:
    """A figure laid out at a width, as plotly lays it out."""

    def __init__(self, figure: dict, width: float) -> None:
        self.layout = figure["layout"]
        margin = self.layout["margin"]
        self.page = Box(0, 0, width, self.layout["height"])
        self.plot = Box(
            margin["l"], margin["t"], width - margin["r"], self.layout["height"] - margin["b"]
        )

    def _share(self, ref: str, value: float) -> float:
        """How far along the plot area a position lies, 0 to 1."""
        if ref == "paper":
            return value
        axis = self.layout[ref[0] + "axis" + ref[1:]]
        (low, high), (start, end) = axis["range"], axis.get("domain", (0, 1))
        return start + (value - low) / (high - low) * (end - start)

    def point(self, xref: str, x: float, yref: str, y: float) -> tuple[float, float]:
        plot = self.plot
        across, up = self._share(xref, x), self._share(yref, y)
        return plot.x0 + across * (plot.x1 - plot.x0), plot.y1 - up * (plot.y1 - plot.y0)

    def note(self, note: dict) -> Box:
        lines = words(note["text"])
        size, bold = (
            note["font"]["size"],
            "<b>" in note["text"] or note["font"].get("weight") == 700,
        )
        wide = max(text_width(line, size, bold) for line in lines)
        high = size * 1.2 * len(lines)
        if note.get("textangle"):
            wide, high = high, wide
        x, y = self.point(note.get("xref", "x"), note["x"], note.get("yref", "y"), note["y"])
        x += note.get("xshift", 0) + (note["ax"] if note["showarrow"] else 0)
        y += -note.get("yshift", 0) + (note["ay"] if note["showarrow"] else 0)
        x0 = x - _ANCHORS[note["xanchor"]] * wide
        y0 = y - _ANCHORS[note["yanchor"]] * high
        return Box(x0, y0, x0 + wide, y0 + high)

    def notes(self) -> list[tuple[str, Box]]:
        return [(note["text"], self.note(note)) for note in self.layout["annotations"]]

    def ticks(self) -> list[tuple[str, Box]]:
        """Labels of the visible axes; x below the plot, y left of it."""
        found = []
        for name, axis in ((k, v) for k, v in self.layout.items() if "axis" in k):
            for value, text in zip(axis.get("tickvals", ()), axis.get("ticktext", ()), strict=True):
                lines, size = words(text), axis["tickfont"]["size"]
                wide = max(text_width(line, size, "<b>" in text) for line in lines)
                high, gap = size * len(lines), axis.get("ticklen", 0)  # digits hang nowhere
                if name.startswith("x"):
                    x, _ = self.point(name.replace("axis", ""), value, "paper", 0)
                    y0 = self.plot.y1 + gap
                    found.append((text, Box(x - wide / 2, y0, x + wide / 2, y0 + high)))
                else:
                    _, y = self.point("paper", 0, name.replace("axis", ""), value)
                    x1 = self.plot.x0 - gap - 3
                    found.append((text, Box(x1 - wide, y - high / 2, x1, y + high / 2)))
        return found

    def collisions(self, slack: float = 2) -> list[tuple[str, str]]:
        """Pairs of texts that lie on each other by more than ``slack`` pixels."""
        boxes = [
            (text, Box(b.x0 + slack, b.y0 + slack, b.x1 - slack, b.y1 - slack))
            for text, b in self.notes() + self.ticks()
            if text
        ]
        return [(a, b) for (a, one), (b, two) in combinations(boxes, 2) if one.meets(two)]

    def outside(self, slack: float = 3) -> list[str]:
        """Texts that are cut off by the edge of the figure."""
        page = Box(-slack, -slack, self.page.x1 + slack, self.page.y1 + slack)
        return [text for text, box in self.notes() + self.ticks() if not box.within(page)]
