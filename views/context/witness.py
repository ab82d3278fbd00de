"""Who looks at what, written to the audit before it is shown: once a view, not once a run of it.

A view is what an address shows; turning its pages, sorting them or another language are the same
one. Whoever leaves and comes back looks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from state import audit
from state.audit import Kind, NotRecorded, Outcome
from store.masks import mask_text
from views.context import address, searching
from views.context.refusal import Refusal
from views.context.stage import Stage

_WRITTEN = "view_written"  # in the session: the view that is shown, and what was written of it
# What makes no other view of a list.
_SAME = ("page", "sort", "lang", "rules", "facet", "pick")


def household(stage: Stage) -> bool:
    """Write that the address's household is looked at; False where that cannot be written."""
    return _once(stage, "household_seen", {"household": stage.view.id}, ("id", "snapshot"))


def listed(stage: Stage, rows: int, title: str = "") -> bool:
    """Write that a list is looked at, its filter and how many rows; False where it cannot be."""
    return _once(stage, "list", {**asked(stage), "rows": rows}, what=title)


def refused(stage: Stage, refusal: Refusal) -> None:
    """Write what was asked for and refused; that it cannot be written shows nobody more."""
    about = {**refusal._asdict(), "page": stage.spec.key}
    _once(stage, "refusal", about, what=str(refusal), outcome="refused")


def write(stage: Stage, kind: Kind, about: Mapping[str, Any], outcome: Outcome = "done") -> Any:
    """Write an act of the viewer's at the snapshot shown; its entry. Raises NotRecorded."""
    told = {**about, "snapshot": stage.county.snapshot.number}
    return audit.record(stage.county.home.path, kind, stage.viewer.subject, told, outcome)


def asked(stage: Stage) -> dict[str, Any]:
    """What the view's rows are, by query keys; a person searched for by name stays masked."""
    view, bounds = stage.view, stage.bounds
    keys = [key for key in stage.spec.keys if key not in (*_SAME, "snapshot")]
    found = address.query(view, bounds, keys, pinned=True)
    if "region" in keys:
        found["region"] = view.region
    if view.q and searching.is_private(view.q):
        found["q"] = mask_text(view.q, "name")
    return {"page": stage.spec.key, "filter": found}


def _once(
    stage: Stage,
    kind: Kind,
    about: Mapping[str, Any],
    keys: tuple[str, ...] = (),
    *,
    what: str = "",
    outcome: Outcome = "done",
) -> bool:
    """Write it if this view has not; ``keys`` are those that make it another view, else all."""
    names = keys or [key for key in stage.spec.keys if key not in _SAME]
    view = (stage.spec.key, *(str(getattr(stage.view, name)) for name in names))
    shown, written = st.session_state.get(_WRITTEN, (None, set()))
    if shown != view:
        written = set()
    if (kind, what) not in written:
        try:
            write(stage, kind, about, outcome)
        except NotRecorded:
            return False
        written = {*written, (kind, what)}
    st.session_state[_WRITTEN] = (view, written)
    return True
