"""The indicators: numerator and denominator of each as conditions over a fact relation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from rules.facts import RELATIONS
from rules.judge import fact_types
from rules.own import unbound
from rules.parameters import in_force
from rules.registry import Rule, groups
from store.county_folder import Fault, in_use, misfit, once_a_state, path_in
from store.county_folder import read as entries_of
from store.yamls import DeclarationError, only_keys, read_yaml

_FILE = Path(__file__).with_name("indicators.yaml")

EXACT = "DECIMAL(20, 4)"  # what amounts are added as; a cell's number is below 10 ** 15

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_NEEDED = (
    "theme",
    "zh",
    "en",
    "unit",
    "from",
    "better",
    "definition_zh",
    "definition_en",
    "source",
)

_MAY = ("count", "where", "among", "per", "target", "opens", "since")

Unit = Literal["percent", "people", "households", "yuan", "entries", "projects", "villages"]
Better = Literal["higher", "lower", "none"]


class IndicatorError(ValueError):
    """A county's indicator says something impossible; the message says what, in Chinese."""


@dataclass(frozen=True, slots=True)
class Measure:
    """An additive amount: rows of a fact relation, or the sum of an expression over them.

    ``among`` says for which rows the question makes sense at all; of those, the ones that
    ``where`` cannot answer are unknown.
    """

    relation: str
    value: str | None
    where: str
    among: str = "TRUE"

    @property
    def amount(self) -> str:
        """SQL aggregate; 0 where no row meets the condition.

        Decimals are added, not fractions of two: the sum is the same in any order of the rows.
        """
        inner = "COUNT(*)" if self.value is None else f"SUM(CAST({self.value} AS {EXACT}))"
        return f"COALESCE({inner} FILTER (WHERE {self.condition}), 0)"

    @property
    def condition(self) -> str:
        """SQL condition of the rows counted."""
        return self.where if self.among == "TRUE" else f"({self.among}) AND ({self.where})"

    @property
    def asked(self) -> str:
        """SQL count of the rows for which the question makes sense."""
        return f"COUNT(*) FILTER (WHERE {self.among})"

    @property
    def known(self) -> str:
        """SQL count of those rows that the condition answers."""
        return f"COUNT(*) FILTER (WHERE ({self.among}) AND ({self.where}) IS NOT NULL)"


@dataclass(frozen=True, slots=True)
class Target:
    """A value to reach, and whose target it is; a ``strict`` one must be passed, not only met.

    One that a county loaded has no name of its own, but the ``year`` it is of and the ``office``
    that answers for it, where one is named.
    """

    value: float
    zh: str
    en: str
    strict: bool = False
    year: int | None = None
    office: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. Percent values are 0 to 100; yuan are whole yuan."""

    key: str
    theme: str
    zh: str
    en: str
    unit: Unit
    numerator: Measure
    denominator: Measure | None
    better: Better
    target: Target | None
    national: str | None
    opens: bool
    definition_zh: str
    definition_en: str
    source: str
    since: int | None = None
    until: int | None = None

    def exists(self, year: int) -> bool:
        """Whether the indicator was in force in a year: before that it has no value."""
        after = self.since is None or self.since <= year
        return after and (self.until is None or year <= self.until)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The numerator, and the denominator if there is one."""
        return (self.numerator, *filter(None, [self.denominator]))

    @property
    def scale(self) -> float:
        return 100.0 if self.unit == "percent" else 1.0

    @property
    def target_sign(self) -> str:
        """How a value stands to the target that meets it: ≤ or ≥, < or > where it is strict."""
        signs = "<≤" if self.better == "lower" else ">≥"
        return signs[0 if self.target is not None and self.target.strict else 1]

    def meets_target(self, value: float) -> bool | None:
        """Whether a value reaches the target; None without one. The target itself does, unless it
        is strict, to be passed."""
        if self.target is None:
            return None
        if self.target.strict and value == self.target.value:
            return False
        return value <= self.target.value if self.better == "lower" else value >= self.target.value


_MEASURE = ("from", "count", "where", "among")
_ENTRY = (*_MEASURE, "theme", "zh", "en", "unit", "per", "better", "target", "national", "opens",
          "definition_zh", "definition_en", "source", "since")  # fmt: skip


def _measure(entry: Mapping[str, Any]) -> Measure:
    return Measure(
        entry["from"], entry.get("count"), entry.get("where", "TRUE"), entry.get("among", "TRUE")
    )


def _target(entry: Mapping[str, Any]) -> Target | None:
    """A target as declared; one that is a threshold takes its latest value, none without any."""
    if "parameter" in entry:
        values = in_force()[entry["parameter"]].values
        if not values:
            return None
        value = values[-1].value
        return Target(value, entry["zh"], entry["en"], entry.get("strict", False))
    return Target(**entry)


def _declared(key: str, entry: Mapping[str, Any]) -> Indicator:
    only_keys(entry, _ENTRY, key)
    only_keys(entry.get("per", {}), _MEASURE, f"{key}, per")
    only_keys(
        entry.get("target", {}), ("value", "parameter", "zh", "en", "strict"), f"{key}, target"
    )
    return Indicator(
        key=key,
        theme=entry["theme"],
        zh=entry["zh"],
        en=entry["en"],
        unit=entry["unit"],
        numerator=_measure(entry),
        denominator=_measure({"from": entry["from"], **entry["per"]}) if "per" in entry else None,
        better=entry["better"],
        target=_target(entry["target"]) if "target" in entry else None,
        national=entry.get("national"),
        opens=entry.get("opens", True),
        definition_zh=entry["definition_zh"],
        definition_en=entry["definition_en"],
        source=entry["source"],
        since=entry.get("since"),
    )


