"""People away at work by where, at the data date and at the ends of the twelve months before."""

from __future__ import annotations

from metrics import work
from metrics.subjects import MEMBER
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import pieces


def by_month(stage: Stage) -> None:
    """A row a month end, the newest first; each number opens who they were."""
    found = work.by_month(stage.reader, stage.view.region, stage.county.data_date)
    shown = [place for place in work.PLACES if any(each[place] for each in found.values())]
    if not shown:
        none = pieces.empty(stage, stage.t("part_months"), stage.t("no_rows_hint"))
        components.paper(none, key="months")
        return
    rows = []
    for day, counts in sorted(found.items(), reverse=True):
        cells = [
            pieces.number(
                stage,
                counts[place],
                "people",
                stage.selected("works", place, f"{day:%Y%m%d}", year=stage.newest, by=MEMBER)
                if counts[place]
                else "",
            )
            for place in shown
        ]
        rows.append((pieces.Td(str(day), "firm"), *cells))
    head = [stage.t("month_end"), *(stage.t(f"works_{place}") for place in shown)]
    table = pieces.table(head, rows, numeric=range(1, len(head)), cls="data tight")
    title = stage.t("work_by_month")
    html = h("section", pieces.heading(title, stage.t("work_by_month_sub")), table)
    components.paper(html, key="months")
