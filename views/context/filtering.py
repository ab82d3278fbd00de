"""What households may be filtered by in a county, and what of it the snapshot does not know."""

from __future__ import annotations

import re

from access.viewer import Viewer
from findings import asking, of_households
from glossary import codes
from metrics.conditions import MOST_NAMED, Condition
from metrics.county import County
from metrics.field_sources import fields_of
from metrics.fields import PROBLEMS, Fields
from state.database import kept_open
from views.context.view import Bounds, View

_NUMBER = re.compile(r"[A-Za-z0-9]{1,32}")  # of a household


def fields(county: County) -> Fields:
    """The fields of a county, made once."""

    def make() -> Fields:
        places = [code for code, place in county.places.items() if place.level != "county"]
        return fields_of(codes(), county.checks, places, county.data_date, county.zones)

    return county.kept("fields", make)


def followed(county: County, viewer: Viewer) -> dict[str, object]:
    """The households of which problems are followed, as parameters of the field ``problems``.

    Raises state.database.StateError where these cannot be read.
    """
    with kept_open(county.home.path).reading() as session:
        found = of_households.households(session, viewer, asking.today())
    return {f"problems_{key}": found[key] for key in PROBLEMS}


def where(given: str, bounds: Bounds) -> tuple[Condition, ...]:
    """The conditions of an address's value. Raises ValueError, of a place not seen too."""
    found = bounds.fields.read(given)
    for one in found:
        seen = {"place": bounds.places, "zone": bounds.grids}.get(one.field)
        if seen is not None and not set(one.values) <= set(seen):
            raise ValueError(given)
    return found


def columns(given: str, bounds: Bounds) -> tuple[str, ...]:
    """The columns of an address's value, each once. Raises ValueError."""
    keys = tuple(dict.fromkeys(given.split(".")))
    if not set(keys) <= set(bounds.columns):
        raise ValueError(given)
    return keys


def picked(given: str, _: Bounds) -> tuple[str, ...]:
    """The households that an address's value names, each once. Raises ValueError."""
    keys = tuple(dict.fromkeys(given.split(".")))
    if len(keys) > MOST_NAMED or not all(map(_NUMBER.fullmatch, keys)):
        raise ValueError(given)
    return keys


def asks_problems(view: View) -> bool:
    """Whether a view's list depends on what problems are followed."""
    return view.facet == "problems" or any(one.field == "problems" for one in view.where)
