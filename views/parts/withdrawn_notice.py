"""Imports that were taken back: said wherever a snapshot that holds one is shown or named."""

from __future__ import annotations

from collections.abc import Iterable

from store.lineage import contains, withdrawals
from store.published_dates import data_date
from views.browser.markup import Markup, h
from views.browser.notices import notice
from views.context.desk import Desk
from views.context.stage import Stage
from views.context.standing import repeated


def dated(stage: Stage, key: str, numbers: Iterable[int]) -> dict[int, str]:
    """Snapshots by their dates in the words of a term, marked if they hold what was taken back.

    Of several of one date each says its number.
    """
    home = stage.county.home
    days = {number: data_date(home, number) for number in numbers}
    several = repeated(days.values())
    found = {}
    for number, day in days.items():
        mark = stage.t("holds_withdrawn_mark") if contains(home, number) else ""
        own = stage.t("of_one_date", number=number) if day in several and key == "data_of" else ""
        found[number] = stage.t(key, date=day, number=number) + own + mark
    return found


def tell(stage: Stage) -> None:
    """Say over every page that the snapshot shown holds an import that was taken back since."""
    home = stage.county.home
    if held := contains(home, stage.county.snapshot.number):
        numbers = ("、" if stage.lang == "zh" else ", ").join(map(str, held))
        notice([stage.t("holds_withdrawn", numbers=numbers)], key="holds_withdrawn")


def mark(desk: Desk, number: int) -> Markup | None:
    """What stands beside a snapshot's number in the list: that its import was taken back."""
    done = withdrawals(desk.home).get(number)
    if done is not None:
        words = desk.t("withdrawn_by", who=done.who, when=desk.when(done.at), number=done.number)
        return h("span", desk.t("withdrawn_mark"), cls="tag", title=words)
    if contains(desk.home, number):
        return h("span", desk.t("holds_withdrawn_tag"), cls="tag")
    return None
