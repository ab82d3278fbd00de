"""The pages: path, file, title and the query keys each one follows. One entry a page."""

from __future__ import annotations

from dataclasses import dataclass

from access.roles import Act
from access.viewer import Viewer
from findings.asking import ASKED
from metrics.board import COLUMNS
from metrics.dynamics import EDGE_PARTS, EVENT_PARTS, UNRECORDED
from metrics.exit import LACKS_ONE, standards
from metrics.figures import SHOWN
from metrics.filters import STATES
from metrics.monitoring import OPEN_PARTS, RELEASED_PARTS
from metrics.people import MEMBER_PARTS, REST_PARTS
from metrics.safety_net import CASES
from metrics.sieves import SIEVES
from metrics.turns import TURN_PARTS
from rules.registry import SYSTEMS

# What every page follows or, where it makes no difference there, hands on to the next.
EVERYWHERE = ("region", "year", "snapshot", "rules", "lang")
# What any address may hold beside its page's keys: the short link that it was opened by, and which
# version of addresses it is of.
BESIDE = ("link", "v")


# The menu's workplaces, by what people do in them: look at how things stand, check who and why,
# keep the data, the definitions and the rights.
LOOK, CHECK, MANAGE = "section_look", "section_check", "section_manage"
WORKPLACES = (LOOK, CHECK, MANAGE)
# Beside them stands what is saved: views are listed before its page.
SAVED = "section_saved"

