"""From a question to a closed problem in a real browser, by four people, each logged in."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from findings import asking
from findings.asking import Filter
from state import audit
from state.database import opened
from tests import viewers
from tests.browser.desks import Desk, HouseholdFile, Problem, desks, home, running
from tests.browser.test_login import log_in
from tests.findings.test_writing import PNG
from tests.gate.logging_in import COUNTY
from tests.gate.real import Running

__all__ = ("desks", "home", "running")
pytestmark = pytest.mark.browser


def test_a_problem_is_found_assigned_mended_verified_closed_and_seen_in_the_file(
    desks: dict[str, Desk], running: Running, home: Path
) -> None:
    inspector, township = desks["du.cha"], desks["zhen.zhang"]
    leader, east = desks["xian.zhang"], desks["dong.zhang"]

    # The question: a household whose income is below the standard.
    HouseholdFile(inspector.page, inspector.origin).open_draft("exit_income", "H06")
    expect(inspector.page.get_by_label("问题内容")).to_have_value(re.compile("^收入超过标准"))
    inspector.press("立为问题")
    inspector.sees("已立为问题")
    where = inspector.path
    assert where.startswith("/problems?finding=")
    Problem(inspector.page, inspector.origin).assign("落实公益岗位", "县人社局、西川镇")

    # Another township sees nothing of it.
    east.go(where)
    east.sees("这里没有内容")
    assert "公益岗位" not in east.text

    # Their own township mends it, with a photo.
    township.go(where)
    Problem(township.page, township.origin).mend("合同已签", PNG)

    # A second person looks at the photo and verifies, a third closes.
    inspector.go(where)
    assert inspector.download("取佐证:现场.png").read_bytes() == PNG
    Problem(inspector.page, inspector.origin).verify()
    leader.go(where)
    Problem(leader.page, leader.origin).close()

    # It is seen in the household's file, and counted.
    told = HouseholdFile(inspector.page, inspector.origin).closed_problem("H06")
    for word in ("du.cha", "zhen.zhang", "xian.zhang", "合同已签", "县人社局"):
        assert word in told, word
    with opened(home) as state, state.reading() as session:
        see = viewers.role("inspector")
        (found,) = asking.every(session, see, Filter(COUNTY, date(2026, 1, 1)))
        assert found.state == "closed"
        assert audit.check(session, home)[0] is None


def test_a_stranger_sees_nothing_of_problems(page: Page, running: Running) -> None:
    log_in(page, f"{running.origin}/problems", "wai.ren")
    page.get_by_text("没有可以查看的内容").wait_for()
    assert page.locator(".menu").count() == 0
