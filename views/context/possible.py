"""What values an address may hold: for this county, this viewer, this page."""

from __future__ import annotations

from access.viewer import Viewer
from metrics.county import County
from metrics.lists import COLUMNS, GROUPS
from metrics.subjects import subject_of
from rules.parameters import in_force
from rules.registry import rules, systems
from views.context import filtering
from views.context.page_spec import PageSpec
from views.context.view import Bounds


def bounds(opened: County, viewer: Viewer, spec: PageSpec) -> Bounds:
    """The bounds of a page's view; the snapshot that addresses leave out is the home's current."""
    root = opened.holding(viewer.root())
    fields = filtering.fields(opened)
    chosen = "cols" in spec.keys
    sortable = dict.fromkeys((*COLUMNS, *fields.columns))
    return Bounds(
        root=root,
        places=opened.within(root, viewer.scope),
        zones=tuple(code for code, one in opened.zones.items() if one.seen(viewer.scope)),
        grids=tuple(code for code, one in opened.zones.items() if one.touches(viewer.scope)),
        years=opened.years,
        snapshots=tuple(opened.home.numbers()),
        current=opened.home.current_number(),
        indicators=_indicators(opened, spec),
        groups=tuple(opened.rules),
        checks=opened.checks.keys(),
        rules=rules().keys(),
        thresholds=in_force().keys(),
        parts=_parts(spec),
        states=spec.states,
        sorts=tuple(dict.fromkeys((*spec.sorts, *sortable))) if chosen else spec.sorts,
        indicator=spec.indicator,
        level=spec.level,
        year=spec.year,
        rulebook=opened.rulebook.fingerprint,
        fields=fields,
        columns=(*sortable, GROUPS) if chosen else (),
    )


def _parts(spec: PageSpec) -> tuple[str, ...]:
    """The page's own, and where each system of rules is one those of the county too."""
    own = systems() if spec.key == "definitions" else ()
    return tuple(dict.fromkeys((*spec.parts, *own)))


def _indicators(opened: County, spec: PageSpec) -> tuple[str, ...]:
    """What the page can show; where an indicator filters a list, those that open one."""
    filters = not spec.indicator
    return tuple(k for k, one in opened.indicators.items() if subject_of(one) or not filters)
