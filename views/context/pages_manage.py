"""The pages that keep data and rights, what is saved, and those that no menu names."""

from __future__ import annotations

from metrics.concerns import CONCERNS
from rules.registry import SYSTEMS
from views.context.page_keys import (
    EVERYWHERE,
    MANAGE,
    SAVED,
)
from views.context.page_spec import PageSpec, Tab, parts_of

_OVERVIEW = Tab("", "tab_overview")
_QUALITY_TABS = (
    _OVERVIEW,
    Tab("checks", "tab_checks", listing=True),
    Tab("places", "tab_places", listing=True),
    Tab(
        "list",
        "tab_list",
        asked_by=("check", "severity", "change", "page"),
        listing=True,
    ),
)
_DATA_TABS = (
    _OVERVIEW,
    Tab("rows", "tab_rows", asked_by=("kind", "reason", "file", "page"), listing=True),
)
# The book of rules is read a system at a time.
_DEFINITION_TABS = (
    Tab("", "tab_rules", holds=tuple(SYSTEMS)),
    *(
        Tab(key, f"definitions_{key}", listing=True)
        for key in ("parameters", "indicators", "checks", "terms", "codes")
    ),
)
_ADMIN_TABS = (
    Tab("", "tab_grants"),
    Tab("audit", "tab_audit", asked_by=("page",), listing=True),
)
_VILLAGE_TABS = (
    _OVERVIEW,
    Tab("standards", "tab_standards"),
    Tab("indicators", "definitions_indicators", listing=True),
    Tab("projects", "projects"),
    Tab("income", "tab_income"),
)

PAGES: tuple[PageSpec, ...] = (
    PageSpec(
        "quality",
        "quality",
        "page_quality",
        (
            "region",
            "snapshot",
            "check",
            "severity",
            "change",
            "against",
            "part",
            "page",
            "rules",
            "lang",
        ),
        parts=parts_of(_QUALITY_TABS),
        tabs=_QUALITY_TABS,
        section=MANAGE,
        personal=True,
    ),
    PageSpec(
        "data",
        "data",
        "page_data",
        ("snapshot", "kind", "reason", "file", "part", "page", "lang"),
        parts=parts_of(_DATA_TABS),
        tabs=_DATA_TABS,
        section=MANAGE,
        whole=True,
        partly=("refused_rows",),
        personal=True,
    ),
    PageSpec(
        "definitions",
        "definitions",
        "page_definitions",
        ("snapshot", "rule", "part", "rules", "lang"),
        parts=parts_of(_DEFINITION_TABS),
        tabs=_DEFINITION_TABS,
        section=MANAGE,
    ),
    PageSpec(
        "admin",
        "admin",
        "page_admin",
        ("snapshot", "part", "page", "lang"),
        parts=parts_of(_ADMIN_TABS),
        tabs=_ADMIN_TABS,
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
        (*EVERYWHERE, "id", "asof", "part"),
        parts=tuple(CONCERNS),
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
        (*EVERYWHERE, "part"),
        parts=parts_of(_VILLAGE_TABS),
        tabs=_VILLAGE_TABS,
        hidden=True,
        under="map",
        tables=("village_year", "project", "village_account"),
        systems=("village_exit", "household_exit", "labour_classes", "groups"),
        headlines=(
            "registered_households",
            "poor_people",
            "monitored_households",
            "per_capita_income",
            "collective_income",
        ),
        scene=True,
    ),
)
