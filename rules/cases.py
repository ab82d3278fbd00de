"""Written cases: what is known of one subject in a year, and what a declaration should answer.

A file of cases has a list a key (of a rule, a check, an indicator); the program's own stand in
``tests/cases``, a county's in ``county/cases`` of its home. ``python -m rules check`` runs these.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from rules.parameters import Parameter
from rules.registry import answered, needed, rules
from store.county_folder import Fault, misfit, read

_WORD = re.compile(r"\w+")
YEAR = 2025  # of a case that names none, in a file that names none


@dataclass(frozen=True)
class Case:
    """One written case: facts by name (left out: unknown), and the answer expected."""

    key: str
    name: str
    year: int
    given: dict[str, Any]
    expect: bool | None


def read_cases(path: Path, root: Path) -> tuple[list[Case], list[Fault]]:
    """The cases of a file below ``root``, and what of it is not written as cases are."""
    entries, faults = read(root, path)
    year = entries.get("year", YEAR)
    found: list[Case] = []
    for key, entry in entries.items():
        if key == "year":
            continue
        start: dict[str, Any] = {}
        cases = entry
        if isinstance(entry, dict):
            start, cases = entry.get("start") or {}, entry.get("cases")
        if not isinstance(cases, list):
            faults.append(entries.fault(key, "应是案例的清单"))
            continue
        for case in cases:
            if why := misfit(case, (), ("case", "year", "given", "expect")):
                faults.append(entries.fault(key, why))
            elif case.get("expect", "") not in (True, False, None):
                faults.append(
                    entries.fault(key, f"“{case.get('case')}”的 expect 应是 true、false 或 null")
                )
            else:
                given = {**start, **(case.get("given") or {})}
                found.append(
                    Case(key, str(case.get("case")), case.get("year", year), given, case["expect"])
                )
    return found, faults


def failures(
    path: Path, root: Path, judges: Mapping[str, Callable[[Case], bool | None]]
) -> Iterator[Fault]:
    """Cases of a file that a judge, by key, answers otherwise than they expect, in Chinese."""
    cases, faults = read_cases(path, root)
    yield from faults
    entries, _ = read(root, path)
    for case in cases:
        if case.key not in judges:
            yield entries.fault(case.key, "没有这个键,或它的声明不能用")
            continue
        try:
            answer = judges[case.key](case)
        except KeyError as error:
            yield entries.fault(case.key, f"“{case.name}”用了没有的事实: {_facts(error)}")
            continue
        except ValueError:
            yield entries.fault(case.key, f"“{case.name}”的值与事实的类型不符")
            continue
        if answer is not case.expect:
            said = f"应为 {_WORDS[case.expect]},实为 {_WORDS[answer]}"
            yield entries.fault(case.key, f"“{case.name}”{said}")


def answer(
    condition: str, types: Mapping[str, str], case: Case, parameters: Mapping[str, Parameter]
) -> bool | None:
    """What a condition over columns of these types answers for a case.

    Answers of rules that the condition asks are judged from the case's facts, unless it names them.
    Raises KeyError for a fact that there is not, ValueError for one of another type.
    """
    held = {key: parameter.in_year(case.year) for key, parameter in parameters.items()}
    known = {key: each.value for key, each in held.items() if each and key in types}
    known |= {"year": case.year, **case.given}
    if odd := set(known) - set(types) - {"year"}:
        raise KeyError(f"no such facts: {', '.join(sorted(odd))}")
    asked = [
        rule
        for rule in rules().values()
        if rule.column in _WORD.findall(condition) and rule.column not in known
    ]
    layers = needed(asked)
    judged = {rule.column for layer in layers for rule in layer} - known.keys()
    types = {name: kind for name, kind in types.items() if name not in judged}
    columns = ", ".join(
        f'CAST({f"${name}" if name in known else "NULL"} AS {kind}) AS "{name}"'
        for name, kind in types.items()
    )
    values = {name: value for name, value in known.items() if name in types}
    try:
        facts = answered(f"SELECT {columns}", layers)
        [(found,)] = duckdb.execute(f"SELECT ({condition}) FROM ({facts})", values).fetchall()
    except duckdb.Error as error:
        raise ValueError(str(error)) from None
    return found


_WORDS = {True: "是(true)", False: "否(false)", None: "无法判断(null)"}


def _facts(error: KeyError) -> str:
    return str(error.args[0]).rpartition(": ")[2]
