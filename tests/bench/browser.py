"""What a viewer waits for, in headless Chromium: from a key press to the last paint, cold loads.

One criterion for all programs, in ``probe.js``: a change is over when the script has run and
nothing more is drawn, and it took until the frame of the last drawing was painted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, ViewportSize, sync_playwright

from tests.bench.servers import DASHBOARD, FLOOR, NAMES, Program
from tests.bench.wire import TOWNSHIP, YEAR
from tests.browser.conftest import ARGUMENTS, chromium_path

PROBE = Path(__file__).with_name("probe.js")
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
# Without anything sent, received or drawn for so long, in ms, a change or a load is over. A load
# may pause while a large script is compiled.
QUIET, QUIET_LOAD = 500, 1500
PATIENCE = 90_000  # ms for one change or load
MENU_OPENS = 150  # ms
# Steps of choice that the menus have, and where they stand at first: the whole county and its
# townships from the first, the years from the last.
SIZES = {TOWNSHIP: (16, 0), YEAR: (12, 11)}


@dataclass(frozen=True, slots=True)
class Change:
    """Of one change: milliseconds from the key to the paint and their parts, bytes received."""

    milliseconds: float
    to_send: float
    to_answer: float
    to_paint: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Load:
    """Of one first visit: milliseconds until all is painted, bytes and requests over HTTP."""

    milliseconds: float
    bytes: int
    requests: int


@contextmanager
def chromium() -> Iterator[Browser]:
    """The Chromium that is installed, else Playwright's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        yield browser
        browser.close()


def walk(size: int, start: int, count: int) -> list[int]:
    """``count`` steps of +1 or -1 through ``size`` options from ``start``, turning at the ends."""
    step = 1 if start < size - 1 else -1
    at, steps = start, []
    for _ in range(count):
        if not 0 <= at + step < size:
            step = -step
        at += step
        steps.append(step)
    return steps


class Viewer:
    """One page in a browser of its own cache, used by keyboard."""

    def __init__(self, browser: Browser, program: Program, path: str = "/"):
        self.program = program
        self.path = path
        context = browser.new_context(viewport=LAPTOP)
        context.add_init_script(path=PROBE)
        self.page: Page = context.new_page()

    def visit(self) -> dict[str, float]:
        """Open the page and wait until all of it is painted; the probe's numbers."""
        self.page.goto(self.program.url(self.path))
        if self.program.letter == FLOOR:
            slowest, least = "[data-testid=stMetric]", 1
        elif self.path == "/":
            slowest, least = ".js-plotly-plot .main-svg", 2
        else:
            slowest, least = "[data-testid=stDeckGlJsonChart] canvas", 1
        there = "([slowest, least]) => document.querySelectorAll(slowest).length >= least"
        self.page.wait_for_function(there, arg=[slowest, least], timeout=PATIENCE)
        return self.settle(QUIET_LOAD)

    def settle(self, quiet: int = QUIET) -> dict[str, float]:
        """The probe's numbers once nothing happens any more."""
        script = "([quiet, patience]) => taizhangProbe.settled(quiet, patience)"
        return dict(self.page.evaluate(script, [quiet, PATIENCE]))

    def focus(self, label: str) -> None:
        """Put the keyboard into a widget; from then on there are only keys."""
        self.page.bring_to_front()
        if self._segments(label):
            group = self.page.get_by_role("radiogroup", name=label)
            group.locator("[data-selected=true]").focus()
        else:
            self.page.get_by_role("combobox", name=label).focus()

    def _segments(self, label: str) -> bool:
        return self.program.letter == DASHBOARD and label == YEAR

    def _shown(self, label: str) -> str:
        if self._segments(label):
            group = self.page.get_by_role("radiogroup", name=label)
            return group.locator("[data-selected=true]").text_content() or ""
        return self.page.get_by_role("combobox", name=label).input_value()

    def change(self, label: str, step: int) -> Change:
        """Choose the next (``step`` 1) or the previous option (-1) of the focused widget.

        The key that counts is the one that decides: Space on a segment, Enter in an open menu.
        RuntimeError if the program draws nothing after it.
        """
        before = self._shown(label)
        self.page.bring_to_front()
        if self._segments(label):
            self.page.keyboard.press("ArrowRight" if step > 0 else "ArrowLeft")
        else:
            self.page.keyboard.press("ArrowDown" if step > 0 else "ArrowUp")
        self.page.wait_for_timeout(MENU_OPENS)
        self.page.evaluate("taizhangProbe.bytes = 0")
        self.page.keyboard.press("Space" if self._segments(label) else "Enter")
        try:
            seen = self.settle()
        except Error as error:
            name = NAMES[self.program.letter]
            raise RuntimeError(f"{name}: {label} changed from {before} in vain") from error
        return Change(
            seen["painted"] - seen["key"],
            seen["sent"] - seen["key"],
            seen["received"] - seen["sent"],
            seen["painted"] - seen["received"],
            int(seen["bytes"]),
        )

    def close(self) -> None:
        self.page.context.close()


def changes(
    browser: Browser, programs: dict[str, Program], path: str, count: int
) -> dict[str, dict[str, list[Change]]]:
    """``count`` changes of township and of year by widget and program, turn by turn.

    The first change of a widget is made once before and not counted.
    """
    viewers = [Viewer(browser, program, path) for program in programs.values()]
    found: dict[str, dict[str, list[Change]]] = {}
    for viewer in viewers:
        viewer.visit()
    for label, (size, start) in SIZES.items():
        for viewer in viewers:
            viewer.focus(label)
        taken: dict[str, list[Change]] = {viewer.program.letter: [] for viewer in viewers}
        for step in walk(size, start, count + 1):
            for viewer in viewers:
                taken[viewer.program.letter].append(viewer.change(label, step))
        found[label] = {letter: each[1:] for letter, each in taken.items()}
    for viewer in viewers:
        viewer.close()
    return found


def cold_loads(
    browser: Browser, programs: dict[str, Program], path: str, count: int
) -> dict[str, list[Load]]:
    """First visits with an empty cache, turn by turn; the servers have been visited before."""
    found: dict[str, list[Load]] = {letter: [] for letter in programs}
    for _ in range(count):
        for letter, program in programs.items():
            found[letter].append(_cold_load(browser, program, path))
    return found


def _cold_load(browser: Browser, program: Program, path: str) -> Load:
    viewer = Viewer(browser, program, path)
    sizes: list[float] = []
    wire = viewer.page.context.new_cdp_session(viewer.page)
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    wire.send("Network.enable")
    seen = viewer.visit()
    viewer.close()
    return Load(seen["painted"], int(sum(sizes)), len(sizes))
