"""The inspector's bench walked whole: a question, a sample, sheets, results, findings, closed."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pypdf
import pytest
from playwright.sync_api import Page

from findings import asking
from findings.asking import Filter
from papers import fonts
from sampling import keeping
from state import audit
from state.database import opened
from tests import viewers
from tests.browser.desks import Desk, HouseholdFile, Ledgers, Problem, Samples, desks, home, running
from tests.browser.test_login import log_in
from tests.findings.test_writing import PNG
from tests.gate.logging_in import COUNTY, WEST
from tests.gate.real import Running
from tests.pages.test_samples import fill

__all__ = ("desks", "home", "running")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(fonts.drawing() is None, reason="no Chinese font"),
]


def test_from_a_question_to_a_closed_finding(
    desks: dict[str, Desk], running: Running, home: Path, tmp_path: Path
) -> None:
    inspector, township = desks["du.cha"], desks["zhen.zhang"]
    leader, east = desks["xian.zhang"], desks["dong.zhang"]

    # The question, and who is meant by it: households of which it is not known what they live on.
    ledgers = Ledgers(inspector.page, inspector.origin)
    ledgers.filter(f"region={WEST}&select=rule.exit_income.unknown")
    samples = ledgers.draw_from()
    assert samples.query["select"] == "rule.exit_income.unknown"

    # The sample: seed, filter, snapshot and design stand in its address.
    samples.draw()
    where = samples.path
    assert {"seed", "select", "snapshot", "region", "sample"} <= samples.query.keys()
    assert sorted(samples.households) == ["H05", "H06"]
    samples.sees("按种子重抽一遍,名单一致")

    # A page a household, whom the page shows masked.
    pages = [p.extract_text() for p in pypdf.PdfReader(samples.sheets()).pages]
    assert len(pages) == 2
    told = re.sub(r"\s", "", "".join(pages))
    assert samples.query["seed"] in told and "周*八" in told and "周试八" not in told

    # The workbook is filled in on the way and comes back.
    filled = samples.workbook()
    fill(filled, "H05", visit="已入户", wrongly_exited="否", satisfied="是")
    fill(filled, "H06", visit="已入户", satisfied="否", rule__exit_housing="否")
    filled.save(tmp_path / "结果.xlsx")
    samples.bring(tmp_path / "结果.xlsx")
    samples.sees("立为问题1个")
    samples.sees("群众认可度50%:2户中1户")

    # The finding is there; it is assigned, mended by the township, verified and closed by others.
    inspector.go("/problems?source=sample")
    inspector.page.locator('.paper a[href*="finding="]').first.click()
    inspector.page.wait_for_url("**finding=**")
    problem = inspector.path
    Problem(inspector.page, inspector.origin).assign("加固房屋", "县住建局、西川镇")
    township.go(problem)
    Problem(township.page, township.origin).mend("已加固", PNG)
    inspector.go(problem)
    Problem(inspector.page, inspector.origin).verify()
    leader.go(problem)
    Problem(leader.page, leader.origin).close()
    said = HouseholdFile(inspector.page, inspector.origin).closed_problem("H06")
    for word in ("du.cha", "zhen.zhang", "xian.zhang", "已加固", f"S{samples_number(where)}"):
        assert word in said, word

    # The township looks at its own sample and cannot draw; another township sees nothing of it.
    township.go("/samples")
    township.sees("这里的样本由督查人员抽取")
    assert township.page.get_by_role("button", name="抽取", exact=True).count() == 0
    township.go(where)
    assert sorted(Samples(township.page, township.origin).households) == ["H05", "H06"]
    east.go(f"/samples?sample={samples_number(where)}")
    east.sees("这里没有内容")
    assert "H05" not in east.text
    east.go(where)
    assert "H05" not in east.text and "H06" not in east.text

    with opened(home) as state, state.reading() as session:
        see = viewers.role("inspector")
        (found,) = asking.every(session, see, Filter(COUNTY, date(2026, 1, 1)))
        assert (found.state, found.source, found.kind) == ("closed", "sample", "rule.exit_housing")
        ((sample, households, answered),) = keeping.listed(session, see, COUNTY)
        assert (households, answered, sample.drawn_by) == (2, 2, "du.cha")
        assert audit.check(session, home)[0] is None


def samples_number(path: str) -> str:
    found = re.search(r"sample=(\d+)", path)
    assert found is not None
    return found[1]


def test_a_stranger_sees_nothing_of_samples(page: Page, running: Running) -> None:
    log_in(page, f"{running.origin}/samples", "wai.ren")
    page.get_by_text("没有可以查看的内容").wait_for()
    assert page.locator(".menu").count() == 0
