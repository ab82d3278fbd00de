"""What a page claims by its numbers: what each opens, parts of wholes, shares, headlines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any
from urllib.parse import urlsplit

from glossary import term
from tests.pages.behind import Behind, Said, said
from tests.pages.tables import Cell, Page, Table

# A name and not a count: a household, a village, a file; a year's own column.
_NAMES = re.compile(r"^(\d{12,}|(19|20)\d\d|\d{4}-\d\d-\d\d.*)$")
# Pages that a number does not count a list of: the way to a place, a file, a definition.
_WAYS = ("/household", "/village", "/trends", "/map", "/definitions", "/risk-groups", "/classes",
         "/remaining")  # fmt: skip
_UNITS = {"entry": "entries", "member": "people"}


@dataclass(frozen=True, slots=True)
class Linked:
    """A number with what it opens; ``people`` where the words around it say that it counts them."""

    where: str
    said: Said
    text: str
    href: str
    people: bool
    row: int = 0


def linked(page: Page) -> Iterator[Linked]:
    """Numbers of cells, chips, cards and marks that open something."""
    for table in page.tables:
        for index, row in enumerate(table.rows):
            heads = table.head if len(row) == len(table.head) else [""] * len(row)
            for head, cell in zip(heads, row, strict=True):
                yield from _linked(f"{table.title} | {row[0].text} | {head}", cell, head, index)
    for facet in page.facets:
        yield from _linked(f"chip {facet.text}", Cell(facet.count, "", facet.href))
    for mark in page.marks:
        yield from _linked("mark", mark, mark.text)
    for link in page.links:
        if link.cls == "kpi":
            yield from _linked(f"card {link.text}", link, link.text.partition("比")[0])


def _linked(where: str, cell: Cell, around: str = "", row: int = 0) -> Iterator[Linked]:
    if not cell.href.startswith("/") or urlsplit(cell.href).path in _WAYS:
        return
    # Findings not mended yet stand before all of them, which the link opens.
    text = cell.text.rpartition("/")[2]
    number = said(text)
    if number is None or _NAMES.match(text):
        return
    people = bool(re.search(r"\(人\)|人数|\d人|\(people\)|\d people", f"{around} {text}"))
    people = people or around in ("人", "People")
    yield Linked(where, number, text, cell.href, people, row)


def sampled(claims: Iterator[Linked], each: int) -> list[Linked]:
    """Of long tables the first rows and one of ``each``: all rows of a table are made alike."""
    return [claim for claim in claims if claim.row < 4 or claim.row % each == 0]


def disagrees(claim: Linked, behind: Behind) -> str | None:
    """In words, how a number differs from the list that it opens; None where it does not."""
    counts = behind.counts(claim.href)
    if counts is None:
        return None
    stage = behind.stage(claim.href)
    of_ledgers = stage.spec.key == "ledgers"
    declared = stage.county.indicators.get(stage.view.indicator) if of_ledgers else None
    mean = declared is not None and declared.unit not in ("households", "people", "entries")
    if claim.said.percent or mean or (of_ledgers and not claim.said.whole and "." in claim.text):
        exact = behind.rate(claim.href)
        if claim.said.is_of(exact):
            return None
        # A count that stands beside its share opens the same households.
        if claim.said.whole and claim.said.value == counts.get("households"):
            return None
        # Cards shorten counts: 7.73万人.
        unit = "as a rate"
        if not (claim.said.percent or mean):
            exact = max(counts.values(), key=lambda n: -abs(n - claim.said.value))
            unit = "shortened"
    elif "households" in counts and len(counts) > 1:
        counted = declared is not None and declared.unit == "people"
        unit = "people" if counted or (claim.people and not declared) else "households"
        exact = counts[unit]
    else:
        [(unit, exact)] = counts.items()
    if (claim.said.is_of if unit in ("as a rate", "shortened") else claim.said.counts)(exact):
        return None
    traits = stage.view.select is not None and stage.view.select.kind == "left"
    if traits and unit == "people" and stage.view.year != stage.newest:
        # Of a past year it is known of how many in a household it was true, and not of whom.
        return None if exact and claim.said.value <= exact else f"{claim.where}: of {exact}"
    return f"{claim.where}: {claim.text} opens {exact} {unit} ({claim.href})"


def _numbers(table: Table, at: int) -> list[float | None]:
    """A column's plain numbers; None for what is no count (words, a share, a dash)."""
    found = []
    for row in table.rows:
        if len(row) != len(table.head):
            continue
        text = row[at].text.replace(",", "").replace("−", "-")
        found.append(float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else None)
    return found


