"""Sessions over the websocket without a browser: round trips, bytes and memory.

A session says what a browser would: the states of the widgets it has changed, the address that the
server last wrote, and the hashes of the large messages that it still has.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.servers import Program
from views.scenes import wire
from views.scenes.block import Scene

TOWNSHIP, YEAR = "乡镇", "年度"
PATIENCE = 120.0  # seconds for one round trip
SETTLES = 2.0  # seconds until a server has given back what it held only for a run
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Round:
    """One run of the script: seconds from asking to its end, the bytes that came, and, where only
    one session asks, the seconds of processor time that the server used."""

    seconds: float
    bytes: int
    processor: float = 0.0


@dataclass(slots=True)
class Widget:
    """A choice on the page: its id, its options as shown, and its kind of element.

    Those of a page that is one scene are the queries that they lead to; a part of the page runs.
    """

    id: str
    options: list[str]
    kind: str
    part: str = ""


@dataclass
class Session:
    """One viewer's connection to a page. Use with ``async with``; entering runs the page once.

    ``as_whom`` is who a program is told that they are (``Program.naming``). ``looks`` are parts of
    the page that a browser runs again of its own accord: seconds between two runs, by their id.
    """

    program: Program
    page: str = ""
    as_whom: str = ""
    widgets: dict[str, Widget] = field(default_factory=dict)
    looks: dict[str, float] = field(default_factory=dict)
    _states: dict[str, WidgetState] = field(default_factory=dict)
    _query: str = ""
    _hashes: set[str] = field(default_factory=set)
    _scenes: dict[str, Scene] = field(default_factory=dict)
    _steps: int = 0

    async def __aenter__(self) -> Session:
        # Large frames come whole; Chromium and Streamlit agree on no compression by default.
        self._socket: ClientConnection = await connect(
            self.program.stream,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=self.program.url(""),  # type: ignore[arg-type]
            additional_headers=self.program.naming(self.as_whom),
            max_size=None,
            compression=None,
            proxy=None,
            open_timeout=PATIENCE,
        )
        self.first = await self.rerun()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def choose(self, label: str, number: int) -> Round:
        """Choose the option of that number (wrapping round) of the widget with that label."""
        widget = self.widgets[label]
        option = widget.options[number % len(widget.options)]
        state = WidgetState(id=widget.id)
        if widget.kind == "scene":
            self._steps += 1
            step = {"number": self._steps, "query": option}
            state.json_trigger_value = json.dumps([{"event": "step", "value": step}])
            return await self.rerun(widget.part, state)
        if widget.kind == "button_group":
            state.string_array_value.data.append(option)
        else:
            state.string_value = option
        self._states[widget.id] = state
        return await self.rerun()

    async def look(self, part: str) -> Round:
        """Run one of ``looks``, as a browser does of its own accord."""
        return await self.rerun(part)

    async def rerun(self, part: str = "", pressed: WidgetState | None = None) -> Round:
        """Ask for a run, by default of the whole page, and read until it has finished.

        ``pressed`` is what is told with this one run. RuntimeError if the page shows one.
        """
        asked = BackMsg()
        if part:
            asked.rerun_script.fragment_id = part
            asked.rerun_script.is_auto_rerun = pressed is None
        asked.rerun_script.page_name = self.page
        asked.rerun_script.query_string = self._query
        asked.rerun_script.widget_states.widgets.extend(self._states.values())
        if pressed is not None:
            asked.rerun_script.widget_states.widgets.append(pressed)
        asked.rerun_script.cached_message_hashes.extend(self._hashes)
        begun, received = time.perf_counter(), 0
        await self._socket.send(asked.SerializeToString())
        while True:
            frame = await asyncio.wait_for(self._socket.recv(), PATIENCE)
            received += len(frame)
            message = ForwardMsg.FromString(frame)
            if message.WhichOneof("type") == "script_finished":
                return Round(time.perf_counter() - begun, received)
            self._take(message)

    def _take(self, message: ForwardMsg) -> None:
        if message.metadata.cacheable:
            self._hashes.add(message.hash)
        kind = message.WhichOneof("type")
        if kind == "page_info_changed":
            self._query = message.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.looks[message.auto_rerun.fragment_id] = message.auto_rerun.interval
        elif kind == "delta":
            self._note(message.delta.new_element)
            self._see(message.delta)

    def _see(self, delta: Any) -> None:
        """The choices of a page that is one scene."""
        sent = delta.new_element.bidi_component
        if sent.component_name != "taizhang_scene":
            return
        base = sent.bytes.split(b" ", 2)[1].decode()
        _, scene = wire.read(sent.bytes, self._scenes.get(base))
        self._scenes[scene.id] = scene
        for label, options in _choices(scene.held["bar"]).items():
            id = f"$$STREAMLIT_INTERNAL_KEY_{sent.id}__events"
            self.widgets[label] = Widget(id, options, "scene", delta.fragment_id)

    def _note(self, element: Any) -> None:
        kind = element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(f"{self.program.url()}: {element.exception.message}")
        if kind == "selectbox":
            found = element.selectbox
            self.widgets[found.label] = Widget(found.id, list(found.options), kind)
        elif kind == "button_group":
            found = element.button_group
            options = [option.content for option in found.options]
            self.widgets[found.label] = Widget(found.id, options, kind)


def _choices(bar: str) -> dict[str, list[str]]:
    """The queries that each choice of a scene's filter bar leads to, by its label."""
    found = {}
    for part in re.split(r"(?=<select|<div class=\"segments)", bar)[1:]:
        label = re.search(r'aria-label="([^"]*)"', part)
        hrefs = re.findall(r'<(?:option|input)[^>]* value="([^"]*)"', part)
        found[label[1] if label else ""] = [unescape(one).partition("?")[2] for one in hrefs]
    return found


