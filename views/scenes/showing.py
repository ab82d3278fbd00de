"""A page that is one scene: drawn once by one component, and told only what changes.

A choice in the filter bar and a link within the page are steps: the browser changes the address,
and only this part of the program runs again, not the frame around it. Whatever a step may not
decide by itself (another snapshot or language, a refusal, something to be said over the page) runs
the whole program.

The session remembers which scenes the browser was sent, so that the next is told against one of
them; a browser that has it no more says so and gets the whole. While a viewer rests, the browser
asks for the views one step away. They are made as those that are asked for are, for whoever looks
at that moment, and only of pages that show no household or person: those are audited when shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Semaphore
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from state.database import StateError
from store.snapshots import NoSnapshot, SnapshotDamaged
from views import frame
from views.browser import components
from views.context import mending, visitor, where
from views.context.address import Query
from views.context.refusal import refusal_of
from views.context.stage import Stage, asked, set_stage, staged
from views.scenes import bar, block, wire
from views.scenes.block import Block, Scene

# A page: what it shows of a stage.
Make = Callable[[Stage], tuple[Block, ...]]

AT_ONCE = 4  # scenes that are made in one go while somebody rests
_HELD = 6  # scenes that a session remembers beside the one shown
_LONGEST = 2000  # characters of a query
_KEY = "scene"
_AHEAD = "scene_ahead_"  # and a number
_SENT = "scenes_sent"  # in the session: what its browser was sent
_STEPPED = "scene_stepped"  # in the session: that the address changed since the whole program ran
_WANTED = "scenes_wanted"  # in the session: the queries that its browser asks for
# Scenes ahead are made for one session at a time: those who wait for an answer go first.
_MAKING = Semaphore(1)


@dataclass(slots=True)
class Sent:
    """What a session's browser has: the scene shown and those beside it, by their names.

    ``of`` is what all of them rest on.
    """

    of: str = ""
    shown: Scene | None = None
    beside: dict[str, Scene] = field(default_factory=dict)
    step: int = 0

    def begin(self, of: str) -> None:
        """Forget what rests on something else."""
        if of != self.of:
            self.of, self.shown, self.beside = of, None, {}

    def keep(self, scene: Scene) -> None:
        """Remember a scene beside the one shown; the oldest of many is forgotten."""
        self.beside.pop(scene.id, None)
        self.beside[scene.id] = scene
        while len(self.beside) > _HELD:
            del self.beside[next(iter(self.beside))]


def draw(stage: Stage, make: Make, below: Callable[[Stage], None] | None = None) -> None:
    """Draw the page, and let the browser ask for what is one step away.

    ``below`` draws what of it has to be the framework's own, such as a form, anew with each step.
    """
    _shown(stage, make, below, asked())
    if not stage.spec.personal:
        _ahead(stage, make)


def scene_of(stage: Stage, make: Make) -> Scene:
    """Everything that a view shows: the page, and what of the frame depends on the view."""
    around = (
        block.title(where.title(stage)),
        block.html("menu", frame.menu(stage)),
        block.html("masthead", frame.masthead(stage)),
        block.html("bar", bar.bar(stage)),
    )
    return Scene(make(stage), around)


@st.fragment
def _shown(stage: Stage, make: Make, below: Callable[[Stage], None] | None, began: Query) -> None:
    # A widget below runs this part again too, some steps after the page was drawn.
    if st.session_state.pop(_STEPPED, False) or asked() != began:
        now = _anew(stage, asked(), used=True)
        if now is None:
            st.rerun()
        stage = now
    sent = _sent()
    sent.begin(_of(stage))
    scene = scene_of(stage, make)
    base = sent.beside.get(scene.id, sent.shown)
    query = urlencode(asked(), doseq=True)
    message = wire.message(scene, base, of=sent.of, step=sent.step, query=query)
    components.scene(message, key=_KEY, on_step_change=_step, on_lost_change=_lost)
    sent.shown = scene
    sent.keep(scene)
    if below is not None:
        below(stage)


@st.fragment
def _ahead(stage: Stage, make: Make) -> None:
    with _in_turn(st.session_state.pop(_WANTED, ())) as wanted:
        # Each is sent as it is made; whoever takes a step meanwhile does not wait for the others.
        for number, query in enumerate(wanted or ("",)):
            message = _made_ahead(stage, make, query) if wanted else b""
            components.ready_ahead(message, key=f"{_AHEAD}{number}", on_wanted_change=_want)


def _made_ahead(stage: Stage, make: Make, query: str) -> bytes:
    """A scene that is not asked for yet; empty where the whole program would have to say it."""
    sent = _sent()
    then = _anew(stage, mending.grouped(query), used=False)
    if then is None or sent.shown is None or _of(then) != sent.of:
        return b""
    scene = scene_of(then, make)
    message = wire.message(scene, sent.shown, of=sent.of, query=query)
    sent.keep(scene)
    return message


@contextmanager
def _in_turn(wanted: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """What is wanted, if nobody else's is being made."""
    if not wanted or not _MAKING.acquire(blocking=False):
        yield ()
        return
    try:
        yield wanted
    finally:
        _MAKING.release()