def _of_rule(rule: Rule, share: bool) -> Indicator:
    """Every rule is two indicators: the households that meet it, and their share.

    Places differ in size, so only the share, of the households that could be told, ranks them.
    """
    told = Measure("household_fact", None, f"{rule.column} IS NOT NULL")
    return Indicator(
        key=f"{rule.key}_{'share' if share else 'households'}",
        theme="groups",
        zh=f"{rule.zh}占比" if share else rule.zh,
        en=f"{rule.en}, share" if share else rule.en,
        unit="percent" if share else "households",
        numerator=Measure("household_fact", None, rule.column),
        denominator=told if share else None,
        better="lower" if rule.key != "exited_2014_2015" else "none",
        target=None,
        national=None,
        opens=True,
        definition_zh=rule.definition_zh,
        definition_en=rule.definition_en,
        source=rule.source,
        since=rule.since,
        until=rule.until,
    )


def read(file: Path) -> tuple[dict[str, dict[str, str]], list[Indicator]]:
    """Themes and indicators of a file. Raises DeclarationError for a key that means nothing."""
    declared = read_yaml(file)
    only_keys(declared, ("themes", "indicators"), file.stem)
    return declared["themes"], [_declared(key, e) for key, e in declared["indicators"].items()]


def indicators() -> dict[str, Indicator]:
    """All indicators by key, in the order of their themes: with those of the home in use."""
    return _of_home(in_use())[0]


def themes() -> dict[str, dict[str, str]]:
    """Themes that indicators are grouped under: key to zh and en."""
    return _of_home(in_use())[1]


def faults(home: Path | None) -> tuple[Fault, ...]:
    """What of the indicators that a home's county declares cannot be used, and is left out."""
    return _of_home(home)[2]


@once_a_state
def _of_home(
    home: Path | None,
) -> tuple[dict[str, Indicator], dict[str, dict[str, str]], tuple[Fault, ...]]:
    """Indicators and themes of the program and of a home's county, and what of these is broken."""
    # Read anew for each home: a target may be a threshold, which is the county's.
    themes, declared = read(_FILE)
    found = {one.key: one for one in declared}
    made = [_of_rule(rule, share) for rule in groups().values() for share in (False, True)]
    found |= {one.key: one for one in made}
    broken: list[Fault] = []
    if home is not None:
        own_themes, _ = entries_of(home, path_in(home, "indicators.yaml"), "themes")
        for key, names in own_themes.items():
            if why := misfit(names, ("zh", "en")):
                broken.append(own_themes.fault(key, why))
            else:
                themes[key] = names
        entries, faults = entries_of(home, path_in(home, "indicators.yaml"), "indicators")
        broken += faults
        for key, entry in entries.items():
            try:
                found[key] = _own(key, entry, themes)
            except IndicatorError as error:
                broken.append(entries.fault(key, str(error)))
    order = list(themes)
    held = {i.key: i for i in sorted(found.values(), key=lambda i: order.index(i.theme))}
    return held, themes, tuple(broken)


def _own(key: str, entry: Any, themes: Mapping[str, Any]) -> Indicator:
    """A county's indicator; IndicatorError says in Chinese why it cannot be used.

    What cannot be computed for a row is unknown there.
    """
    if why := misfit(entry, _NEEDED, _MAY):
        raise IndicatorError(why)
    if not _KEY.fullmatch(key):
        raise IndicatorError("键应是小写字母、数字和下划线")
    for name, allowed in (
        ("theme", themes),
        ("unit", get_args(Unit)),
        ("better", get_args(Better)),
    ):
        if entry[name] not in allowed:
            raise IndicatorError(f"{name} 只能是 {'、'.join(allowed)}")
    try:
        found = _declared(key, entry)
    except (KeyError, TypeError, IndexError, DeclarationError):
        raise IndicatorError("per 要有 from;target 要有 parameter 或 value,以及 zh、en") from None
    measures = [measure for measure in (found.numerator, found.denominator) if measure]
    if why := next(filter(None, map(_unmeasured, measures)), ""):
        raise IndicatorError(why)
    if found.opens and "household_id" not in fact_types(found.numerator.relation):
        raise IndicatorError("数的不是户,请写 opens: false")
    per = found.denominator and _tried(found.denominator)
    return replace(found, numerator=_tried(found.numerator), denominator=per)


def _unmeasured(measure: Measure) -> str:
    """Why a measure cannot be taken of its relation; empty where it can."""
    if measure.relation not in RELATIONS or measure.relation == "group_check":
        return f"没有 {measure.relation} 这个关系"
    columns = fact_types(measure.relation)
    conditions = [unbound(each, columns) for each in (measure.among, measure.where)]
    value = measure.value and unbound(f"CAST({measure.value} AS {EXACT})", columns, kind="")
    return next(filter(None, [*conditions, value]), "")


def _tried(measure: Measure) -> Measure:
    among = measure.among if measure.among == "TRUE" else f"TRY({measure.among})"
    value = measure.value and f"TRY({measure.value})"
    return replace(measure, where=f"TRY({measure.where})", among=among, value=value)