def unequal_totals(page: Page, lang: str) -> list[str]:
    """Totals that are not what stands under them, or beside them, comes to."""
    word, found = term("total", lang), []
    for table in page.tables:
        rows = [row for row in table.rows if len(row) == len(table.head)]
        names = [row[0].text for row in rows]
        if names.count(word) == 1:
            at = names.index(word)
            for column in range(1, len(table.head)):
                numbers = _numbers(table, column)
                whole = numbers.pop(at)
                percent = "%" in "".join(row[column].text for row in rows)
                if whole is not None and not percent and whole != sum(n or 0 for n in numbers):
                    found.append(f"{table.title} | {table.head[column]}: {whole} of {numbers}")
        if table.head.count(word) == 1:
            at = table.head.index(word)
            columns = [_numbers(table, column) for column in range(1, len(table.head))]
            totals = columns.pop(at - 1)
            for name, whole, parts in zip(names, totals, zip(*columns, strict=True), strict=True):
                if whole is not None and whole != sum(n or 0 for n in parts):
                    found.append(f"{table.title} | {name}: {whole} of {parts}")
    return found


def wrong_shares(page: Page) -> list[str]:
    """Shares with their counts behind them, 「1.7%,140/8,459」, that these do not come to."""
    found = []
    for text in page.headings:
        for share, part, whole in re.findall(r"([\d.]+%)[,,] ?([\d,]+)/([\d,]+)", text):
            number = said(share)
            a, b = (float(count.replace(",", "")) for count in (part, whole))
            if number is None or not number.is_of(100 * a / b):
                found.append(text)
    return found


def unsupported(page: Page) -> list[tuple[str, str]]:
    """Headlines with a number that neither stands on the page nor comes of what stands there."""
    pool = _pool(page)
    found = []
    for title in dict.fromkeys(page.headings):
        plain = re.sub(r"\d{4}-\d\d-\d\d|\d+月\d+日|(?<!\d)(19|20)\d\d(?!\d)", "", title)
        plain = re.sub(r"[\d.]+%[,,] ?[\d,]+/[\d,]+", "", plain)
        for match in re.finditer(r"\d[\d,]*(?:\.\d+)?(?:[万亿kM]|%)?", plain):
            number = said(match[0])
            if number is not None and not any(number.is_of(value) for value in pool):
                found.append((title, match[0]))
    return found


def _plain(text: str) -> float | None:
    plain = text.replace(",", "").replace("−", "-").partition("/")[0]
    return float(plain) if re.fullmatch(r"-?\d+(\.\d+)?", plain) else None


def _pool(page: Page) -> set[float]:
    """Numbers of cells, chips, cards and marks, their sums, shares of one in another, and rows."""
    values: set[float] = {0.0}
    for table in page.tables:
        values |= _of_table(table)
    for figure in page.figures:
        values |= _of_figure(figure)
    values |= {facet.number for facet in page.facets if _plain(facet.count) is not None}
    cards = (n for link in page.links if link.cls == "kpi" if (n := said(link.text)) is not None)
    return values | {number.value for number in cards}


def _of_table(table: Table) -> set[float]:
    rows = [row for row in table.rows if len(row) == len(table.head)]
    values = {float(len(rows))}
    sums: list[float] = []
    for column in range(1, len(table.head)):
        cells = [(row[0].text, _plain(row[column].text)) for row in rows]
        numbers = [n for _, n in cells if n is not None]
        parts = [n for name, n in cells if n is not None and name not in ("合计", "Total")]
        values |= {*numbers, sum(parts), sum(parts[:-1]), float(sum(1 for n in parts if n))}
        sums += [*numbers[:1], sum(parts)]
    values |= {sum(n for cell in row[1:] if (n := _plain(cell.text)) is not None) for row in rows}
    values |= {100 * a / b for a, b in product(sums, sums) if b}
    texts = [part for row in rows for cell in row for part in (cell.text, cell.small)]
    return values | {n.value for text in texts if (n := said(text)) is not None}


def _of_figure(figure: dict[str, Any]) -> set[float]:
    values: set[float] = set()
    by_label: dict[str, list[float]] = {}
    sums = []
    for trace in figure["data"]:
        hovers = trace.get("hovertext")
        counts = []
        for hover in dict.fromkeys(h for h in hovers or () if h) if hovers else ():
            label, _, rest = hover.partition("<br>")
            numbers = [n for part in rest.split(" · ") if (n := said(part)) is not None]
            values |= {n.value for n in numbers}
            counts += [n.value for n in numbers if not n.percent]
            by_label.setdefault(label, []).extend(n.value for n in numbers if not n.percent)
        sums.append(sum(counts))
        values.add(float(len(counts)))
    for numbers in by_label.values():
        values |= {sum(numbers), *(a + b for a, b in combinations(numbers, 2))}
    notes = [note.get("text") or "" for note in figure["layout"].get("annotations", ())]
    values |= {n.value for text in notes if (n := said(re.sub(r"<[^>]*>", "", text))) is not None}
    whole = sum(sums)
    return values | {*sums, whole} | {100 * part / whole for part in sums if whole}
