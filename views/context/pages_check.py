"""The pages that check who and why: path, title and the query keys each one follows."""

from __future__ import annotations

from findings.asking import ASKED
from metrics import deprivation, project_parts
from metrics.dynamics import EDGE_PARTS, EVENT_PARTS, UNRECORDED
from metrics.exit import LACKS_ONE, standards
from metrics.monitoring import OPEN_PARTS, RELEASED_PARTS
from metrics.people import MEMBER_PARTS, REST_PARTS
from metrics.safety_net import CASES
from metrics.sieves import SIEVES
from metrics.turns import TURN_PARTS
from views.context import pages_systems, sample_keys
from views.context.page_keys import CHECK, EVERYWHERE, FILTER
from views.context.page_spec import PageSpec, Tab, parts_of

# What the list of villages of /exit shows: those that lack one standard, or that miss this one.
EXIT_PARTS = (LACKS_ONE, *(rule.key for rule in standards("village_exit")))


LEDGER_KEYS = ("by", "against", "page", "sort", "facet", "cols", "pick")
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

_OVERVIEW = Tab("", "tab_overview")
_PLACES = Tab("places", "tab_places")
_WHAT = Tab("what", "tab_what", asked_by=("what",))
_GROUP_TABS = (_OVERVIEW, Tab("ledgers", "tab_ledgers"), _WHAT)
_CLASS_TABS = (
    _OVERVIEW,
    Tab("measures", "tab_measures"),
    Tab("moves", "tab_moves", holds=("labour_subclass",), asked_by=("since",)),
    Tab("nine", "tab_nine"),
    Tab("list", "tab_list", asked_by=("page",), listing=True),
)
_EXIT_TABS = (
    _OVERVIEW,
    _PLACES,
    Tab("inspections", "tab_inspections"),
    Tab("villages", "tab_villages", holds=EXIT_PARTS, asked_by=("page",), listing=True),
    Tab("county", "tab_county"),
    _WHAT,
)
_MONITORING_TABS = (
    _OVERVIEW,
    _PLACES,
    Tab("releases", "tab_releases"),
    _WHAT,
    Tab(
        "open",
        "tab_list",
        holds=(*OPEN_PARTS, *RELEASED_PARTS),
        asked_by=("page",),
        listing=True,
    ),
)
_DYNAMICS_TABS = (
    Tab("", "tab_overview", holds=DYNAMICS_PARTS),
    Tab("records", "tab_records"),
)
_SAFETY_TABS = (
    _OVERVIEW,
    _PLACES,
    Tab("list", "tab_list", holds=CASES, asked_by=("page",), listing=True),
)
_SIEVE_TABS = (
    _OVERVIEW,
    _PLACES,
    Tab("gaps", "tab_gaps", listing=True),
    Tab("matrix", "tab_gap_matrix"),
    Tab("list", "tab_list", holds=SIEVES, asked_by=("state", "about", "page"), listing=True),
)
_STRESS_TABS = (
    _OVERVIEW,
    _PLACES,
    Tab("falls", "tab_list", holds=("under", "all"), asked_by=("page",), listing=True),
)

_OF_PROBLEMS = ("unit", "source", "about", "mine", "part", "finding", "draft")

# The last year with a national line to leave poverty by.
_LAST_STANDARDS = 2020

