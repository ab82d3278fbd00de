"""Questions of an import in words, each with how it is answered on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from glossary import label, term
from loaders.layouts.matching import table_names
from store import schema


def question_words(question: Mapping[str, Any]) -> str:
    """A question and how it is answered on the command line."""
    before, given = question["before"], question["given"]
    if question["kind"] == "refused":
        share = f"{before - given:,} / {before:,} 行"
        return f"未入库: {share} 被隔离, 多于两成。核对表头和地名; 确要入库请加 --allow-refused"
    name = table_names().get(question["table"], question["table"])
    scope = "、".join(_scope_words(question["table"], *pair) for pair in question["scope"].items())
    where = " ".join(filter(None, (question.get("place") or question["township"], scope)))
    counts = f"{name} {where}: 原有 {before:,} 行, 文件只含其中 {given:,} 行"
    table = question["table"]
    gone = f"若文件是完整名单, 将减少 {before - given:,} 行, 请加 --allow-shrink {table}"
    return f"未入库: {counts}。{gone}; 若只是一部分, 请加 --as-part {table}"


def _scope_words(table: str, name: str, value: Any) -> str:
    """What of a table's rows: a code or a flag in words, another value as it is."""
    column = schema.BY_NAME[table].column(name)
    if isinstance(value, bool):
        return term(name, "zh") if value else f"非{term(name, 'zh')}"
    return label(column.codes, value, "zh") if column.codes else str(value)