# What the list of villages of /exit shows: those that lack one standard, or that miss this one.
EXIT_PARTS = (LACKS_ONE, *(rule.key for rule in standards("village_exit")))


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page. ``title`` is a term; ``hidden`` pages are opened from others, not from the menu.

    ``section`` is the workplace of the menu that the page stands in. ``indicator`` is what it shows
    first, ``sorts`` the columns its list can be sorted by, ``parts`` what the query key ``part``
    may name, ``states`` what ``state`` may, ``year`` the year that the page opens with where that
    is not the last: the last one in which its standards were in force. ``under`` is the page that
    the menu marks for a hidden one. ``tables`` are those of the snapshot that it shows, beside the
    households and their people: where one has no row, what is empty says so.
    ``systems`` are the systems of rules whose answers it shows, ``indicators`` whether it shows all
    of them (or the one of its address, if it has it). ``headlines`` are the indicators whose
    numbers a link to the page keeps, where its address names none and it is no list.
    ``acts`` are those of which a viewer must have one; ``whole`` says that they must have it in the
    whole county, of which the page tells; but ``partly`` are acts that open their own part of it to
    who has one of them anywhere. ``personal`` pages show households or people.
    """

    key: str
    path: str
    title: str
    keys: tuple[str, ...]
    section: str = ""
    hidden: bool = False
    indicator: str = "poverty_rate"
    level: str = "village"
    sorts: tuple[str, ...] = ("household_id",)
    parts: tuple[str, ...] = ()
    states: tuple[str, ...] = STATES
    year: int | None = None
    tables: tuple[str, ...] = ()
    under: str = ""
    systems: tuple[str, ...] = ()
    indicators: bool = False
    headlines: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ("see",)
    whole: bool = False
    partly: tuple[Act, ...] = ()
    personal: bool = False

    @property
    def file(self) -> str:
        return f"pages/{self.key}.py"

    def opens_to(self, viewer: Viewer) -> bool:
        """Whether a viewer may use the page."""
        if self.whole and any(viewer.may(act, viewer.county) for act in self.acts):
            return True
        return any(viewer.where(act).codes for act in (self.partly if self.whole else self.acts))


LEDGER_SORTS = (
    "household_id",
    "village_code",
    "member_count",
    "per_capita_net_income_yuan",
    "income_change_percent",
    "own_payment_yuan",
)

# What the lists of /dynamics show: an edge, moves without a record, a kind of change, people, what
# turned between two data dates.
DYNAMICS_PARTS = (*EDGE_PARTS, UNRECORDED, *EVENT_PARTS, *MEMBER_PARTS, *REST_PARTS, *TURN_PARTS)

# The last year with a national line to leave poverty by.
_LAST_STANDARDS = 2020

PAGES: tuple[PageSpec, ...] = (
    PageSpec(
        "overview",
        "",
        "page_overview",
        (*EVERYWHERE, "part", "sort"),
        section=LOOK,
        sorts=COLUMNS,
        parts=("board", "progress"),
        tables=("household_year", "monitored_household", "ledger_entry"),
        systems=("groups", "monitored"),
        indicators=True,
        headlines=SHOWN,
    ),
    PageSpec(
        "map",
        "map",
        "page_map",
        (*EVERYWHERE, "indicator", "level", "scale"),
        section=LOOK,
        indicator="monitored_households",
        tables=("household_year", "settlement_site"),
    ),
    PageSpec(
        "trends",
        "trends",
        "page_trends",
        (*EVERYWHERE, "indicator", "compare"),
        section=LOOK,
        tables=("household_year",),
    ),
    PageSpec(
        "risk_groups",
        "risk-groups",
        "page_risk_groups",
        (*EVERYWHERE, "group", "what"),
        section=CHECK,
        tables=("ledger_entry",),
        systems=("groups",),
    ),
    PageSpec(
        "ledgers",
        "ledgers",
        "page_ledgers",
        (
            *EVERYWHERE,
            "indicator",
            "group",
            "select",
            "state",
            "ledger",
            "by",
            "against",
            "q",
            "page",
            "sort",
        ),
        section=CHECK,
        indicator="",
        sorts=LEDGER_SORTS,
        tables=("ledger_entry",),
        systems=("groups",),
        personal=True,
    ),
    PageSpec(
        "classes",
        "classes",
        "page_classes",
        (*EVERYWHERE, "since", "part", "page"),
        section=CHECK,
        year=_LAST_STANDARDS,
        parts=("labour_subclass",),
        tables=("household_year", "nine_check"),
        systems=("labour_classes",),
        headlines=("registered_households", "no_labour_households"),
        personal=True,
    ),
    PageSpec(
        "exit",
        "exit",
        "page_exit",
        (*EVERYWHERE, "asof", "what", "part", "page"),
        section=CHECK,
        year=_LAST_STANDARDS,
        parts=EXIT_PARTS,
        tables=("household_year", "inspection", "village_year", "county_year"),
        systems=("household_exit", "six_inspections", "village_exit", "county_exit"),
        headlines=("poverty_rate", "poor_households", "exited_this_year_people"),
        personal=True,
    ),
    PageSpec(
        "remaining",
        "remaining",
        "page_remaining",
        (*EVERYWHERE, "beside", "part"),
        section=CHECK,
        parts=("poor", "monitored"),
        tables=("household_year", "monitored_household"),
        headlines=("poor_people", "poor_households", "monitored_people"),
    ),
    PageSpec(
        "monitoring",
        "monitoring",
        "page_monitoring",
        (*EVERYWHERE, "asof", "part", "what", "page"),
        section=CHECK,
        parts=(*OPEN_PARTS, *RELEASED_PARTS),
        tables=("monitored_household", "measure"),
        systems=("monitored",),
        headlines=("monitored_households", "monitored_people", "risk_cleared_share"),
        personal=True,
    ),
    PageSpec(
        "dynamics",
        "dynamics",
        "page_dynamics",
        (*EVERYWHERE, "since", "against", "part", "page"),
        section=CHECK,
        parts=DYNAMICS_PARTS,
        tables=("change_event",),
        headlines=("exited_this_year_people", "fell_back_people", "monitored_households"),
        personal=True,
    ),
    PageSpec(
        "safety_net",
        "safety-net",
        "page_safety_net",
        ("region", "snapshot", "part", "page", "rules", "lang"),
        section=CHECK,
        parts=CASES,
        tables=("benefit",),
        systems=("safety_net",),
        personal=True,
    ),
    PageSpec(
        "sieves",
        "sieves",
        "page_sieves",
        ("region", "snapshot", "state", "part", "page", "rules", "lang"),
        section=CHECK,
        parts=SIEVES,
        tables=("sieve_result",),
        personal=True,
    ),
    PageSpec(
        "problems",
        "problems",
        "page_problems",
        (
            "region",
            "snapshot",
            "state",
            "page",
            "unit",
            "source",
            "about",
            "mine",
            "finding",
            "draft",
            "rules",
            "lang",
        ),
        section=CHECK,
        states=ASKED,
        personal=True,
    ),
    PageSpec(
        "stress",
        "stress",
        "page_stress",
        (*EVERYWHERE, "part", "what", "shock", "page"),
        section=CHECK,
        parts=("falls", "under", "all"),
        tables=("household_year",),
        systems=("groups", "household_exit", "monitored"),
        personal=True,
    ),
    PageSpec(
        "quality",
        "quality",
        "page_quality",
        ("region", "snapshot", "check", "severity", "change", "against", "page", "rules", "lang"),
        section=MANAGE,
        personal=True,
    ),
    PageSpec(
        "data",
        "data",
        "page_data",
        ("snapshot", "kind", "reason", "file", "page", "lang"),
        section=MANAGE,
        whole=True,
        partly=("refused_rows",),
        personal=True,
    ),
    PageSpec(
        "definitions",
        "definitions",
        "page_definitions",
        ("snapshot", "rule", "rules", "lang"),
        section=MANAGE,
    ),
    PageSpec(
        "admin",
        "admin",
        "page_admin",
        ("snapshot", "page", "lang"),
        section=MANAGE,
        acts=("manage_rights", "read_audit"),
        whole=True,
        personal=True,
    ),
    PageSpec(
        "saved",
        "saved",
        "page_saved",
        ("snapshot", "lang"),
        section=SAVED,
        acts=("share",),
    ),
    PageSpec(
        "household",
        "household",
        "page_household",
        (*EVERYWHERE, "id", "asof"),
        hidden=True,
        under="ledgers",
        tables=("household_year",),
        systems=SYSTEMS,
        personal=True,
    ),
    PageSpec(
        "village",
        "village",
        "page_village",
        EVERYWHERE,
        hidden=True,
        under="map",
        tables=("village_year", "project", "fund_item"),
        systems=("village_exit", "household_exit", "labour_classes", "groups"),
        headlines=(
            "registered_households",
            "poor_people",
            "monitored_households",
            "per_capita_income",
            "collective_income",
        ),
    ),
)

BY_KEY: dict[str, PageSpec] = {page.key: page for page in PAGES}
BY_PATH: dict[str, PageSpec] = {page.path: page for page in PAGES}


def menu(viewer: Viewer) -> list[PageSpec]:
    """The menu's pages that a viewer may use."""
    return [page for page in PAGES if not page.hidden and page.opens_to(viewer)]


def first_workplace(viewer: Viewer) -> str:
    """The workplace that a viewer's rights are for, which stands open in their menu.

    Who loads files or gives rights keeps things, who sees people whole checks; everybody else, and
    whoever merely reached the server, looks.
    """
    if not viewer.known:
        return LOOK
    if viewer.loads or viewer.where("manage_rights").codes:
        return MANAGE
    return CHECK if viewer.where("reveal").codes else LOOK


def workplaces(viewer: Viewer) -> dict[str, list[PageSpec]]:
    """The menu's pages that a viewer may use by workplace, theirs first, what is saved last; none
    without a page."""
    pages, first = menu(viewer), first_workplace(viewer)
    order = (first, *(one for one in WORKPLACES if one != first), SAVED)
    found = {one: [page for page in pages if page.section == one] for one in order}
    return {one: listed for one, listed in found.items() if listed}
