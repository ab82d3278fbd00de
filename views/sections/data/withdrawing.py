"""Taking one import back alone, on the data page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from loaders import jobs, withdrawing
from state.audit import NotRecorded
from store.lineage import lineage
from store.snapshots import Home, NoSnapshot, PublishBusy, SnapshotDamaged
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice
from views.context.desk import Desk
from views.context.session_county import begin_anew
from views.sections.data import signing

_SAID = "withdrawn_said"


def panel(desk: Desk, found: Sequence[Mapping[str, Any]]) -> None:
    """Choose an import of which the current snapshot is made, and take it back on a second word."""
    if told := st.session_state.pop(_SAID, None):
        notice([told[1]], alert=not told[0], key="withdrawn_said")
    dates = {entry["number"]: entry["data_date"] for entry in found}
    chain = [number for number in lineage(desk.home, desk.current) if number in dates][:-1]
    if not chain:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="withdraw_row"):
        number = st.selectbox(
            desk.t("withdraw_which"),
            chain,
            index=None,
            format_func=lambda n: desk.t("snapshot_of", number=n, date=dates[n]),
            placeholder=desk.t("choose"),
            key="withdraw_number",
            width=280,
        )
        who = signing.who(desk, "withdraw_who")
        ready = number is not None and bool(who.strip())
        if st.button(desk.t("withdraw_yes"), disabled=not ready, key="withdraw_yes"):
            st.session_state[_SAID] = _withdraw(desk, number or 0, who.strip())
            st.rerun()
    components.paper(h("p", desk.t("withdraw_means"), cls="note"), key="withdraw_means")


def _withdraw(desk: Desk, number: int, who: str) -> tuple[bool, str]:
    if jobs.running(desk.home.path) is not None:
        return False, desk.t("roll_back_busy")
    try:
        report = withdrawing.withdraw(Home(desk.home.path), number, who)
    except withdrawing.CannotWithdraw as error:
        return False, str(error)
    except PublishBusy:
        return False, desk.t("roll_back_busy")
    except (NoSnapshot, SnapshotDamaged):
        return False, desk.t("roll_back_damaged", number=number)
    except NotRecorded as error:
        return False, desk.t("done_unrecorded" if error.done else "not_recorded")
    except OSError:
        return False, desk.t("not_kept")
    begin_anew()
    return True, desk.t("withdrawn", number=number, made=report.snapshot)
