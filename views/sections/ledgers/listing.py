"""The list of households: what a view finds, counted once, as blocks; below it the framework's
buttons and forms, which are about the same rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from metrics import lists
from metrics.lists import Counts
from metrics.paging import page_count
from state.database import StateError
from views.browser import notices
from views.browser.markup import Markup, h
from views.context import witness
from views.context.stage import Stage
from views.parts import pieces
from views.parts.list_columns import Columns
from views.scenes import block
from views.scenes.block import Block
from views.sections.ledgers import acting, conditions, households, printing, table


@dataclass(frozen=True)
class Listing:
    """The households of a view. Those who look are written down before a row is shown."""

    stage: Stage

    @cached_property
    def _found(self) -> tuple[Counts, Sequence[table.Row]]:
        stage, view = self.stage, self.stage.view
        narrowed = households.narrowed(stage) if self.offers else {}
        rules, further = stage.county.rules, Columns(stage).further
        return lists.counted_with_page(
            stage.reader, stage.households(), narrowed, rules, view.sort, view.page, further
        )

    @property
    def counted(self) -> Counts:
        """Households, their people, and what each facet offered would leave."""
        return self._found[0]

    @property
    def offers(self) -> bool:
        """Whether facets are offered: what differs is told of this very filter, and while a
        condition is chosen its values are offered."""
        return self.stage.view.against is None and self.stage.view.facet is None

    @cached_property
    def about(self) -> int:
        """How many households are meant by what is done with them."""
        return acting.count(self.stage, self.counted.households)

    @cached_property
    def told(self) -> bool:
        """Whether there are rows, and it is written down that somebody looks at them."""
        found = self.counted.households
        return bool(found) and witness.listed(self.stage, found)

    @cached_property
    def readable(self) -> bool:
        """Whether what the conditions ask for can be read."""
        try:
            self.stage.households()
        except StateError:
            return False
        return True

    def blocks(self) -> tuple[Block, ...]:
        """The conditions, the sentence, what would narrow it further, and a page of rows."""
        stage, view = self.stage, self.stage.view
        if not self.readable:
            unread = notices.banner([stage.t("state_unread")], alert=True)
            return (block.html("where_unread", unread),)
        drawn: dict[str, Markup | None] = {}
        if view.facet is None:
            drawn["conditions"] = conditions.chips(stage)
        said = households.of_households(stage, self.counted.households, self.counted.people)
        drawn["sentence"] = households.sentence_of(stage, said)
        if self.offers:
            drawn["facets"] = households.facets(stage, self.counted.left)
        drawn |= self._rows() if self.told else {"nothing": self._nothing()}
        return tuple(block.html(key, one) for key, one in drawn.items() if one is not None)

    def _nothing(self) -> Markup:
        stage = self.stage
        if self.counted.households:
            return notices.banner([stage.t("view_not_recorded")], alert=True)
        return pieces.empty(stage, stage.t("no_rows"), stage.t("no_rows_hint"))

    def _rows(self) -> dict[str, Markup | None]:
        stage = self.stage
        pages = page_count(self.counted.households)
        page, rows = min(stage.view.page, pages), self._found[1]
        acts = acting.may(stage)
        return {
            "past_end": households.past_end(stage, pages),
            "acting": acting.bar(stage, self.about) if acts else None,
            "households": h("div", table.of_rows(stage, rows, picks=acts)),
            "pages": households.pager(stage, page, pages),
        }

    def below(self) -> None:
        """Workbook and files of these rows, and the form that opens a problem for each of them."""
        if self.readable and self.told:
            meant = acting.meant(self.stage)
            households.export(self.stage, meant, self.about)
            printing.files(self.stage, meant, self.about)
            acting.open_problems(self.stage, self.about)


class Page:
    """The page of the list, which is made anew with each step: its blocks, then what is below."""

    def __init__(self) -> None:
        self._made: Listing | None = None

    def blocks(self, stage: Stage) -> tuple[Block, ...]:
        self._made = Listing(stage)
        return self._made.blocks()

    def below(self, stage: Stage) -> None:
        if self._made is None or self._made.stage is not stage:
            self._made = Listing(stage)
        self._made.below()
