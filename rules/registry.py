"""The rules: each one declaration, read from YAML, with the SQL that finds its members."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Rule:
    """A criterion over ``household_fact``.

    ``where`` is true for a member, false for none, NULL where a fact or a parameter is missing.
    Before ``since`` the rule did not exist and nobody is a member.
    """

    key: str
    zh: str
    en: str
    since: int
    where: str
    evidence: tuple[str, ...]
    definition_zh: str
    definition_en: str
    source: str

    @property
    def column(self) -> str:
        """The column of ``household_fact`` that holds the answer."""
        return f"in_{self.key}"

    @property
    def sql(self) -> str:
        return f"CASE WHEN year < {self.since} THEN FALSE ELSE ({self.where}) END AS {self.column}"


@cache
def groups() -> dict[str, Rule]:
    """The six groups of households watched, in the order they are shown."""
    declared = yaml.safe_load((_FOLDER / "groups.yaml").read_text(encoding="utf8"))
    return {
        key: Rule(key=key, evidence=tuple(entry.pop("evidence")), **entry)
        for key, entry in declared.items()
    }
