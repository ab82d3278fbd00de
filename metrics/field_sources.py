"""Where the fields of the filter come from: the registries, the schema, the code lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from metrics import nine_checks, sieves
from metrics.conditions import UNKNOWN
from metrics.fields import LEDGER_FINDINGS, LEDGER_STATES, PROBLEMS, Field, Fields, about
from metrics.selections import ANSWERS, selection
from metrics.zones import Zone
from rules import vocabulary
from rules.checks import SEVERITIES, Check
from rules.judge import fact_types
from rules.parameters import in_force
from rules.registry import groups, rules, systems
from store.amended import literal
from store.schema import BY_NAME

Codes = Mapping[str, Mapping[str, object]]
_FLAG = {"yes": "IS TRUE", "no": "IS FALSE", UNKNOWN: "IS NULL"}
_ABOUT_HOUSEHOLDS = ("member", "household", "monitored", "listed")


def fields_of(
    codes: Codes,
    checks: Mapping[str, Check],
    places: Sequence[str],
    day: date,
    zones: Mapping[str, Zone] = MappingProxyType({}),
) -> Fields:
    """The fields of a county: its code lists, checks, places (townships and villages), day, and
    its zones and grids."""
    made = [
        *_of_places(places),
        *_of_zones(zones),
        *_of_groups(),
        *_of_classes(),
        *_of_rules(),
        *_of_lines(),
        *(one for source in SOURCES for one in source.fields(codes)),
        *_of_ledgers(),
        *_of_help(codes),
        *_of_checks(checks),
        *_of_screenings(),
        _of_problems(),
    ]
    found: dict[str, Field] = {}
    for one in made:
        if one.key in found:
            raise ValueError(f"two fields are called {one.key}")
        found[one.key] = one
    given = {"day": day, **{f"problems_{key}": [] for key in PROBLEMS}}
    return Fields(found, day.year, given)


def _of_places(places: Sequence[str]) -> Iterator[Field]:
    values = {code: f"starts_with(f.village_code, '{code}')" for code in places if code.isdigit()}
    yield Field("place", "place", "choice", ("term", "place"), "place", values)
    yield Field("household", "place", "named", ("term", "household_id"), "household")


def _of_zones(zones: Mapping[str, Zone]) -> Iterator[Field]:
    if zones:
        values = {code: _in_zone(zone) for code, zone in zones.items()}
        yield Field("zone", "place", "choice", ("term", "zone"), "zone", values, many=True)


def _in_zone(zone: Zone) -> str:
    """SQL condition over ``f``: the household's village is the zone's, or its village group is."""
    whole = (f"starts_with(f.village_code, {literal(code)})" for code in zone.codes)
    groups = (
        f"f.village_code = {literal(code)} AND f.village_group IN "
        f"({', '.join(map(literal, names))})"
        for code, names in zone.groups.items()
    )
    return " OR ".join((*whole, *groups))


def _of_groups() -> Iterator[Field]:
    values = {key: f"f.{rule.column}" for key, rule in groups().items()}
    yield Field("groups", "groups", "choice", ("term", "group"), "rule", values, many=True)


def _of_classes() -> Iterator[Field]:
    for system in systems().values():
        for column, keys in system.classes.items():
            values = {key: f"f.{column} = '{key}'" for key in (*keys, UNKNOWN)}
            yield Field(column, system.key, "choice", ("column", column), "rule", values,
                        sql=f"f.{column}", shown=True)  # fmt: skip


def _of_rules() -> Iterator[Field]:
    for key, rule in rules().items():
        if rule.relation == "county_fact":
            continue
        within = rule.parts if rule.compose == "lacks_one_of" else ()
        values = {a: selection(f"rule.{key}.{a}").condition for a in (*ANSWERS, *within)}
        own = rule.relation == "household_fact"
        yield Field(rule.column, rule.system, "choice", ("rule", key), "answer", values,
                    many=not own, sql=f"f.{rule.column}" if own else "", shown=own,
                    latest=rule.relation in _LATEST)  # fmt: skip


def _of_lines() -> Iterator[Field]:
    """How far a household's income is from each line, in yuan and in months of its income."""
    income = "f.per_capita_net_income_yuan"
    for key in fact_types("household_fact"):
        if key in in_force() and key.endswith("_line_yuan"):
            away = f"({income} - f.{key})"
            months = f"(CASE WHEN {income} > 0 THEN {away} * 12 / {income} END)"
            yield Field(f"to_{key}", "income", "range", ("to_line", key), unit="yuan",
                        sql=away, shown=True)  # fmt: skip
            yield Field(f"months_to_{key}", "income", "range", ("months_to_line", key),
                        unit="months", sql=months, shown=True)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """A relation whose columns are fields: the household's own facts, or rows that go with it.

    ``prefix`` stands before the columns of rows that are not its own; columns that a source named
    before it has are left to that one.
    """

    theme: str
    relation: str
    prefix: str = ""
    shared: str = "household_id"
    dated: bool = True
    latest: bool = True
    but: tuple[str, ...] = ()
    after: tuple[str, ...] = ("household_fact",)

    def fields(self, codes: Codes) -> Iterator[Field]:
        """A field for each column that a person would ask about."""
        taken = {name for other in self.after for name in _types(other)}
        for name, kind in _types(self.relation).items():
            if (self.prefix and name in taken) or name in self.but or _is_no_fact(name):
                continue
            made = self._field(name, kind, codes)
            if made is not None:
                yield made

    def _field(self, name: str, kind: str, codes: Codes) -> Field | None:
        own = not self.prefix
        sql = f"f.{name}" if own else f"s.{name}"
        key = name if own else f"{self.prefix}-{name}"
        theme = "income" if own and _of_money(name) else self.theme
        common = Field(
            key, theme, "range", ("column", name), sql=sql,
            relation="" if own else f"{{{self.relation}}}", shared=self.shared,
            dated=self.dated and not own, latest=self.latest, shown=own,
        )  # fmt: skip
        told = vocabulary.fact(name)
        if kind == "BOOLEAN":
            return self._choice(common, "flag", {v: f"{sql} {test}" for v, test in _FLAG.items()})
        if told.codes is not None and told.codes in codes:
            values = {code: f"{sql} = '{code}'" for code in codes[told.codes]}
            return self._choice(common, told.codes, {**values, UNKNOWN: f"{sql} IS NULL"})
        if kind == "DATE":
            return replace(common, day=True)
        if kind in _NUMBERS:
            whole = told.unit in _WHOLE or kind != "DOUBLE"
            return replace(common, unit=told.unit, whole=whole)
        return None

    def _choice(self, common: Field, says: str, values: Mapping[str, str]) -> Field:
        held = {value: common.about(sql) for value, sql in values.items()}
        return replace(common, kind="choice", says=says, values=held, many=bool(self.prefix))