PAGES: tuple[PageSpec, ...] = (
    PageSpec(
        "risk_groups",
        "risk-groups",
        "page_risk_groups",
        (*EVERYWHERE, "group", "what", "part"),
        section=CHECK,
        group="menu_households",
        parts=parts_of(_GROUP_TABS),
        tabs=_GROUP_TABS,
        tables=("ledger_entry",),
        systems=("groups",),
    ),
    PageSpec(
        "ledgers",
        "ledgers",
        "page_ledgers",
        (*EVERYWHERE, *FILTER, *LEDGER_KEYS),
        section=CHECK,
        indicator="",
        sorts=LEDGER_SORTS,
        tables=("ledger_entry",),
        systems=("groups",),
        personal=True,
        scene=True,
        standing=("group", "state", "facet"),
    ),
    PageSpec(
        "classes",
        "classes",
        "page_classes",
        (*EVERYWHERE, "since", "part", "page"),
        section=CHECK,
        group="menu_households",
        year=_LAST_STANDARDS,
        parts=parts_of(_CLASS_TABS),
        tabs=_CLASS_TABS,
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
        group="menu_households",
        year=_LAST_STANDARDS,
        parts=parts_of(_EXIT_TABS),
        tabs=_EXIT_TABS,
        tables=("household_year", "inspection", "village_year", "county_year"),
        systems=("household_exit", "six_inspections", "village_exit", "county_exit"),
        headlines=("poverty_rate", "poor_households", "exited_this_year_people"),
        personal=True,
    ),
    PageSpec(
        "deprivation",
        "deprivation",
        "page_deprivation",
        (*EVERYWHERE, "part", "what"),
        section=CHECK,
        group="menu_households",
        parts=("places", "years", "try"),
        tables=("household_year",),
        systems=("deprivation",),
        headlines=(deprivation.HEADCOUNT, deprivation.INTENSITY, deprivation.M0),
    ),
    PageSpec(
        "remaining",
        "remaining",
        "page_remaining",
        (*EVERYWHERE, "beside", "part"),
        section=CHECK,
        group="menu_households",
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
        group="menu_households",
        parts=parts_of(_MONITORING_TABS),
        tabs=_MONITORING_TABS,
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
        group="menu_households",
        parts=parts_of(_DYNAMICS_TABS),
        tabs=_DYNAMICS_TABS,
        tables=("change_event",),
        headlines=("exited_this_year_people", "fell_back_people", "monitored_households"),
        personal=True,
    ),
    PageSpec(
        "safety_net",
        "safety-net",
        "page_safety_net",
        ("region", "zone", "snapshot", "part", "page", "rules", "lang"),
        section=CHECK,
        group="menu_help",
        parts=parts_of(_SAFETY_TABS),
        tabs=_SAFETY_TABS,
        tables=("benefit",),
        systems=("safety_net",),
        personal=True,
    ),
    *pages_systems.PAGES,
    PageSpec(
        "sieves",
        "sieves",
        "page_sieves",
        ("region", "zone", "snapshot", "state", "about", "part", "page", "rules", "lang"),
        section=CHECK,
        group="menu_proof",
        parts=parts_of(_SIEVE_TABS),
        tabs=_SIEVE_TABS,
        tables=("sieve_result",),
        personal=True,
    ),
    PageSpec(
        "problems",
        "problems",
        "page_problems",
        ("region", "zone", "snapshot", "state", "page", *_OF_PROBLEMS, "rules", "lang"),
        section=CHECK,
        group="menu_proof",
        parts=("week",),
        states=ASKED,
        personal=True,
    ),
    PageSpec(
        "samples",
        "samples",
        "page_samples",
        (*EVERYWHERE, *FILTER, *sample_keys.KEYS, "part", "page"),
        section=CHECK,
        group="menu_proof",
        indicator="",
        parts=sample_keys.PARTS,
        systems=("groups", "household_exit"),
        acts=("see_samples",),
        personal=True,
    ),
    PageSpec(
        "projects",
        "projects",
        "page_projects",
        ("region", "zone", "snapshot", "state", "part", "project", "page", "rules", "lang"),
        section=CHECK,
        group="menu_help",
        parts=project_parts.PARTS,
        states=project_parts.STATES,
        tables=("project", "project_path", "project_schedule", "asset", "facility", "points_month"),
        headlines=("project_finished_share", "project_late_share", "asset_yield_share"),
        personal=True,
    ),
    PageSpec(
        "stress",
        "stress",
        "page_stress",
        (*EVERYWHERE, "part", "what", "shock", "page"),
        section=CHECK,
        group="menu_households",
        parts=parts_of(_STRESS_TABS),
        tabs=_STRESS_TABS,
        tables=("household_year",),
        systems=("groups", "household_exit", "monitored"),
        personal=True,
    ),
)
