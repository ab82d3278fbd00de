"""What is declared of a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from access.roles import Act
from access.viewer import Viewer
from metrics.filters import STATES


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the parts that a page is divided into, at most two screens high unless it is a list.

    ``key`` is the value of the query key ``part`` that opens it, empty for the part that the page
    opens with; ``title`` a term. ``holds`` are further values of ``part`` that are shown in it,
    ``asked_by`` the query keys that mean it where an address names no part. ``listing`` says that
    it is a list, as high as its rows.
    """

    key: str
    title: str
    holds: tuple[str, ...] = ()
    asked_by: tuple[str, ...] = ()
    listing: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """The values of ``part`` that it is shown for."""
        return tuple(dict.fromkeys((self.key, *self.holds) if self.key else self.holds))


def parts_of(tabs: tuple[Tab, ...]) -> tuple[str, ...]:
    """The values of ``part`` that a page divided so knows."""
    return tuple(dict.fromkeys(part for tab in tabs for part in tab.parts))


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page. ``title`` is a term; ``hidden`` pages are opened from others, not from the menu.

    ``section`` is the workplace of the menu that the page stands in, ``group`` the heading that it
    stands under there; one without stands before all headings. ``indicator`` is what it shows
    first, ``sorts`` the columns its list can be sorted by, ``parts`` what the query key ``part``
    may name, ``tabs`` what the page is divided into by it, ``states`` what ``state`` may, ``year``
    the year that the page opens with where that is not the last: the last one in which its
    standards were in force. ``under`` is the page that the menu marks for a hidden one. ``tables``
    are those of the snapshot that it shows, beside the households and their people: where one has
    no row, what is empty says so.
    ``systems`` are the systems of rules whose answers it shows, ``indicators`` whether it shows all
    of them (or the one of its address, if it has it). ``headlines`` are the indicators whose
    numbers a link to the page keeps, where its address names none and it is no list.
    ``acts`` are those of which a viewer must have one; ``whole`` says that they must have it in the
    whole county, of which the page tells; but ``partly`` are acts that open their own part of it to
    who has one of them anywhere. ``personal`` pages show households or people.
    A ``scene`` is drawn by one component of ours, with its filter bar (``views.scenes``);
    ``standing`` are query keys that widgets of the framework beside it stand at: another value of
    one draws the whole page anew.
    """

    key: str
    path: str
    title: str
    keys: tuple[str, ...]
    section: str = ""
    group: str = ""
    hidden: bool = False
    indicator: str = "poverty_rate"
    level: str = "village"
    sorts: tuple[str, ...] = ("household_id",)
    parts: tuple[str, ...] = ()
    tabs: tuple[Tab, ...] = ()
    states: tuple[str, ...] = STATES
    year: int | None = None
    tables: tuple[str, ...] = ()
    under: str = ""
    systems: tuple[str, ...] = ()
    indicators: bool = False
    headlines: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ("see",)
    whole: bool = False
    partly: tuple[Act, ...] = ()
    personal: bool = False
    scene: bool = False
    standing: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        return f"pages/{self.key}.py"

    def opens_to(self, viewer: Viewer) -> bool:
        """Whether a viewer may use the page."""
        if self.whole and any(viewer.may(act, viewer.county) for act in self.acts):
            return True
        return any(viewer.where(act).codes for act in (self.partly if self.whole else self.acts))

    def tab(self, part: str | None) -> Tab:
        """The tab that a part of the address is shown in; the first where it names none."""
        return next((tab for tab in self.tabs if part and part in tab.parts), self.tabs[0])

    def part_asked(self, view: Any, fresh: Any) -> str | None:
        """The part that a view is of: the one it names, or that of the first tab for which one of
        its keys is other than in ``fresh``, the view that nobody chose anything in."""
        if view.part is not None:
            return str(view.part)
        for tab in self.tabs:
            if any(getattr(view, key) != getattr(fresh, key) for key in tab.asked_by):
                return tab.key
        return None
