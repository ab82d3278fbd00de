"""What keeps people out of a page: height, what is cut, what axe finds, stops of the keyboard."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WINDOW = (1280, 720)
PHONE = (390, 844)
TWICE_AS_LARGE = (640, 360)  # a window of 1280 by 720 at 200 %
TWO_SCREENS = 2 * WINDOW[1]
# What a page opens with is one; words of English are longer.
FIRST_SCREEN = {"zh": WINDOW[1], "en": WINDOW[1] * 1.2}
# Its figures and board are two screens still.
HIGHER = ("funds",)
# As high as what they hold: the list of all households, and the file of one.
LISTS = ("ledgers", "household")
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
}
# Said of each row of choices and of the parts at the moment when the page comes into sight.
FIRST_SIGHT = """
new MutationObserver((_, seen) => {
  if (!document.querySelector("html:not(.arriving) .masthead")) return
  const groups = [...document.querySelectorAll("nav.parts, [data-testid=stButtonGroup]")]
  const marked = '[aria-current], [aria-checked="true"], [kind$="Active"]'
  window.firstSight = groups.map(group => group.querySelectorAll(marked).length)
  seen.disconnect()
}).observe(document, {
  subtree: true, childList: true, attributes: true, attributeFilter: ["class"],
})
"""
MEASURE = """() => {
  const main = document.querySelector("[data-testid=stMain]")
  const hides = e => /hidden|clip/.test(getComputedStyle(e).overflowX)
  const told = e => !e.closest("thead") && e.innerText?.trim() && e.checkVisibility()
  const cut = [...document.querySelectorAll(".paper *")]
    .filter(e => e.scrollWidth > e.clientWidth + 1 && hides(e) && told(e))
  const aside = [...document.querySelectorAll(".paper table.data")].filter(e => {
    const box = e.parentElement
    return e.checkVisibility() && !e.closest(".screen") && box.scrollWidth > box.clientWidth + 1
  })
  return {
    height: main.scrollHeight,
    wider: Math.max(main.scrollWidth - main.clientWidth,
                    document.documentElement.scrollWidth - innerWidth),
    cut: cut.map(e => e.innerText.slice(0, 40)),
    aside: aside.map(e => e.innerText.slice(0, 40)),
    failed: document.querySelectorAll("[data-testid=stException], .st-key-broken").length,
    firstSight: window.firstSight,
  }
}"""
STOPS = 12
STOP = """() => {
  const e = document.activeElement
  if (e === document.body) return { at: "BODY" }
  const box = e.getBoundingClientRect()
  const near = [e, e.nextElementSibling, e.parentElement].filter(Boolean)
  // Where it lies in the page: a page that is scrolled may put the next where the last was.
  const top = box.top + (document.querySelector("[data-testid=stMain]")?.scrollTop ?? 0)
  const ringed = near.map(one => getComputedStyle(one))
    .some(style => style.outlineStyle !== "none" || style.boxShadow !== "none")
  return {
    at: `${e.outerHTML.slice(0, 90)} ${Math.round(box.left)},${Math.round(top)}`,
    seen: e.checkVisibility() && box.bottom > 0 && box.top < innerHeight && box.width > 0,
    ring: ringed || !e.closest(".paper"),
  }
}"""


def serious(page: Page) -> list[str]:
    """What axe finds that keeps people out."""
    found = Axe().run(page, options=RULES).response["violations"]
    return [
        f"{one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def most(page: str, lang: str) -> float:
    """How high a page may be as it opens."""
    if page in LISTS:
        return float("inf")
    higher = page in HIGHER or (lang == "en" and page == "sieves")  # whose lines are of many words
    return TWO_SCREENS if higher else FIRST_SCREEN[lang]


def wrong(seen: dict[str, Any], highest: float) -> list[str]:
    """What is wrong with a page as ``MEASURE`` finds it, in words."""
    told = []
    if seen["height"] > highest:
        told.append(f"{seen['height']} px high")
    if seen["wider"] > 1 or seen["cut"] or seen["failed"]:
        told.append(f"cut or broken: {seen['cut']}, {seen['wider']} px too wide")
    if seen["firstSight"] is None or any(count != 1 for count in seen["firstSight"]):
        told.append(f"marked at first sight: {seen['firstSight']}")
    return told


def narrow(page: Page) -> list[str]:
    """What is cut or has to be pushed aside on a phone, and in a window at 200 %, in words."""
    told = []
    for width, height in (PHONE, TWICE_AS_LARGE):
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(150)
        seen = page.evaluate(MEASURE)
        if seen["wider"] > 1 or seen["cut"] or seen["aside"] or seen["failed"]:
            told.append(f"at {width}: {seen}")
    return told


def walk(page: Page) -> list[str]:
    """Stops of the Tab key from the masthead on that do not move, are not seen or not ringed."""
    page.locator(".masthead a").first.focus()
    told, before = [], ""
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop["at"] == "BODY":
            break  # past the last
        if stop["at"] == before or not stop["seen"] or not stop["ring"]:
            told.append(f"stop of the keyboard: {stop}")
        before = stop["at"]
    return told