async def alone(programs: dict[str, Program], page: str, changes: int) -> dict[str, list[Round]]:
    """Changes of township, then as many of year, by one session a program, turn by turn."""
    rounds: dict[str, list[Round]] = {letter: [] for letter in programs}
    async with AsyncExitStack() as stack:
        sessions = {
            letter: await stack.enter_async_context(Session(program, page))
            for letter, program in programs.items()
        }
        for label in (TOWNSHIP, YEAR):
            for number in range(1, changes + 1):
                for letter, session in sessions.items():
                    before = _used(programs[letter])
                    taken = await session.choose(label, number)
                    used = _used(programs[letter]) - before
                    rounds[letter].append(replace(taken, processor=used))
    return rounds


def _used(program: Program) -> float:
    """Seconds of processor time that a server has used; the system counts hundredths."""
    times = psutil.Process(program.pid).cpu_times()
    return float(times.user + times.system)


async def crowd(
    program: Program, sessions: int, think: float, seconds: float, seed: int
) -> list[float]:
    """Round trips in seconds of many sessions that each choose another township, again and again.

    Each thinks for ``think`` seconds, half more or less, between an answer and the next choice.
    All are connected before the first choice.
    """
    async with AsyncExitStack() as stack:
        viewers = [await stack.enter_async_context(Session(program)) for _ in range(sessions)]
        until = time.monotonic() + seconds
        trips = await asyncio.gather(
            *(
                _choosing(viewer, think, until, random.Random(seed * sessions + number))
                for number, viewer in enumerate(viewers)
            )
        )
    return [seconds for each in trips for seconds in each]


async def _choosing(
    session: Session, think: float, until: float, chance: random.Random
) -> list[float]:
    found: list[float] = []
    number = 0
    await asyncio.sleep(think * chance.random())  # not all in the same instant
    while time.monotonic() < until:
        number += chance.randint(1, 15)  # of 16 options: any but the one shown
        found.append((await session.choose(TOWNSHIP, number)).seconds)
        await asyncio.sleep(think * chance.uniform(0.5, 1.5))
    return found


async def memory(program: Program, sessions: int) -> float:
    """MiB of resident memory that a further open session costs, each having looked twice."""
    server = psutil.Process(program.pid)
    await asyncio.sleep(SETTLES)
    before = server.memory_info().rss
    async with AsyncExitStack() as stack:
        for number in range(sessions):
            session = await stack.enter_async_context(Session(program))
            await session.choose(TOWNSHIP, number)
        await asyncio.sleep(SETTLES)
        after = server.memory_info().rss
    return (after - before) / MIB / sessions
