"""The snapshots of a home: what each holds, which is current, and the way back to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from loaders import jobs
from loaders.layouts.matching import table_names
from metrics import intake
from state.audit import NotRecorded
from store import retention
from store.snapshots import NoSnapshot, SnapshotDamaged
from views.browser import components
from views.browser.markup import Markup, h
from views.browser.notices import notice, remark
from views.context.desk import Desk, entries
from views.context.session_county import begin_anew
from views.parts import pieces, withdrawn_notice
from views.sections.data import report, signing, withdrawing

_SHOWN = 10  # before the rest is asked for
_LITTLE = 2_000_000_000  # bytes free that are little for the next import
_ASKED = "roll_back_asked"
_SAID = "rolled_back"

Entry = Mapping[str, Any]


def table(desk: Desk) -> None:
    """Every snapshot, the newest first, with a link to look at it."""
    found = entries(desk.home)
    if not found:
        return
    title = desk.t("snapshots_title", count=len(found), number=desk.current or "—")
    heading = pieces.heading(title, desk.t("snapshots_sub"))
    components.paper(h("div", heading, _rows(desk, found[:_SHOWN])), key="snapshots")
    if len(found) > _SHOWN:
        with st.expander(desk.t("snapshots_older"), on_change="rerun", key="older") as opened:
            if opened.open:
                components.paper(_rows(desk, found[_SHOWN:]), key="snapshots_older")
    if desk.viewer.loads:
        _room(desk)
    if desk.viewer.loads and len(found) > 1:
        _way_back(desk, found)
        withdrawing.panel(desk, found)


def _room(desk: Desk) -> None:
    """How much the home takes of its disk, and how much is left."""
    room = retention.room(desk.home)
    sizes = {name: _bytes(getattr(room, name)) for name in ("home", "snapshots", "derived", "free")}
    low = room.free < max(_LITTLE, 2 * room.home)
    words = [desk.t("home_room", **sizes), desk.t("home_room_low") if low else ""]
    components.paper(h("p", " ".join(filter(None, words)), cls="sub"), key="room")


def _bytes(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.0f} MB"


def _rows(desk: Desk, found: Sequence[Entry]) -> Markup:
    names = table_names(desk.lang)
    head = [
        desk.t(key)
        for key in ("snapshot", "data_date", "loaded_at", "loaded_by", "unit_households",
                    "unit_people", "rows", "quarantined", "carried")
    ]  # fmt: skip
    rows = [
        (
            _number(desk, entry),
            h("span", entry["data_date"], cls="nowrap"),
            h("span", desk.when(entry["loaded_at"]), cls="nowrap"),
            entry["loaded_by"],
            *(f"{count:,}" for count in _sizes(entry)),
            report.carried(entry["report"], desk.t, desk.lang, names) or "—",
        )
        for entry in found
    ]
    return pieces.table([*head, ""], [(*row, _open(desk, e)) for row, e in zip(rows, found,
                        strict=True)], numeric=range(4, 8), cls="data tight")  # fmt: skip


def _number(desk: Desk, entry: Entry) -> Markup:
    mark = h("span", desk.t("current"), cls="tag strong")
    current = mark if entry["number"] == desk.current else None
    return h("span", f"{entry['number']} ", current, withdrawn_notice.mark(desk, entry["number"]))


def _sizes(entry: Entry) -> tuple[int, int, int, int]:
    """Households, people, rows of all tables, refused rows."""
    sizes = {name: held["rows"] for name, held in entry["tables"].items()}
    every = intake.rows_taken(entry["tables"])
    return sizes.get("household", 0), sizes.get("member", 0), every, sizes.get("quarantine", 0)


def _open(desk: Desk, entry: Entry) -> Markup:
    return pieces.link(desk.href("", snapshot=entry["number"]), desk.t("open_snapshot"))


def _way_back(desk: Desk, found: Sequence[Entry]) -> None:
    others = {e["number"]: e for e in found if e["number"] != desk.current}
    if told := st.session_state.pop(_SAID, None):
        notice([told[1]], alert=not told[0], key="rolled_back")
    asked = _ASKED in st.session_state
    with st.expander(desk.t("way_back"), expanded=asked, key="way_back_open"):
        _choose(desk, others)
    last = next(iter(jobs.rolled_back(desk.home.path)), None)
    if last:
        words = desk.t("rolled_back_last", when=desk.when(last["at"]), who=last["who"],
                       before=last["from"], number=last["to"])  # fmt: skip
        remark(words, key="rolled_back_last")


def _choose(desk: Desk, others: Mapping[int, Entry]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="way_back"):
        number = st.selectbox(
            desk.t("roll_back_to"),
            list(others),
            format_func=lambda n: desk.t("snapshot_of", number=n, date=others[n]["data_date"]),
            key="roll_back_to",
            width=280,
        )
        if st.button(desk.t("roll_back"), key="roll_back"):
            st.session_state[_ASKED] = number
    if st.session_state.get(_ASKED) == number:
        _confirm(desk, others[number])


def _confirm(desk: Desk, entry: Entry) -> None:
    """Say what going back means, and do it on a second word."""
    number = entry["number"]
    with st.container(border=True, key="roll_back_asked"):
        means = desk.t("roll_back_means", number=number, date=entry["data_date"],
                       current=desk.current)  # fmt: skip
        components.paper(h("p", means), key="roll_back_means")
        with st.container(horizontal=True, vertical_alignment="bottom"):
            who = signing.who(desk, "roll_back_who")
            sure = st.button(
                desk.t("roll_back_yes"), type="primary", disabled=not who.strip(), key="sure"
            )
            if sure:
                st.session_state[_SAID] = _roll_back(desk, number, who)
            if sure or st.button(desk.t("cancel"), key="not_sure"):
                del st.session_state[_ASKED]
                st.rerun()


def _roll_back(desk: Desk, number: int, who: str) -> tuple[bool, str]:
    if jobs.running(desk.home.path) is not None:
        return False, desk.t("roll_back_busy")
    try:
        jobs.roll_back(desk.home, number, who)
    except (NoSnapshot, SnapshotDamaged):
        return False, desk.t("roll_back_damaged", number=number)
    except NotRecorded as error:
        return False, desk.t("done_unrecorded" if error.done else "not_recorded")
    except OSError:
        return False, desk.t("not_kept")
    begin_anew()
    return True, desk.t("rolled_back", number=number)
