"""What a page shows, as one value: the view, what is possible in it, what could not be used of it.

``views.context.address`` reads it from a query and writes it back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from glossary import Lang
from metrics.conditions import Condition
from metrics.fields import Fields
from metrics.filters import FINDINGS, STATES
from metrics.funds import Which
from metrics.selections import Selection
from metrics.subjects import ENTRY, MEMBER
from sampling.designs import Kind, Share


@dataclass(frozen=True, slots=True)
class Amount:
    """A size of something named: a threshold moved, a shock. ``what=monitoring_line_yuan.8000``."""

    key: str
    size: float

    def __str__(self) -> str:
        digits = f"{self.size:.0f}" if self.size.is_integer() else repr(self.size)
        return f"{self.key}.{digits}"


# What stands where a household's number would.
OF_PROJECT, OF_SUBJECT = "project", "subject"


@dataclass(frozen=True, slots=True)
class Draft:
    """A problem that is about to be written down: its kind, its household, and which of its people
    (``metrics.files.numbered``), if it is about one: ``draft=rule.exit_income.H01``. Or a project,
    and no household: ``draft=check.project_split.project.P01``. Or the subject of a check that is
    neither: ``draft=check.asset_unused.subject.A01``."""

    kind: str
    household: str
    member: int | None = None
    project: str = ""
    subject: str = ""

    def __str__(self) -> str:
        if self.project:
            return f"{self.kind}.{OF_PROJECT}.{self.project}"
        if self.subject:
            return f"{self.kind}.{OF_SUBJECT}.{self.subject}"
        end = f".{self.member}" if self.member else ""
        return f"{self.kind}.{self.household}{end}"


@dataclass(frozen=True, slots=True)
class View:
    """What a page shows. Every field is a query key of the same name."""

    region: str
    zone: str | None
    year: int
    snapshot: int
    indicator: str
    level: str
    scale: str
    compare: tuple[str, ...]
    group: str | None
    select: Selection | None
    where: tuple[Condition, ...]
    state: str | None
    ledger: str | None
    by: str
    q: str
    page: int
    sort: str
    facet: str | None
    cols: tuple[str, ...]
    pick: tuple[str, ...]
    id: str | None
    fund: Which | None
    kind: str
    reason: str | None
    file: str | None
    check: str | None
    severity: str | None
    change: str | None
    against: int | None
    since: int | None
    beside: tuple[str, int] | None
    part: str | None
    rule: str | None
    asof: str
    what: Amount | None
    shock: Amount | None
    unit: str | None
    source: str | None
    about: str | None
    mine: str | None
    finding: int | None
    draft: Draft | None
    design: Kind
    share: Share
    size: int
    villages: int
    asks: tuple[str, ...]
    sample: int | None
    seed: int | None
    project: str | None
    meeting: int | None
    item: int | None
    rules: str
    link: str | None
    v: int
    lang: Lang

    def but(self, **changes: Any) -> View:
        """This view with some fields changed, and what follows from it."""
        return replace(self, **self.changed(**changes))

    def changed(self, **changes: Any) -> dict[str, Any]:
        """Changes with those that follow: any change of filter goes back to page 1, and leaves what
        was picked.

        Another end of a comparison leaves the part of it that was listed; another view is not the
        one that a short link was opened for.
        """
        if "page" not in changes and set(changes) - _SAME_LIST:
            changes["page"] = 1
        if "pick" not in changes and set(changes) - _SAME_LIST - {"page"}:
            changes["pick"] = ()
        if "link" not in changes and set(changes) - _SAME_VIEW:
            changes["link"] = None
        if "against" in changes:
            changes = {"part": None, **changes}
        if self.since is not None and self.since >= changes.get("year", self.year):
            changes = {"since": None, **changes}
        return changes


# What changes nothing of a list.
_SAME_LIST = {
    "id",
    "project",
    "finding",
    "draft",
    "meeting",
    "item",
    "lang",
    "sort",
    "rules",
    "facet",
    "cols",
    "pick",
}
# What makes no other view of a list.
_SAME_VIEW = {"page", "lang", "sort", "rules", "facet", "pick"}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What values are possible here: for this viewer, this county, this page.

    ``year`` is the year that the page opens with, the last one if it is not held. ``current`` is
    the snapshot that addresses leave out: the home's current one when the session began.
    ``states`` are those that the page's list is filtered by.
    ``rulebook`` is the fingerprint of what numbers are judged by.
    ``searches`` are the texts that this session keeps out of addresses, by their handles.
    ``grids`` are the zones and grids that the viewer sees anything of, ``zones`` those of them that
    are made of whole villages.
    ``fields`` are what households may be filtered by, ``columns`` what a list of them may show.
    """

    root: str
    places: Collection[str]
    years: Collection[int]
    snapshots: Collection[int]
    current: int
    indicators: Collection[str]
    groups: tuple[str, ...]
    checks: Collection[str] = ()
    rules: Collection[str] = ()
    thresholds: Collection[str] = ()
    parts: Collection[str] = ()
    states: Collection[str] = STATES
    sorts: tuple[str, ...] = ("household_id",)
    indicator: str = "poverty_rate"
    year: int | None = None
    level: str = "village"
    rulebook: str = ""
    fields: Fields = field(default_factory=Fields)
    columns: Collection[str] = ()
    searches: Mapping[str, str] = field(default_factory=dict)
    zones: Collection[str] = ()
    grids: Collection[str] = ()


# A value that is not one of the key's; one that an address does not hold; different values; another
# page's key; nobody's key; one that does not go with the value of ``other``.
Why = Literal["bad", "left_out", "twice", "foreign", "unknown", "clash"]


@dataclass(frozen=True, slots=True)
class Fallen:
    """A part of an address that could not be used, and why. ``given`` is as it came.

    ``choices`` are the usable values of a key that was given twice.
    """

    key: str
    given: str
    why: Why = "bad"
    other: str = ""
    choices: tuple[str, ...] = ()

    @property
    def stops(self) -> bool:
        """Whether nothing can be shown: any default would show more than was asked for."""
        return self.why == "twice" or (
            self.key in ("region", "zone", "q", "where") and self.why != "foreign"
        )


def clashes(view: View, bounds: Bounds) -> list[Fallen]:
    """What of a view does not go together: it is not followed, and told."""
    found = []
    newest = max(bounds.years)
    if view.by == MEMBER and view.year != newest:
        found.append(Fallen("by", view.by, "clash", f"year={view.year}"))
    if view.by == ENTRY and view.state in FINDINGS:
        found.append(Fallen("by", view.by, "clash", f"state={view.state}"))
    if view.since is not None and view.since >= view.year:
        found.append(Fallen("since", str(view.since), "clash", f"year={view.year}"))
    return found
