"""What a text of an address means: each function raises ValueError where it means nothing."""

from __future__ import annotations

from collections.abc import Collection

from findings import texts
from findings.texts import OTHER
from findings.units import UNIT_CODE
from metrics.selections import Selection, selection
from state.links import code_of
from views.context.view import OF_PROJECT, OF_SUBJECT, Amount, Bounds, Draft

MOST_COMPARED = 6
# ``group=only.a.b``: in exactly these groups and no other; ``group=a.b``: in both at least.
ONLY = "only"
_MOST = 9_999_999


def one_of(given: str, allowed: Collection[str]) -> str:
    if given not in allowed:
        raise ValueError(given)
    return given


def is_whole(given: str) -> bool:
    """Whether a text is a whole number as addresses write it."""
    return given.isascii() and given.isdigit() and len(given) <= 9 and str(int(given)) == given


def whole(given: str, allowed: Collection[int] | None = None) -> int:
    if not is_whole(given):
        raise ValueError(given)
    if allowed is not None and int(given) not in allowed:
        raise ValueError(given)
    return int(given)


def page(given: str) -> int:
    number = whole(given)
    if number < 1:
        raise ValueError(given)
    return number


def sort(given: str, bounds: Bounds) -> str:
    one_of(given.removeprefix("-"), bounds.sorts)
    return given


def household(given: str) -> str:
    if not (given.isascii() and given.isalnum() and len(given) <= 32):
        raise ValueError(given)
    return given


def reason(given: str) -> str:
    if not (given.isascii() and given.replace("_", "").isalnum() and len(given) <= 40):
        raise ValueError(given)
    return given


def unit(given: str) -> str:
    if len(given) != UNIT_CODE or set(given) - set("0123456789abcdef"):
        raise ValueError(given)
    return given


def draft(given: str) -> Draft:
    kind, _, subject = given.partition(".")
    if kind != OTHER:
        key, _, subject = subject.partition(".")
        kind = f"{kind}.{key}"
    home, _, member = subject.partition(".")
    if home == OF_PROJECT:
        found = Draft(texts.kind(kind), "", project=household(member))
    elif home == OF_SUBJECT:
        found = Draft(texts.kind(kind), "", subject=household(member))
    else:
        found = Draft(texts.kind(kind), household(home), page(member) if member else None)
    if str(found) != given or not (found.household or found.project or found.subject):
        raise ValueError(given)
    return found


def file(given: str) -> str:
    if not given or len(given) > 160 or not given.isprintable():
        raise ValueError(given)
    return given


def fingerprint(given: str) -> str:
    if len(given) != 12 or set(given) - set("0123456789abcdef"):
        raise ValueError(given)
    return given


def link(given: str) -> str:
    if code_of(given) != given:
        raise ValueError(given)
    return given


def places(given: str, bounds: Bounds) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(given.split(".")))
    if len(codes) > MOST_COMPARED:
        raise ValueError(given)
    return tuple(one_of(code, bounds.places) for code in codes)


def group(given: str, bounds: Bounds) -> str:
    first, *keys = given.split(".")
    if first != ONLY:
        keys = [first, *keys]
    if not keys or keys != [key for key in bounds.groups if key in keys]:
        raise ValueError(given)
    return given


def beside(given: str, bounds: Bounds) -> tuple[str, int]:
    place, _, year = given.partition(".")
    return one_of(place, bounds.places), whole(year, bounds.years)


def amount(given: str, allowed: Collection[str]) -> Amount:
    key, _, digits = given.partition(".")
    if not (digits.isascii() and digits.replace(".", "", 1).isdigit()):
        raise ValueError(given)
    amount = Amount(one_of(key, allowed), float(digits))
    if str(amount) != given or amount.size > _MOST:
        raise ValueError(given)
    if amount.key.endswith("percent") and amount.size > 100:
        raise ValueError(given)
    return amount


def select(given: str, bounds: Bounds) -> Selection:
    chosen = selection(given)
    if chosen.year is not None and chosen.year not in bounds.years:
        raise ValueError(given)
    return chosen


def first_year(bounds: Bounds) -> int:
    year = bounds.year
    return year if year is not None and year in bounds.years else max(bounds.years)
