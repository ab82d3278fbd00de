"""The pages of the systems that accompany households: path, title and the query keys of each."""

from __future__ import annotations

from metrics.calendars import PARTS as CALENDAR_PARTS
from metrics.department_lists import LISTS as DEPARTMENT_LISTS
from metrics.disclosure import LISTS as DISCLOSED
from metrics.disclosure import MADE_OF
from metrics.homes import PARTS as HOME_PARTS
from metrics.notices import ANSWERS, OWN_FUNDS
from metrics.notices import SETS as NOTICE_SETS
from metrics.notices import STATES as NOTICE_STATES
from metrics.relocation import LISTS as RELOCATION_LISTS
from metrics.village_income_lists import (
    CONTRACT_LISTS,
    DIFFERENCE_LISTS,
    DIFFERENCES,
    ENTRUSTED,
    SORTS,
    SOURCED,
    VILLAGE_LISTS,
    VILLAGES,
)
from metrics.visits import LISTS as VISIT_LISTS
from metrics.work_lists import LISTS as WORK_LISTS
from metrics.work_lists import LOST_SINCE
from views.context.page_keys import CHECK, EVERYWHERE
from views.context.page_spec import PageSpec, Tab, parts_of

_OF_WORK = ("employment", "post", "workplace", "workplace_worker", "training", "leader",
            "led_household")  # fmt: skip
_INCOME_TABS = (
    Tab("", "tab_overview"),
    Tab(
        VILLAGES,
        "tab_villages",
        holds=tuple(VILLAGE_LISTS),
        asked_by=("page", "sort"),
        listing=True,
    ),
    Tab(SOURCED, "tab_sources"),
    Tab(ENTRUSTED, "tab_entrusted", holds=tuple(CONTRACT_LISTS), listing=True),
    Tab(DIFFERENCES, "tab_differences", holds=DIFFERENCE_LISTS, listing=True),
)


PAGES: tuple[PageSpec, ...] = (
    PageSpec(
        "relocation",
        "relocation",
        "page_relocation",
        ("region", "zone", "snapshot", "part", "page", "rules", "lang"),
        section=CHECK,
        group="menu_help",
        parts=("sites", "origins", *RELOCATION_LISTS),
        tables=("relocation", "settlement_site"),
        systems=("relocation", "resettlement_sites"),
        personal=True,
    ),
    PageSpec(
        "visits",
        "visits",
        "page_visits",
        ("region", "zone", "snapshot", "part", "page", "rules", "lang"),
        section=CHECK,
        group="menu_help",
        parts=("places", *VISIT_LISTS),
        tables=("cadre", "pairing", "visit", "stay", "patrol"),
        systems=("visits", "stationed"),
        personal=True,
    ),
    PageSpec(
        "homes",
        "homes",
        "page_homes",
        ("region", "zone", "snapshot", "part", "page", "rules", "lang"),
        section=CHECK,
        group="menu_help",
        parts=HOME_PARTS,
        tables=("happiness_home", "home_applicant", "home_resident", "package_holding"),
        systems=("happiness_homes", "home_eligibility", "home_residents", "package_211130"),
        personal=True,
    ),
    PageSpec(
        "calendar",
        "calendar",
        "page_calendar",
        ("region", "snapshot", "part", "page", "rules", "lang"),
        section=CHECK,
        group="menu_help",
        parts=CALENDAR_PARTS,
        tables=("monthly_payment", "post", "dividend", "visit"),
        systems=("calendar", "calendar_homes"),
        personal=True,
    ),
    PageSpec(
        "compare_lists",
        "compare-lists",
        "page_compare_lists",
        ("region", "zone", "snapshot", "part", "page", "rules", "lang"),
        section=CHECK,
        group="menu_proof",
        parts=("places", *DEPARTMENT_LISTS),
        tables=("list_entry",),
        personal=True,
    ),
    PageSpec(
        "work",
        "work",
        "page_work",
        ("region", "zone", "snapshot", "part", "page", "rules", "lang"),
        section=CHECK,
        group="menu_help",
        parts=("places", "months", LOST_SINCE, *WORK_LISTS),
        tables=_OF_WORK,
        systems=("work", "workers", "posts", "workplaces", "leaders"),
        personal=True,
    ),
    PageSpec(
        "village_income",
        "village-income",
        "page_village_income",
        (*EVERYWHERE, "part", "sort", "page"),
        section=CHECK,
        group="menu_help",
        sorts=SORTS,
        parts=parts_of(_INCOME_TABS),
        tabs=_INCOME_TABS,
        tables=("village_year", "village_account", "village_receipt", "entrust_contract"),
        systems=("collective_income", "entrusted_operation"),
        headlines=(
            "collective_any_share",
            "collective_50k_share",
            "collective_100k_share",
            "collective_shells",
        ),
        personal=True,
    ),
    PageSpec(
        "publish",
        "publish",
        "page_publish",
        (*EVERYWHERE, "state", "part", "page"),
        section=CHECK,
        group="menu_proof",
        parts=(*DISCLOSED, *(f"made_{key}" for key in MADE_OF), OWN_FUNDS, "places", "objections"),
        states=(*NOTICE_STATES, *NOTICE_SETS, *ANSWERS),
        tables=("public_notice", "notice_objection", "monitored_household", "publication"),
        personal=True,
    ),
)
