"""What stands behind a link: the list of the page that it opens, counted as that page counts it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qsl, urlsplit

from access.viewer import demo_viewer
from metrics import exit as standards
from metrics import intake, lists, remaining, safety_net, sieves, turns
from metrics.county import County, open_county
from metrics.subjects import ENTRY, HOUSEHOLD, Subjects
from store.snapshots import Home
from views.context import address, possible
from views.context.sitemap import EVERYWHERE, PAGES
from views.context.stage import Stage
from views.sections import screenings, stress
from views.sections.dynamics import ends
from views.sections.monitoring import open_cases
from views.sections.quality import page as quality

Counts = dict[str, int]
_HOUSEHOLDS = "household_fact"
_UNLISTED = 20
_NUMBER = re.compile(r"[-−+]?\d[\d,]*(?:\.\d+)?")
_POWERS = {"万": 1e4, "亿": 1e8, "k": 1e3, "K": 1e3, "M": 1e6, "m": 1e6}


@dataclass(frozen=True, slots=True)
class Said:
    """A number as a page writes it: how much, and by how much its rounding may be off.

    ``whole`` numbers are counts, written to the last one.
    """

    value: float
    rounding: float
    percent: bool
    whole: bool

    def counts(self, exact: float | None) -> bool:
        """Whether a count is written so, to the last one where it is written whole."""
        return self.value == exact if self.whole else self.is_of(exact)

    def is_of(self, exact: float | None) -> bool:
        """Whether an exact number is written so."""
        return exact is not None and abs(abs(exact) - self.value) <= self.rounding * 1.001


def said(text: str) -> Said | None:
    """The first number of a text, as the page writes it; None for a text without any."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    digits = found[0].replace(",", "").lstrip("-−+")
    after = text[found.end() : found.end() + 1]
    power = _POWERS.get(after, 1.0)
    decimals = len(digits.partition(".")[2])
    rounding = 0.5 * power / 10**decimals
    return Said(float(digits) * power, rounding, after == "%", not decimals and power == 1.0)


class Behind:
    """The lists behind the links of one home's pages, each asked once."""

    def __init__(self, home: Home):
        self._home = home
        self._specs = {spec.path: spec for spec in PAGES}
        self._known: dict[str, Counts | None] = {}
        self._portraits: dict[tuple[str, int, str], remaining.Portrait] = {}

    @cached_property
    def county(self) -> County:
        return open_county(self._home)

    def stage(self, href: str) -> Stage:
        """The stage that the page of a link stands on. Raises AssertionError for a bad link."""
        split = urlsplit(href)
        spec = self._specs[split.path.strip("/")]
        viewer = demo_viewer(self.county.code)
        bounds = possible.bounds(self.county, viewer, spec)
        query = dict(parse_qsl(split.query, strict_parsing=bool(split.query)))
        assert query.keys() <= {*spec.keys, *EVERYWHERE}, f"{href}: keys of no use"
        view, fallen = address.parse(query, bounds, {*spec.keys, *EVERYWHERE})
        assert not fallen, f"{href} has values that its page does not take: {fallen}"
        return Stage(spec, bounds, view, (), county=self.county, viewer=viewer, carried={})

    def counts(self, href: str) -> Counts | None:
        """Unit to how many the list has; None for a page that is no list of anything."""
        plain = re.sub(r"([?&])lang=\w+&?", r"\1", href).rstrip("?&")
        if plain.startswith("/s/"):  # a view that was sent: it may be of any page
            return None
        if plain not in self._known:
            stage = self.stage(plain)
            count = _LISTS.get(stage.spec.key)
            self._known[plain] = count(stage) if count else None
        return self._known[plain]

    def rate(self, href: str) -> float | None:
        """What a rate or a mean says whose households a link opens: by indicator or by trait."""
        stage = self.stage(href)
        view = stage.view
        if view.indicator:
            return stage.cell(view.indicator).value
        if view.select is not None and view.select.kind == "left":
            who, trait = view.select.arguments[:2]
            asked = (view.region, view.year, who)
            if asked not in self._portraits:
                self._portraits[asked] = remaining.portrait(stage.reader, *asked)
            return self._portraits[asked].percent(trait)
        return None


def _ledgers(stage: Stage) -> Counts:
    wanted = stage.households()
    if stage.subject == HOUSEHOLD:
        households, people = lists.counted(stage.reader, wanted)
        declared = wanted.indicator
        if declared and declared.unit == "people" and declared.numerator.relation == _HOUSEHOLDS:
            people = _amount(stage, declared.numerator.value or "member_count")
        return {"households": households, "people": people}
    found = Subjects(stage.subject, wanted, stage.county.data_date)
    count, _ = found.count(stage.reader)
    if stage.subject == ENTRY:
        return {"entries": count}
    # A few people whose rows were refused are counted in their household and known by no name.
    declared = wanted.indicator
    living = _amount(stage, "member_count") if declared and declared.unit == "people" else count
    assert 0 <= living - count <= _UNLISTED, f"{living} people, {count} of them by name"
    return {"people": living}


def _amount(stage: Stage, column: str) -> int:
    """What a column comes to over the households of a list."""
    condition, given = stage.households().condition()
    row = stage.reader.one(
        f"SELECT COALESCE(SUM(f.{column}), 0) AS n FROM {{household_fact}} AS f WHERE {condition}",
        **given,
    )
    assert row is not None
    return int(row["n"])


def _dynamics(stage: Stage) -> Counts | None:
    found, part = ends.ends(stage), stage.view.part
    if found is None or part is None:
        return None
    if part in ends.dynamics.EVENT_PARTS:
        records, households = found.span.happened_count(ends.dynamics.EVENT_PARTS[part])
        return {"people": records, "households": households}
    if part in turns.TURN_PARTS:
        turned = ends.turned(stage, found)
        return {"households": turned.count(part)} if turned else None
    if part in ends.dynamics.EDGE_PARTS or part == ends.dynamics.UNRECORDED:
        return {"households": found.span.count(part)}
    return None


def _screenings(stage: Stage) -> Counts:
    wanted = screenings._wanted(stage)
    return {"findings": sieves.count_findings(stage.reader, screenings._clock(stage), wanted)}


def _exit(stage: Stage) -> Counts:
    view, today = stage.view, stage.view.asof == "today"
    return {
        "villages": standards.count_villages(
            stage.reader, view.region, view.year, part=view.part, today=today
        )
    }


def _data(stage: Stage) -> Counts:
    kind = "mended" if stage.view.kind == "mended" else "refused"
    counts = intake.counts(stage.reader, kind)
    return {"rows": intake.found(counts, stage.view.reason, stage.view.file)}


def _safety_net(stage: Stage) -> Counts | None:
    part, year = stage.view.part, stage.county.data_date.year
    if part is None:
        return None
    cases, _ = safety_net.count_cases(stage.reader, part, stage.view.region, year)
    return {"cases": cases}


_LISTS: dict[str, Callable[[Stage], Counts | None]] = {
    "ledgers": _ledgers,
    "monitoring": lambda s: {
        "cases": open_cases.cases(s).count(s.view.part or "open", s.view.year),
    },
    "dynamics": _dynamics,
    "quality": lambda s: {"findings": quality.compared(s).count(quality.wanted(s))[0]},
    "sieves": _screenings,
    "stress": lambda s: {
        "households": stress.tried(s).only(s.view.part or stress.PARTS[0]).num_rows
    },
    "safety_net": _safety_net,
    "exit": _exit,
    "data": _data,
}
