"""One briefing with a text, a table and both charts, and every number in it written once."""

from __future__ import annotations

import pytest

from papers.content import Cell, Chart, Paper, Section, Series, Table, Text

OPENS = "http://127.0.0.1:8501/s/abcdefgh23"
BAR = Chart("bar", "各镇监测户", "户", ("永乐", "西口", "=SUM(1)"),
            Series("监测户", (88.0, 64.0, None)), 0, OPENS)  # fmt: skip
LINE = Chart("line", "净销号率", "%", ("2025-10", "2025-11", "2025-12"),
             Series("净销号率", (11.3, None, 22.14)), 1)  # fmt: skip
TABLE = Table(
    ("指标", "现数"),
    (
        (Cell("监测户"), Cell("349户", 349.0, OPENS)),
        (Cell("净销号率"), Cell("22.1%", 22.14, "", 1)),
        (Cell("=HYPERLINK(1)"), Cell("情况不明")),
    ),
    frozenset({1}),
)


@pytest.fixture(scope="session")
def paper() -> Paper:
    return Paper(
        title="样县监测帮扶月报",
        subtitle="二〇二五年十二月",
        about="数据日期 2025-12-31 · 第2号快照",
        simulated="模拟数据",
        mark="王试 · 2026-01-05 09:00 · 操作记录 12:abcd",
        watermark="王试 <&> 2026-01-05",
        lang="zh",
        sections=(
            Section("一、情况", (Text("监测户349户 #<b>不是标记</b>。", OPENS), TABLE, BAR)),
            Section("二、走势", (LINE,)),
        ),
        contents="目录",
        opens="打开此视图",
    )
