"""Rules as rows of a chart of answers: missed, not known and met, each part opening its list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from charts import answer_bars, theme
from charts.answer_bars import Answer, Row
from rules.registry import rules
from rules.tally import Tally
from views.context.stage import Stage
from views.parts import chart_blocks

_NAMES: dict[Answer, str] = {"missed": "rule_not_met", "unknown": "unknown", "met": "rule_met"}


def names(stage: Stage) -> dict[Answer, str]:
    """What the parts of a row are called."""
    return {answer: stage.t(term) for answer, term in _NAMES.items()}


def row(stage: Stage, key: str, counts: Tally, opens: Mapping[Answer, str] | None = None) -> Row:
    """A rule's row at the data date; its parts open their households, or what ``opens`` says."""
    by: dict[Answer, int] = {
        "missed": counts.missed,
        "unknown": counts.unknown,
        "met": counts.met,
    }
    if opens is None:
        opens = {one: stage.selected("rule", key, one, year=stage.newest) for one in by}
    return Row(stage.named(rules()[key]), by, {one: opens[one] for one in opens if by[one]})


def draw(
    stage: Stage, rows: Sequence[Row], title: str, sub: str, key: str, unit: str = "households"
) -> None:
    """The rows as half of a screen."""
    chart = answer_bars.answers(
        rows,
        names(stage),
        measure=stage.measure(unit),
        words=chart_blocks.words(title, sub, stage.t("standard"), stage=stage),
        frame=chart_blocks.frame(theme.HALF),
    )
    chart_blocks.show(chart, key, stage)
