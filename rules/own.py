"""A county's own rules and checks: read from its folder, tried over empty relations, or left out.

What is broken is left out and named with file and line, in Chinese; the rest joins the program's,
an entry of the program's key in its place. ``python -m rules check`` prints the same.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from string import Formatter
from typing import Any

import duckdb

from rules import parameters
from rules.checks import (
    LEVELS,
    SEVERITIES,
    Check,
    CheckError,
    by_level,
    check_of,
    count_sql,
    empty_levels,
    finding_sql,
)
from rules.checks import program as program_checks
from rules.facts import RELATIONS
from rules.judge import types_of
from rules.parameters import in_force
from rules.registry import SYSTEMS, Registry, Rule, RuleError, System, program, rule_of, system_of
from store.county_folder import Entries, Fault, misfit, once_a_state, path_in, read

_KEY = re.compile(r"[a-z][a-z0-9_]*")
_MISSING = re.compile(r'Referenced column "(\w+)" not found')
_BOTH = ("zh", "en")
_WORDS = (*_BOTH, "definition_zh", "definition_en", "source")
_HOWS = ("where", "all_of", "any_of", "lacks_one_of")
_RULE = ("evidence", "since", "until", "weak", "lasting", *_HOWS)
_HEAD = ("zh", "en", "relation", "definition_zh", "definition_en", "rules")
_CHECK = ("level", "severity", *_BOTH, "says_zh", "says_en", "where", "evidence", "source")
# The groups of the ledgers are codes of the ledgers' own list: changed they may be, not added to.
_CLOSED = ("groups",)


def faults(home: Path) -> list[Fault]:
    """What of a county's thresholds, rules and checks cannot be used, and is left out."""
    return [*parameters.of_home(home)[1], *rules_of(home)[1], *checks_of(home)[1]]


@once_a_state
def rules_of(home: Path | None) -> tuple[Registry, tuple[Fault, ...]]:
    """The program's rules with those of a home's county, and what of them is left out."""
    folder = path_in(home, "rules") if home else None
    if home is None or folder is None or not any(folder.glob("*.yaml")):
        return program(), ()
    faults: list[Fault] = []
    types = types_of(program(), in_force())
    systems = dict(program().systems)
    lines: dict[str, Entries] = {}
    for path in sorted(folder.glob("*.yaml")):
        system = _system(home, path, systems, types, faults)
        if system:
            entries, _ = read(home, path, "rules")
            lines |= {key: entries for key, rule in system.rules.items() if rule.own}
            systems[system.key] = system
    known = _fitting(systems, lines, types, faults)
    try:
        types_of(known, in_force())
    except duckdb.Error as error:  # each by itself can be asked, but not all together
        why = f"规则合在一起不能计算,全部没有采用: {str(error).splitlines()[0]}"
        return program(), (*faults, Fault(str(folder.relative_to(home)), 1, why))
    return known, tuple(faults)


def _system(
    home: Path,
    path: Path,
    systems: Mapping[str, System],
    types: Mapping[str, Mapping[str, str]],
    faults: list[Fault],
) -> System | None:
    """The system that a file adds to or declares; None where nothing of it can be used."""
    head, broken = read(home, path)
    entries, inner = read(home, path, "rules")
    faults += broken or inner
    if broken or inner:
        return None
    known = systems.get(path.stem)
    declared: dict[str, Any] = dict(head)
    required = ("rules",) if path.stem in SYSTEMS else _HEAD
    if why := misfit(declared, required, ("since", "until", "among", *_HEAD)):
        faults.append(entries.fault("", why))
        return None
    if known is None and declared["relation"] not in RELATIONS:
        faults.append(head.fault("relation", f"没有 {declared['relation']} 这个关系"))
        return None
    known = known or system_of(path.stem, {**declared, "rules": {}})
    taken = {
        rule.key
        for other in systems.values()
        if other is not known
        for rule in other.rules.values()
    }
    found = {}
    for key, entry in entries.items():
        since = declared.get("since", _since(known))
        try:
            found[key] = _rule(key, entry, known, since, taken, types)
        except RuleError as error:
            faults.append(entries.fault(key, str(error)))
    return replace(known, rules={**known.rules, **found})


def _since(system: System) -> int | None:
    return min((rule.since for rule in system.rules.values()), default=None)


def _rule(
    key: str,
    entry: Any,
    system: System,
    since: int | None,
    taken: set[str],
    types: Mapping[str, Mapping[str, str]],
) -> Rule:
    """A county's rule; RuleError says in Chinese why it cannot be used."""
    if why := misfit(entry, _WORDS, _RULE):
        raise RuleError(why)
    if not _KEY.fullmatch(key):
        raise RuleError("键应是小写字母、数字和下划线")
    if key in taken:
        raise RuleError("别的系统已有这个键")
    if system.key in _CLOSED and key not in system.rules:
        raise RuleError("重点人群是台账的类别,不能增加;可以改已有的六类")
    if sum(how in entry for how in _HOWS) != 1:
        raise RuleError(f"{'、'.join(_HOWS)} 要有且只有一个")
    if key not in system.rules and f"in_{key}" in types[system.relation]:
        raise RuleError("这个键与已有的事实重名")
    entry = {"since": since, **entry}
    if type(entry["since"]) is not int:
        raise RuleError("since 应是年份")
    rule = replace(rule_of(key, dict(entry), system.key, {"relation": system.relation}), own=True)
    from rules.conditions import condition_of  # a county without rules does without its parser

    try:
        condition_of(rule)
    except RuleError:
        raise RuleError(
            "条件里只能用比较、AND、OR、NOT、IS NULL 和加减乘除,见 docs/rules.md"
        ) from None
    return rule


