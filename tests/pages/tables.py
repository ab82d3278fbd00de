"""What a page shows, read by cell: its tables with their links, its headings, its key figures."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from streamlit.testing.v1 import AppTest

from tests.pages.running import told


@dataclass
class Cell:
    """A cell's words, those in small under them, its classes, and the first link in it."""

    text: str = ""
    small: str = ""
    href: str = ""
    cls: str = ""

    @property
    def number(self) -> float | None:
        """The cell as a number: None for a dash. Raises ValueError for words."""
        plain = self.text.replace(",", "").replace("−", "-").rstrip("%").strip()
        return None if plain == "—" else float(plain)

    @property
    def query(self) -> dict[str, str]:
        """The keys of the cell's link."""
        return dict(parse_qsl(urlsplit(self.href).query))


@dataclass
class Table:
    """A table: the last heading before it in its block, its heads, its rows of cells."""

    title: str
    head: list[str] = field(default_factory=list)
    rows: list[list[Cell]] = field(default_factory=list)

    def row(self, first: str) -> dict[str, Cell]:
        """The one row that begins with these words, by head. Raises KeyError without one."""
        found = [row for row in self.rows if row[0].text == first]
        if len(found) != 1:
            raise KeyError(f"{first}: {len(found)} rows in {[row[0].text for row in self.rows]}")
        return dict(zip(self.head, found[0], strict=True))

    def column(self, head: str) -> list[Cell]:
        """The cells under a head, bands between rows left out."""
        at = self.head.index(head)
        return [row[at] for row in self.rows if len(row) == len(self.head)]


@dataclass
class Facet(Cell):
    """A filter that is offered; ``number`` is what it would leave."""

    count: str = ""

    @property
    def number(self) -> float:
        return float(self.count.replace(",", ""))


@dataclass
class Page:
    """What a run of a page shows, in the order it is drawn; ``titles`` are the figures'."""

    headings: list[str]
    tables: list[Table]
    links: list[Cell]
    facets: list[Facet]
    figures: list[dict[str, Any]]
    titles: list[str]

    @property
    def marks(self) -> list[Cell]:
        """Marks of figures that open something: the last line of what they say, and the link."""
        found = []
        for figure in self.figures:
            for trace in figure["data"]:
                hovers, links = trace.get("hovertext"), trace.get("customdata")
                if isinstance(hovers, list) and isinstance(links, list):
                    for hover, href in zip(hovers, links, strict=True):
                        if isinstance(href, str) and isinstance(hover, str):
                            said = hover.rpartition("<br>")[2].partition(" · ")[0]
                            found.append(Cell(said, "", href, "mark"))
        return list({(cell.text, cell.href): cell for cell in found}.values())

    def table(self, words: str) -> Table:
        """The one table whose title or heads hold these words. Raises KeyError without one."""
        found = [t for t in self.tables if words in t.title or words in t.head]
        if len(found) != 1:
            raise KeyError(f"{words}: {len(found)} of {[(t.title, t.head) for t in self.tables]}")
        return found[0]

    def link(self, words: str) -> Cell:
        """The one link that begins with these words. Raises KeyError without one."""
        found = [link for link in self.links if link.text.startswith(words)]
        if len(found) != 1:
            raise KeyError(f"{words}: {[link.text for link in found or self.links]}")
        return found[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.headings: list[str] = []
        self.tables: list[Table] = []
        self.links: list[Cell] = []
        self.facets: list[Facet] = []
        self._open: list[tuple[str, Cell]] = []
        self._title = ""
        self._count = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "table":
            self.tables.append(Table(self._title))
        elif tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
        if tag == "span" and given.get("class") == "count num" and self._open:
            self._count = True
        if tag in ("td", "th", "a", "h1", "h2", "h3", "small"):
            cell = Cell(href=given.get("href") or "", cls=given.get("class") or "")
            for _, outer in self._open if tag == "a" else ():
                outer.href = outer.href or cell.href
            self._open.append((tag, cell))

    def handle_data(self, data: str) -> None:
        if self._count and self._open[-1][0] == "a":
            link = self._open[-1][1]
            self.facets.append(Facet(link.text, "", link.href, link.cls, data))
        self._count = False
        inside_small = any(tag == "small" for tag, _ in self._open)
        for _, cell in self._open:
            if inside_small:
                cell.small += data
            else:
                cell.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "thead":
            table = self.tables[-1]
            table.head = [cell.text.strip() for cell in table.rows.pop()]
        if not self._open or self._open[-1][0] != tag:
            return
        _, cell = self._open.pop()
        cell.text = cell.text.strip()
        if tag in ("td", "th"):
            self.tables[-1].rows[-1].append(cell)
        elif tag == "a":
            self.links.append(cell)
        elif tag != "small":
            self._title = cell.text
            self.headings.append(cell.text)


def read(app: AppTest) -> Page:
    """The page as it stands after a run."""
    page = Page([], [], [], [], [], [])
    for body in told(app):
        if body.startswith("{"):
            # A map is told by shapes; its numbers stand in the table beside it.
            if figure := json.loads(body).get("figure"):
                page.figures.append(figure)
                page.titles.append(page.headings[-1] if page.headings else "")
            continue
        reader = _Reader()
        reader.feed(body)
        page.headings += reader.headings
        page.tables += reader.tables
        page.links += reader.links
        page.facets += reader.facets
    return page


def tables(app: AppTest) -> list[Table]:
    """Every table of the page."""
    return read(app).tables
