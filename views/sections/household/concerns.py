"""The concerns that a household's file is folded by: which is amiss, and each in one line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import streamlit as st

from metrics.files import HouseholdFile
from metrics.judgements import Judgement, amiss
from views.context.stage import Stage


@dataclass(frozen=True, slots=True)
class Concerns:
    """A file's concerns: how much of each somebody should look into."""

    stage: Stage
    file: HouseholdFile
    judged: Sequence[Judgement]

    def folded(self, name: str) -> AbstractContextManager[Any]:
        """One of them, to be folded away: open where something is amiss; where the address asks for
        one, that alone."""
        asked, count = self.stage.view.part, amiss(self.file, self.judged, name)
        opened = asked == name if asked else bool(count)
        said = self.stage.t("concern_amiss", count=count) if count else ""
        line = " · ".join(filter(None, (self.stage.t(f"concern_{name}"), _GISTS[name](self), said)))
        return st.expander(line, expanded=opened, key=f"concern_{name}_{opened}")

    def _family(self) -> str:
        stage, newest = self.stage, next(reversed(self.file.years), None)
        people = stage.measure("people").text(self.file.household["member_count"])
        income = newest and newest["per_capita_net_income_yuan"]
        if newest is None or income is None:
            return people
        told = stage.t("concern_income", year=newest["year"],
                       income=stage.measure("yuan").text(income))  # fmt: skip
        return f"{people} · {told}"

    def _guarantees(self) -> str:
        return self._counted("concern_benefits", len(self.file.benefits))

    def _help(self) -> str:
        return self._counted("concern_measures", len(self.file.measures))

    def _watch(self) -> str:
        case = self.stage.t("concern_case") if self.file.monitored else ""
        ledgers = self._counted("concern_ledgers", len(self.file.ledger))
        return " · ".join(filter(None, (case, ledgers)))

    def _changes(self) -> str:
        return self._counted("concern_events", len(self.file.changes))

    def _counted(self, term: str, count: int) -> str:
        return self.stage.t(term if count else "concern_none", count=f"{count:,}")


_GISTS: Mapping[str, Callable[[Concerns], str]] = {
    "family": Concerns._family,
    "guarantees": Concerns._guarantees,
    "help": Concerns._help,
    "watch": Concerns._watch,
    "changes": Concerns._changes,
}
