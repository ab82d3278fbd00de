"""What a briefing says, whichever file it becomes: texts, tables and charts under headings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Lang = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; ``href`` is the whole address of what it tells of."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table as it reads. ``value`` is its number, if it is one, in units of ``digits``
    decimals; ``href`` the whole address of what it counts."""

    text: str
    value: float | None = None
    href: str = ""
    digits: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Heads and rows of equally many cells; the columns of ``numeric`` are right aligned."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Series:
    """Values of a chart by its categories; None where there is none."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, or a line over time, from one series; numbers read with ``digits`` decimals."""

    kind: Literal["bar", "line"]
    title: str
    unit: str
    categories: tuple[str, ...]
    series: Series
    digits: int = 0
    href: str = ""

    def text(self, value: float | None) -> str:
        """A value as it is written at its bar or point."""
        return "—" if value is None else f"{value:,.{self.digits}f}"


Block = Text | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A briefing. ``about`` (data date, snapshot) and ``simulated`` (empty for real data) stand on
    each page, ``mark`` too: who took it out, when, of which snapshot, and the audit's head.

    ``watermark`` is drawn across each page; ``words`` are the fixed ones: contents, open, page.
    """

    title: str
    subtitle: str
    about: str
    simulated: str
    mark: str
    watermark: str
    lang: Lang
    sections: tuple[Section, ...]
    contents: str
    opens: str

    @property
    def foot(self) -> str:
        """The line on each page of what it stands on."""
        return " · ".join(filter(None, (self.about, self.simulated, self.mark)))


def charts(paper: Paper) -> list[Chart]:
    """Every chart in its order."""
    return [block for one in paper.sections for block in one.blocks if isinstance(block, Chart)]


def pieces(table: Table, most: int) -> list[Table]:
    """A table in parts of at most so many rows, each with its heads."""
    starts: Sequence[int] = range(0, len(table.rows), most) or [0]
    return [Table(table.heads, table.rows[at : at + most], table.numeric) for at in starts]
