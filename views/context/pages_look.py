"""The pages that show how things stand: path, title and the query keys each one follows."""

from __future__ import annotations

from metrics import overdue
from metrics.answers import STATES as ANSWERED
from metrics.board import COLUMNS
from metrics.figures import SHOWN
from metrics.funds import PARTS as FUND_PARTS
from views.context.page_keys import (
    EVERYWHERE,
    LOOK,
)
from views.context.page_spec import PageSpec, Tab, parts_of

_TREND_TABS = (
    Tab("", "tab_trend"),
    Tab("places", "tab_places"),
    Tab("flows", "tab_flows"),
)

_ZONE_TABS = (
    Tab("", "tab_overview"),
    Tab("matters", "zones_matters", listing=True),
    Tab("grids", "zones_grids", listing=True),
    Tab("members", "zones_members", listing=True),
)
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
        scene=True,
    ),
    PageSpec(
        "map",
        "map",
        "page_map",
        (*EVERYWHERE, "indicator", "level", "scale"),
        section=LOOK,
        indicator="monitored_households",
        tables=("household_year", "settlement_site"),
        scene=True,
    ),
    PageSpec(
        "trends",
        "trends",
        "page_trends",
        (*EVERYWHERE, "indicator", "compare", "part"),
        section=LOOK,
        parts=parts_of(_TREND_TABS),
        tabs=_TREND_TABS,
        tables=("household_year",),
        scene=True,
    ),
    PageSpec(
        "targets",
        "targets",
        "page_targets",
        ("region", "zone", "snapshot", "indicator", "part", "rules", "lang"),
        section=LOOK,
        indicator="collective_100k_share",
        parts=("all", "places"),
        tables=("target",),
        indicators=True,
    ),
    PageSpec(
        "zones",
        "zones",
        "page_zones",
        ("region", "zone", "snapshot", "part", "page", "rules", "lang"),
        section=LOOK,
        parts=parts_of(_ZONE_TABS),
        tabs=_ZONE_TABS,
        tables=("zone_member", "relocation", "monitored_household", "sieve_result"),
        systems=("war_zones", "zone_grids"),
    ),
    PageSpec(
        "overdue",
        "overdue",
        "page_overdue",
        ("region", "zone", "snapshot", "part", "sort", "page", "rules", "lang"),
        section=LOOK,
        parts=(overdue.ALL, *overdue.SYSTEMS),
        sorts=overdue.SORTS,
        tables=("ledger_entry", "monitored_household", "sieve_result", "inspection"),
        personal=True,
    ),
    PageSpec(
        "funds",
        "funds",
        "page_funds",
        (*EVERYWHERE, "id", "fund", "check", "part", "state", "page"),
        section=LOOK,
        parts=FUND_PARTS,
        states=ANSWERED,
        tables=("fund_source", "allotment", "payment", "fund_receipt", "fund_book", "fund_item"),
        headlines=("fund_allotted", "fund_paid", "fund_paid_share", "fund_to_households"),
        personal=True,
    ),
    PageSpec(
        "meeting",
        "meeting",
        "page_meeting",
        ("snapshot", "meeting", "item", "lang"),
        section=LOOK,
        acts=("share",),
    ),
    PageSpec(
        "briefing",
        "briefing",
        "page_briefing",
        (*EVERYWHERE, "meeting"),
        section=LOOK,
        acts=("export",),
    ),
)