_NUMBERS = ("DOUBLE", "INTEGER", "BIGINT", "HUGEINT", "FLOAT")
_WHOLE = ("people", "years", "days", "items", "grade", "households", vocabulary.CALENDAR_YEAR)
_LATEST = ("member_fact", "monitored_fact")
# Ends and bounds of terms that other columns tell, not facts of their own.
_BOUNDS = ("_last", "_least", "_most", "_dated", "_end", "_until", "_part")
_KEYS = ("year", "is_latest", "township_code", "county_code", "village_code", "household_id",
         "labour_class", "labour_subclass", "source_row")  # fmt: skip


def _types(relation: str) -> dict[str, str]:
    """Columns and SQL types of a relation or a table; of a table those that nobody masks."""
    if relation not in BY_NAME:
        return fact_types(relation)
    kinds = {"bool": "BOOLEAN", "date32[day]": "DATE", "double": "DOUBLE", "int32": "INTEGER",
             "int64": "BIGINT"}  # fmt: skip
    return {
        column.name: kinds.get(str(column.type), "VARCHAR")
        for column in BY_NAME[relation].columns
        if not column.mask and not column.year_alone
    }


def _is_no_fact(name: str) -> bool:
    return name in _KEYS or name.startswith("in_") or name.endswith(_BOUNDS) or name in in_force()


def _of_money(name: str) -> bool:
    return name.endswith(("_yuan", "_percent"))


SOURCES = (
    Source("household", "household_fact", latest=False),
    Source("home", "household", "home", dated=False),
    Source("member", "member_fact", "member"),
    Source("member", "member", "person", dated=False, after=("household_fact", "member_fact")),
    Source("monitored", "monitored_fact", "case"),
    Source("monitored", "monitored_household", "register", dated=False,
           after=("household_fact", "monitored_fact")),
    Source("relocation", "relocation", "relocation", dated=False),
    Source("village", "village_fact", "village", "village_code", latest=False, after=()),
)  # fmt: skip