def _fitting(
    systems: Mapping[str, System],
    lines: Mapping[str, Entries],
    types: Mapping[str, Mapping[str, str]],
    faults: list[Fault],
) -> Registry:
    """The rules that hold together: one that cannot be asked goes, then those that asked it."""
    systems = dict(systems)
    while True:
        known = Registry(systems)
        own = [rule for rule in known.rules.values() if rule.own]
        broken = next(((r, why) for r in own if (why := _unasked(r, known, types))), None)
        if broken is None:
            return known
        rule, why = broken
        faults.append(lines[rule.key].fault(rule.key, why))
        left = {k: r for k, r in systems[rule.system].rules.items() if k != rule.key}
        if before := program().rules.get(rule.key):
            left = {
                k: before if k == rule.key else r for k, r in systems[rule.system].rules.items()
            }
        systems[rule.system] = replace(systems[rule.system], rules=left)


def _unasked(rule: Rule, known: Registry, types: Mapping[str, Mapping[str, str]]) -> str:
    """Why a rule cannot be asked of its relation; empty where it can."""
    columns = dict(types[rule.relation])
    columns |= dict.fromkeys(in_force(), "DOUBLE")
    for other in known.rules.values():
        if other.relation == rule.relation:
            columns[other.column] = "BOOLEAN"
    if missing := set(rule.evidence) - set(columns):
        return f"evidence 中没有这些事实: {'、'.join(sorted(missing))}"
    try:
        known.needed([rule])
    except RuleError:
        return "绕来绕去又问到自己,或问了别的关系的规则"
    return unbound(rule.where, columns)


def unbound(condition: str, columns: Mapping[str, str], *, kind: str = "BOOLEAN") -> str:
    """Why an expression over columns of these types cannot be computed; empty where it can.

    ``kind`` is the type that it should have; empty for any.
    """
    made = ", ".join(f'CAST(NULL AS {each}) AS "{name}"' for name, each in columns.items())
    try:
        sql = f"DESCRIBE SELECT ({condition}) AS answer FROM (SELECT {made})"
        [(_, found, *_)] = duckdb.execute(sql).fetchall()
        duckdb.execute(f"SELECT TRY({condition}) FROM (SELECT {made})").fetchall()
    except (duckdb.Error, ValueError) as error:
        missing = _MISSING.search(str(error))
        if missing:
            return f"没有 {missing[1]} 这个事实或标准"
        return f"条件不能计算: {str(error).splitlines()[0]}"
    return f"条件的结果应是真或假,现在是 {found}" if kind and found != kind else ""


@once_a_state
def checks_of(home: Path | None) -> tuple[dict[str, Check], tuple[Fault, ...]]:
    """The program's checks with those of a home's county, and what of them is left out."""
    if home is None:
        return program_checks(), ()
    entries, faults = read(home, path_in(home, "checks.yaml"))
    if not entries:
        return program_checks(), tuple(faults)
    found = dict(program_checks())
    with empty_levels() as (levels, types):
        for key, entry in entries.items():
            try:
                check = _check(key, entry, types)
                levels.execute(f"EXPLAIN {finding_sql({key: check}, types)}")
                levels.execute(f"EXPLAIN {count_sql({key: check})}")
                found[key] = check
            except CheckError as error:
                faults.append(entries.fault(key, str(error)))
            except duckdb.Error as error:
                faults.append(entries.fault(key, f"不能计算: {str(error).splitlines()[0]}"))
    return by_level(found), tuple(faults)


def _check(key: str, entry: Any, types: Mapping[str, Mapping[str, str]]) -> Check:
    """A county's check; CheckError says in Chinese why it cannot be used."""
    if why := misfit(entry, _CHECK, ("needs", "numbers")):
        raise CheckError(why)
    if not _KEY.fullmatch(key):
        raise CheckError("键应是小写字母、数字和下划线")
    for name, allowed in (("level", LEVELS), ("severity", SEVERITIES)):
        if entry[name] not in allowed:
            raise CheckError(f"{name} 只能是 {'、'.join(allowed)}")
    try:
        check = check_of(key, dict(entry))
    except (CheckError, ValueError, AttributeError, IndexError):
        raise CheckError("where 里的 {} 应是 numbers 中的名字") from None
    columns = types[check.level]
    if not check.evidence:
        raise CheckError("evidence 至少要有一个事实")
    for name in ("evidence", "needs"):
        if missing := set(getattr(check, name)) - set(columns):
            raise CheckError(f"{name} 中没有这些事实: {'、'.join(sorted(missing))}")
    carried = {*check.evidence, *(check.numbers or {}), *in_force()}
    for name in ("says_zh", "says_en"):
        if missing := _named(getattr(check, name)) - carried:
            raise CheckError(
                f"{name} 里的 {'、'.join(sorted(missing))} 不在 evidence 或 numbers 中"
            )
    if why := unbound(check.where, columns):
        raise CheckError(why)
    return replace(check, where=f"TRY({check.where})")


def _named(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        return {text}
