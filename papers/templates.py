"""What briefings say, as declared: the program's words, and in their place a county's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

from metrics.figures import SHOWN
from store import county_folder
from store.county_folder import Fault, misfit, once_a_state, path_in
from store.yamls import read_yaml

_FILE = Path(__file__).with_name("briefings.yaml")
OWN, OWN_SLIDES = "briefings.yaml", "briefing.pptx"
KINDS = ("monthly", "view", "meeting")
PARTS = ("figures", "changed", "trend", "ranking", "late", "exceptions", "views", "carried",
         "decisions")  # fmt: skip
FIELDS = frozenset({
    "place", "date", "since", "late_entries", "late_cases", "late_days", "came", "left", "worst",
    "exceptions", "decisions", "decisions_open", "decisions_done", "decisions_late", "view",
    "title",
    *(f"{key}{end}" for key in SHOWN for end in ("", "_last", "_year")),
})  # fmt: skip
_ENTRY = ("zh", "en", "title_zh", "title_en", "sections")
_SECTION = ("show", "zh", "en")
_TEXTS = ("text_zh", "text_en")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is shown, its heading and the words over it, in both languages."""

    show: str
    zh: str
    en: str
    text_zh: str = ""
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """A kind of briefing: its name, the title of its papers, and its parts in their order."""

    key: str
    zh: str
    en: str
    title_zh: str
    title_en: str
    parts: tuple[Part, ...]


def templates() -> dict[str, Template]:
    """Every kind by its key, those that the home in use declares in the place of the program's."""
    return _of_home(county_folder.in_use())[0]


def faults(home: Path | None) -> tuple[Fault, ...]:
    """What of a county's own briefings cannot be used, and is left out."""
    return _of_home(home)[1]


def own_slides() -> Path | None:
    """The office's own template of slides; None where it has none."""
    home = county_folder.in_use()
    path = None if home is None else path_in(home, OWN_SLIDES)
    return path if path is not None and path.is_file() else None


@cache
def _program() -> dict[str, Template]:
    found = read_yaml(_FILE)["briefings"]
    wrong = {key: why for key, entry in found.items() if (why := _why_not(key, entry))}
    assert not wrong, wrong
    return {key: _template(key, entry) for key, entry in found.items()}


@once_a_state
def _of_home(home: Path | None) -> tuple[dict[str, Template], tuple[Fault, ...]]:
    if home is None:
        return _program(), ()
    own, broken = county_folder.read(home, path_in(home, OWN), "briefings")
    found = dict(_program())
    for key, entry in own.items():
        if why := _why_not(key, entry):
            broken.append(own.fault(key, why))
        else:
            found[key] = _template(key, entry)
    return found, tuple(broken)


def _why_not(key: str, entry: Any) -> str:
    """Why an entry cannot be used, in Chinese; empty where it can."""
    if key not in KINDS:
        return f"没有这种简报,可用: {'、'.join(KINDS)}"
    if why := misfit(entry, _ENTRY):
        return why
    texts = [entry[name] for name in _ENTRY[:4]]
    if not isinstance(entry["sections"], list):
        return "sections 应是清单"
    for part in entry["sections"]:
        if why := misfit(part, _SECTION, _TEXTS):
            return why
        if part["show"] not in PARTS:
            return f"show 不能是 {part['show']},可用: {'、'.join(PARTS)}"
        texts += [part.get(name, "") for name in ("zh", "en", *_TEXTS)]
    return next(filter(None, map(_unfilled, texts)), "")


def _unfilled(text: Any) -> str:
    if not isinstance(text, str):
        return f"{text} 应是文字"
    try:
        named = [(name, form, turn) for _, name, form, turn in Formatter().parse(text)
                 if name is not None]  # fmt: skip
    except ValueError:
        return f"{text}: 花括号不成对"
    odd = sorted(name for name, form, turn in named if name not in FIELDS or form or turn)
    return f"不能用 {'、'.join(odd)}" if odd else ""


def _template(key: str, entry: Mapping[str, Any]) -> Template:
    parts = tuple(Part(**part) for part in entry["sections"])
    zh, en, title_zh, title_en = (entry[name] for name in _ENTRY[:4])
    return Template(key, zh, en, title_zh, title_en, parts)