def _anew(before: Stage, given: Query, *, used: bool) -> Stage | None:
    """The stage of another address of the page, for whoever looks now.

    None where more than the page's own place would have to change.
    """
    try:
        if not visitor.asked_anew(used=used).may_look:
            return None
        if used:
            now = set_stage(before.spec)
        else:
            county = before.county
            viewer = visitor.viewer(county.code, county.simulated, county.zones)
            now = staged(before.spec, given, before.county, viewer, before.bounds)
    except (StateError, NoSnapshot, SnapshotDamaged):
        return None
    for stage in (before, now):
        view = stage.view
        if stage.fallen or view.link or view.q or view.rules != stage.bounds.rulebook:
            return None
    if now.view.facet or now.subject != before.subject:
        return None
    same = ("lang", "snapshot", "rules", *before.spec.standing)
    if any(getattr(now.view, key) != getattr(before.view, key) for key in same):
        return None
    return None if refusal_of(now) else now


def _of(stage: Stage) -> str:
    """What every scene of a session rests on, as a name: where it differs, none can be used."""
    who = stage.viewer
    rests = (
        stage.spec.key,
        stage.lang,
        stage.county.snapshot.number,
        stage.bounds.rulebook,
        who.subject,
        sorted(who.scopes.items()),
        components.screen_size(),
        components.draws_maps(),
    )
    return blake2b(repr(rests).encode(), digest_size=6).hexdigest()


def _sent() -> Sent:
    found: Sent = st.session_state.setdefault(_SENT, Sent())
    return found


def _told(key: str, name: str) -> Any:
    """What the browser told with a trigger; None for nothing."""
    return (st.session_state.get(key) or {}).get(name)


def _step() -> None:
    """The browser changed the address within the page."""
    given = _told(_KEY, "step")
    if not isinstance(given, dict):
        return
    query, number = given.get("query"), given.get("number")
    if not isinstance(query, str) or not isinstance(number, int) or len(query) > _LONGEST:
        return
    st.session_state[_STEPPED] = True
    _sent().step = number
    # A browser that asks with the new address need not be told it: one message less.
    if asked() != (wanted := mending.grouped(query)):
        st.query_params.from_dict(wanted)


def _lost() -> None:
    """The browser has not what it was told against: it gets the whole."""
    st.session_state[_STEPPED] = True
    st.session_state[_SENT] = Sent(step=_sent().step)


def _want() -> None:
    """The browser asks for views one step away."""
    given = _told(f"{_AHEAD}0", "wanted")
    if isinstance(given, list):
        every = [one for one in given if isinstance(one, str) and len(one) <= _LONGEST]
        st.session_state[_WANTED] = tuple(every[:AT_ONCE])