# An entry of a ledger with its days: since it was opened, and since it was due.
_ENTRY = """(
  SELECT e.household_id, e.year, date_diff('day', r.opened_on, COALESCE(r.closed_on, $day)) AS age,
    CASE WHEN e.ledger_state = 'overdue'
      THEN date_diff('day', COALESCE(r.due_on_until, r.due_on), $day) END AS days_late
  FROM {ledger_fact} AS e JOIN {ledger_entry} AS r ON r.entry_id = e.entry_id
)"""


def _of_ledgers() -> Iterator[Field]:
    def states(condition: str) -> str:
        return about("{group_check}", "household_id", condition, dated=False)

    held = {key: states(f"s.held AND s.group_key = '{key}'") for key in groups()}
    yield Field("ledger_held", "ledger", "choice", ("term", "in_ledger_of"), "rule", held,
                many=True, latest=True)  # fmt: skip
    values = {state: states(f"s.ledger_state = '{state}'") for state in LEDGER_STATES}
    values |= {found: states(f"s.finding = '{found}'") for found in LEDGER_FINDINGS}
    yield Field("ledger_state", "ledger", "choice", ("term", "ledger_states"), "ledger_state",
                values, many=True, latest=True)  # fmt: skip
    for name, column in (("ledger_age", "age"), ("ledger_late", "days_late")):
        yield Field(name, "ledger", "range", ("term", name), sql=f"s.{column}", relation=_ENTRY,
                    dated=True, unit="days", whole=True, latest=True)  # fmt: skip


_RUNNING = "(s.ended_on IS NULL OR s.ended_on > $day) AND (s.started_on IS NULL OR s.started_on <= $day)"  # fmt: skip  # noqa: E501


def _of_help(codes: Codes) -> Iterator[Field]:
    """Measures and benefits that a household has; where no file gave any, nobody knows."""
    for name, table, column, list_, when in (
        ("measures", "measure", "kind", "measure_kind", "TRUE"),
        ("benefits", "benefit", "benefit_kind", "benefit_kind", _RUNNING),
    ):
        values = {
            code: f"CASE WHEN (SELECT COUNT(*) > 0 FROM {{{table}}}) THEN "
            + about(f"{{{table}}}", "household_id", f"s.{column} = '{code}' AND {when}",
                     dated=False)
            + " END"
            for code in codes.get(list_, ())
        }  # fmt: skip
        yield Field(name, "help", "choice", ("term", name), list_, values, many=True, latest=True)


def _of_checks(checks: Mapping[str, Check]) -> Iterator[Field]:
    def found(condition: str) -> str:
        return about("{finding}", "household_id", f"{condition} AND s.household_id IS NOT NULL",
                      dated=False)  # fmt: skip

    keys = [key for key, check in checks.items() if check.level in _ABOUT_HOUSEHOLDS]
    values = {key: found(f"s.check_key = '{key}'") for key in keys}
    yield Field("doubts", "doubts", "choice", ("term", "doubts_found"), "check", values, many=True,
                latest=True)  # fmt: skip
    grave = {key: found(f"s.severity = '{key}'") for key in SEVERITIES}
    yield Field("doubt_severity", "doubts", "choice", ("term", "severity"), "severity", grave,
                many=True, latest=True)  # fmt: skip


def _of_screenings() -> Iterator[Field]:
    for sieve in sieves.SIEVES:
        values = {s: selection(f"sieve.{sieve}.{s}").condition for s in ("screened", "found")}
        yield Field(f"sieve_{sieve}", "screening", "choice", ("sieve", sieve), "sieve", values,
                    many=True, latest=True)  # fmt: skip
    for item in (nine_checks.ALL, *nine_checks.ITEMS):
        states = nine_checks.ALL_STATES if item == nine_checks.ALL else nine_checks.STATES
        values = {s: selection(f"nine.{item}.{s}").condition for s in states}
        yield Field(f"nine_{item}", "screening", "choice", ("nine", item), "nine", values,
                    latest=True)  # fmt: skip


def _of_problems() -> Field:
    values = {key: f"f.household_id IN (SELECT unnest($problems_{key}))" for key in PROBLEMS}
    named = ("term", "problems_followed")
    return Field("problems", "problems", "choice", named, "problem", values, many=True)
