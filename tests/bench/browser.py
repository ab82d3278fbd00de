"""What a viewer waits for, in headless Chromium: from a key press to the last paint, cold loads.

One criterion for all programs, in ``probe.js``: a change is over when the script has run and
nothing more is drawn, and it took until the frame of the last drawing was painted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Error, Locator, Page, ViewportSize, sync_playwright

from tests.bench.servers import DASHBOARD, FLOOR, NAMES, Program
from tests.bench.wire import TOWNSHIP, YEAR
from tests.browser.conftest import ARGUMENTS, chromium_path
from views.scenes.showing import AT_ONCE

# Pages that are one scene: what is one step away of them is made ready.
SCENES = ("/", "/map")
PROBE = Path(__file__).with_name("probe.js")
LAPTOP: ViewportSize = {"width": 1366, "height": 768}
# Without anything sent, received or drawn for so long, in ms, a change or a load is over. A load
# may pause while a large script is compiled.
QUIET, QUIET_LOAD = 500, 1500
PATIENCE = 90_000  # ms for one change or load
MENU_OPENS = 150  # ms
RESTS = 2_500  # ms in which what is one step away is made ready
# The years of a page that plays them, and going through them from the last to the first: the time
# from each choice until its frame is painted, and whether something was drawn at all.
PLAYED = ".choices input[data-choice=bar_year]"
PLAYS = """async years => {
  const root = document.querySelector(".scene")
  const found = []
  const inputs = [...document.querySelectorAll(years)].reverse().slice(1)
  for (const { value } of inputs) {
    const before = root.dataset.painted
    const began = performance.now()
    document.querySelector(`${years}[value="${value}"]`).click()
    if (root.dataset.painted === before) throw new Error(`${value} was not ready`)
    await new Promise(painted => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = painted
      port2.postMessage(null)
    }))
    found.push(performance.now() - began)
  }
  return found
}"""
# Nothing is made ready before it is asked for.
NEVER_RESTS = "addEventListener('DOMContentLoaded', () => window.taizhang && (taizhang.rest = 1e9))"
# Steps of choice that the menus have, and where they stand at first: the whole county and its
# townships from the first, the years from the last.
SIZES = {TOWNSHIP: (16, 0), YEAR: (12, 11)}


@dataclass(frozen=True, slots=True)
class Change:
    """Of one change: milliseconds from the key to the paint and their parts, what was received."""

    milliseconds: float
    to_send: float
    to_answer: float
    to_paint: float
    bytes: int
    messages: int


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

    def __init__(self, browser: Browser, program: Program, path: str = "/", rests: bool = True):
        self.program = program
        self.path = path
        context = browser.new_context(viewport=LAPTOP)
        context.add_init_script(path=PROBE)
        if not rests:
            context.add_init_script(NEVER_RESTS)
        self.page: Page = context.new_page()

    def visit(self) -> dict[str, float]:
        """Open the page and wait until all of it is painted; the probe's numbers."""
        self.page.goto(self.program.url(self.path))
        if self.program.letter == FLOOR:
            slowest, least = "[data-testid=stMetric]", 1
        elif self.path == "/" and self.program.letter == DASHBOARD:
            slowest, least = "a.kpi", 1
        elif self.path == "/":
            slowest, least = ".js-plotly-plot .main-svg", 2
        elif self.path.startswith("/ledgers"):
            slowest, least = "table.data tbody tr", 1
        elif self.program.letter == DASHBOARD:
            slowest, least = ".taizhang-map[data-painted] canvas", 1
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
            self._chosen(label).focus()
        else:
            self.page.get_by_role("combobox", name=label).focus()

    def _segments(self, label: str) -> bool:
        return self.program.letter == DASHBOARD and label == YEAR

    @property
    def _own(self) -> bool:
        """Whether the filter bar is the program's own: an arrow chooses at once."""
        pages = (*SCENES, "/ledgers")
        return self.program.letter == DASHBOARD and self.path.partition("?")[0] in pages

    def _chosen(self, label: str) -> Locator:
        """The chosen one of a row of segments."""
        group = self.page.get_by_role("radiogroup", name=label)
        return group.locator("input:checked" if self._own else "[data-selected=true]")

    def _shown(self, label: str) -> str:
        if self._segments(label):
            chosen = self._chosen(label)
            return (chosen.input_value() if self._own else chosen.text_content()) or ""
        return self.page.get_by_role("combobox", name=label).input_value()

    def change(self, label: str, step: int) -> Change:
        """Choose the next (``step`` 1) or the previous option (-1) of the focused widget.

        The key that counts is the one that decides: Space on a segment, Enter in an open menu, the
        arrow itself where it chooses. RuntimeError if the program draws nothing after it.
        """
        before = self._shown(label)
        self.page.bring_to_front()
        ways = ("ArrowRight", "ArrowLeft") if self._segments(label) else ("ArrowDown", "ArrowUp")
        keys = [ways[step < 0]]
        if not self._own:
            self.page.keyboard.press(keys.pop())
            self.page.wait_for_timeout(MENU_OPENS)
            keys.append("Space" if self._segments(label) else "Enter")
        self.page.evaluate("taizhangProbe.bytes = taizhangProbe.messages = 0")
        self.page.keyboard.press(keys.pop())
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
            int(seen["messages"]),
        )

    def play(self) -> list[float]:
        """Go through all years as a held arrow does, each drawn before the next: ms a year.

        The server is out of reach meanwhile: what is drawn was ready.
        """
        self.focus(YEAR)
        years = self.page.locator(PLAYED).count()
        for _ in range(years // AT_ONCE + 1):
            self.page.wait_for_timeout(RESTS)
        self.page.context.set_offline(True)
        found: list[float] = self.page.evaluate(PLAYS, PLAYED)
        self.page.context.set_offline(False)
        return found

    def close(self) -> None:
        self.page.context.close()


def playing(browser: Browser, program: Program, path: str, count: int) -> list[float]:
    """Milliseconds a year while the years play, ``count`` times through."""
    found = []
    for _ in range(count):
        viewer = Viewer(browser, program, path)
        viewer.visit()
        found += viewer.play()
        viewer.close()
    return found


def changes(
    browser: Browser, programs: dict[str, Program], path: str, count: int, *, rests: bool = False
) -> dict[str, dict[str, list[Change]]]:
    """``count`` changes of township and of year by widget and program, turn by turn.

    The first change of a widget is made once before and not counted. Where a viewer ``rests``
    before each, what is one step away is made ready meanwhile; else it never is.
    """
    # The floor has one page.
    viewers = [
        Viewer(browser, program, "/" if program.letter == FLOOR else path, rests)
        for program in programs.values()
    ]
    found: dict[str, dict[str, list[Change]]] = {}
    for viewer in viewers:
        viewer.visit()
    for label, (size, start) in SIZES.items():
        for viewer in viewers:
            viewer.focus(label)
        taken: dict[str, list[Change]] = {viewer.program.letter: [] for viewer in viewers}
        for step in walk(size, start, count + 1):
            for viewer in viewers:
                if rests:
                    viewer.page.wait_for_timeout(RESTS)
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
