"""What stands beside totals of the register: who is listed by name, and what was not taken in."""

from __future__ import annotations

from metrics import rolls
from views.browser.markup import Markup, h
from views.context.stage import Stage
from views.parts import pieces


def rolls_note(stage: Stage) -> Markup:
    """Households and people by the register beside the people listed; rows not taken in."""
    county, region = stage.county, stage.view.region
    found = county.kept(
        ("rolls", region, stage.scope), lambda: rolls.rolls(stage.reader, region, stage.newest)
    )
    words = {
        "date": stage.county.data_date,
        "households": f"{found.households:,}",
        "people": f"{found.people:,}",
        "named": f"{found.named:,}",
    }
    parts = [stage.t("rolls_agree" if found.agree else "rolls_differ", **words)]
    for side in ("short", "over"):
        if households := getattr(found, f"{side}_households"):
            people = getattr(found, f"{side}_people")
            parts.append(
                stage.t(f"rolls_{side}", households=f"{households:,}", people=f"{people:,}")
            )
    gap, stop = (";", "。") if stage.lang == "zh" else ("; ", ". ")
    refused = _refused(stage)
    return h("p", gap.join(parts), *([stop, refused] if refused else []), cls="sub rolls")


def _refused(stage: Stage) -> Markup | None:
    """Rows that the import could not take: of the whole county, and told there."""
    if stage.view.region != stage.county.code:
        return None
    rows = stage.county.kept(("refused", stage.scope), lambda: rolls.refused(stage.reader))
    if not any(rows.values()):
        return None
    told = stage.t("rolls_refused", **{key: f"{count:,}" for key, count in rows.items()})
    return pieces.link(stage.href("data", part="rows"), told)
