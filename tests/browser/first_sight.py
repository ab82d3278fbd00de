"""What a browser shows of a page that it opens for the first time, and what a run in process says
that it should."""

from __future__ import annotations

import re
from typing import Any

from streamlit.testing.v1 import AppTest

SIZES = {"wall": (1920, 1080), "page": (1280, 720), "phone": (390, 844)}
# The most that a page may move while it arrives, as browsers measure it.
SHIFT = 0.05
# Asked for in a box that is closed at first.
_IN_BOXES = re.compile(r"share_(title|note)|.*_reason$")
WATCH = """
window.shifted = 0
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value
}).observe({type: "layout-shift", buffered: true})
"""
SHOWN = """place => {
  const radio = place.querySelector("[role=radiogroup] [aria-checked=true]")
  const slider = place.querySelector("input[type=range]")
  const many = place.querySelector("[data-testid=stMultiSelect]")
  if (radio) return radio.innerText.trim()
  if (slider) return Number(slider.value)
  if (many) return [...many.querySelectorAll(".react-aria-ComboBox [data-tag]")]
    .map(tag => tag.ariaLabel)
  return place.querySelector("input").value
}"""


def told(app: AppTest) -> dict[str, Any]:
    """What each widget of a run in process stands at, as it reads on the screen."""
    chosen = {box.key: box.options[box.index] for box in app.selectbox if box.index is not None}
    segments = {
        one.key: one.options[one.indices[0]] for one in app.segmented_control if one.indices
    }
    sliders = {one.key: one.value for one in app.slider}
    many = {box.key: [box.options[i] for i in box.indices] for box in app.multiselect}
    texts = {
        one.key: one.value for one in app.text_input if one.key and not _IN_BOXES.match(one.key)
    }
    return {**chosen, **segments, **sliders, **many, **texts}
