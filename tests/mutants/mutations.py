"""Faults put in one at a time: each must be found by the tests named with it.

``@page`` is the county's own page in ``tests/test_demo_cells.py``, read by cell.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutation:
    """A text that stands once in a file, what it becomes, and the tests that should fail then.

    ``lives`` says why a fault may stay unseen.
    """

    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    why: str
    lives: str = ""


def _m(file: str, old: str, new: str, tests: str, why: str, lives: str = "") -> Mutation:
    return Mutation(file, old, new, tuple(tests.split()), why, lives)


VIEWS = (
    _m(
        "views/sections/exit/households.py",
        '(of[MET].known_missed, MET, "missed"),',
        '(of[ONE].known_met, ONE, "met"),',
        "tests/pages/test_exit.py",
        "columns of /exit: some missed, only one missed",
    ),
    _m(
        "views/sections/exit/households.py",
        "found[code].missing,",
        "found[code].complete,",
        "@exit",
        "coverage inverted",
    ),
    _m(
        "views/sections/exit/households.py",
        'stage.lang), counts["unmet"], base=every)',
        'stage.lang), counts["met"], base=every)',
        "tests/pages/test_exit.py",
        "the item named is the one most met",
    ),
    _m(
        "views/sections/exit/households.py",
        'every = total(found.values())["unmet"]',
        'every = total(found.values())["mended"]',
        "tests/pages/test_exit.py",
        "findings not mended yet, those mended counted",
    ),
    _m(
        "views/sections/exit/households.py",
        '"missed": counts.missed,',
        '"missed": counts.unknown,',
        "tests/pages/test_exit.py @exit",
        "the picture's missed are the unknown",
    ),
    _m(
        "views/sections/classes/labour_classes.py",
        'opened(row.classes[main], "labour_class", main)',
        'opened(row.asked, "labour_class", main)',
        "@classes",
        "each class is everybody",
    ),
    _m(
        "views/sections/classes/labour_classes.py",
        'pieces.number(stage, by[key]["all"]',
        'pieces.number(stage, by[key]["unknown"]',
        "tests/pages/test_classes.py",
        "all of a class, the unknown shown",
    ),
    _m(
        "views/sections/classes/nine_verifications.py",
        'number(counts["all_open"], "open")',
        'number(counts["all_done"], "open")',
        "@classes",
        "what is open is what is done",
    ),
    _m(
        "views/sections/classes/nine_verifications.py",
        'percent(counts["all_done"], counts["asked"])',
        'percent(counts["all_open"], counts["asked"])',
        "tests/pages/test_classes.py",
        "completion inverted",
    ),
    _m(
        "views/sections/risk_groups.py",
        'percent(total["overdue"], every)',
        'percent(total["overdue"], total["open"])',
        "tests/pages/test_pages.py",
        "a share by another base",
    ),
    _m(
        "views/sections/risk_groups.py",
        "stage.in_ledgers(ledger=key, state=kind)",
        "stage.in_ledgers(ledger=key, state='missing')",
        "@risk_groups",
        "without cause opens the missing",
    ),
    _m(
        "views/sections/remaining.py",
        "            opens(stage, found.who, t, found.beside),",
        "            opens(stage, found.who, t),",
        "@remaining",
        "the year before opens this year's list",
    ),
    _m(
        "views/sections/remaining_tables.py",
        "share = portrait.shares.get(trait)\n",
        "share = found.here.shares.get(trait)\n",
        "@remaining",
        "the place beside shows this place",
    ),
    _m(
        "views/sections/remaining.py",
        "text(told.share_of_several)",
        "text(100 - (told.share_of_several or 0))",
        "tests/pages/test_remaining.py",
        "several causes, the share of one",
    ),
    _m(
        "views/sections/monitoring/open_cases.py",
        '"met": "timely"}',
        '"met": "stage"}',
        "@monitoring",
        "within time opens all of the step",
    ),
    _m(
        "views/sections/monitoring/open_cases.py",
        'number(here.unclear, "unclear")',
        'number(here.overdue, "unclear")',
        "@monitoring tests/pages/test_monitoring.py",
        "clock not known, overdue counted",
    ),
    _m(
        "views/sections/monitoring/releases.py",
        '{"missed": missed, "unknown": unknown, "met": met}',
        '{"missed": unknown, "unknown": missed, "met": met}',
        "@monitoring",
        "conditions of release, missed and unknown swapped",
    ),
    _m(
        "views/sections/dynamics/balances.py",
        "if pair[1] == now}) for now in columns",
        "if pair[0] == now}) for now in columns",
        "tests/pages/test_dynamics.py @dynamics",
        "the matrix's last row is its last column",
    ),
    _m(
        "views/sections/safety_net.py",
        'stage.selected("paid", benefit, by=by)',
        'stage.selected("rule", entitled, "met", by=by)',
        "@safety_net",
        "who has it opens who is entitled",
    ),
    _m(
        "views/sections/safety_net.py",
        '_cases(stage, f"{benefit}_beyond", found.beyond)',
        '_cases(stage, f"{benefit}_beyond", found.without)',
        "@safety_net",
        "beyond is without",
    ),
    _m(
        "views/sections/screenings.py",
        "rate(percent(found.closed, found.found)),",
        "rate(percent(found.closed, found.screened)),",
        "tests/pages/test_sieves.py",
        "mended of those screened",
    ),
    _m(
        "views/sections/screenings.py",
        'opens = "" if found.of_villages else stage.selected("sieve", sieve, "screened")',
        'opens = "" if found.of_villages else stage.selected("sieve", sieve, "found")',
        "@sieves",
        "screened opens those found",
    ),
    _m(
        "views/sections/stress.py",
        'opened("under", here.under),',
        'opened("under", here.falls),',
        "@stress",
        "under the line, who falls counted",
    ),
    _m(
        "views/sections/stress.py",
        "percent(here.falls, here.households)",
        "percent(here.falls, here.under)",
        "tests/pages/test_stress.py",
        "a share by another base",
    ),
    _m(
        "views/sections/quality/tables.py",
        "cells.get((check.key, place), 0)",
        "cells.get((check.key, places[0].code), 0)",
        "@quality",
        "every place shows the first",
    ),
    _m(
        "metrics/subjects.py",
        "return own or (MEMBER if living else HOUSEHOLD)",
        "return HOUSEHOLD",
        "@overview tests/pages/test_subjects.py",
        "entries open households",
    ),
    _m(
        "views/parts/what_if.py",
        'return opened("in", moves.entering), opened("out", moves.leaving)',
        'return opened("in", moves.leaving), opened("out", moves.entering)',
        "tests/pages/test_whatif.py",
        "who enters and who leaves swapped",
    ),
    _m(
        "views/parts/exit_balance.py",
        'number(one.last_exit, "exited_this_year_people")',
        'number(one.gross, "exited_this_year_people")',
        "@trends",
        "last exits are the records",
    ),
)
METRICS = (
    _m(
        "metrics/exit.py",
        "return percent(self.complete, self.asked)",
        "return percent(self.missing, self.asked)",
        "tests/metrics/test_exit.py",
        "coverage inverted",
    ),
    _m(
        "metrics/exit.py",
        "return percent(sum(counts[state] for state in _LOOKED_AT), sum(counts.values()))",
        "return percent(counts['met'], sum(counts.values()))",
        "tests/metrics/test_exit.py",
        "looked at, only those met",
    ),
    _m(
        "metrics/exit.py",
        "sum(own > nation for own, nation in both)",
        "sum(own >= nation - 5 for own, nation in both)",
        "tests/metrics/test_exit.py",
        "years faster than the nation",
    ),
    _m(
        "metrics/cube.py",
        "unknown > known or nobody",
        "nobody",
        "tests/metrics/test_unknown.py",
        "mostly unknown is a number",
    ),
    _m(
        "metrics/cube.py",
        "Cell(numerator / denominator * indicator.scale",
        "Cell(numerator / (denominator + unknown) * indicator.scale",
        "tests/metrics/test_cube.py",
        "the unknown stand in the base",
    ),
    _m(
        "metrics/cube.py",
        "if year not in self.years(key):",
        "if False:",
        "tests/metrics/test_unknown.py tests/metrics/test_cube.py",
        "a rule before its time is 0",
    ),
    _m(
        "metrics/filters.py",
        '"f.village_code LIKE $region"]',
        '"f.village_code IS NOT NULL"]',
        "tests/metrics/test_filters.py tests/metrics/test_cube.py",
        "lists of a place are the county's",
    ),
    _m(
        "metrics/filters.py",
        'f"NOT COALESCE(f.{rule.column}, FALSE)"',
        '"TRUE"',
        "tests/metrics/test_filters.py",
        "exactly these groups is at least these",
    ),
    _m(
        "metrics/classes.py",
        "if m.then != m.now and not",
        "if not",
        "tests/metrics/test_classes.py tests/pages/test_classes.py",
        "who stayed has moved",
    ),
    _m(
        "metrics/classes.py",
        "return percent(self.classes[key], self.asked)",
        "return percent(self.classes[key], self.asked - self.unknown)",
        "tests/metrics/test_classes.py",
        "a share by another base",
    ),
    _m(
        "metrics/monitoring.py",
        "return self.released - self.natural",
        "return self.released",
        "tests/metrics/test_monitoring.py",
        "released by themselves are judged",
    ),
    _m(
        "metrics/monitoring.py",
        '"overdue": "c.in_step_overdue",',
        '"overdue": "c.in_step_overdue IS NOT FALSE AND NOT c.cleared",',
        "tests/metrics/test_monitoring.py",
        "an unknown clock is overdue",
    ),
    _m(
        "metrics/dynamics.py",
        "if (then != now) is moved)",
        "if (then == now) is moved)",
        "tests/metrics/test_dynamics.py",
        "who stayed has moved",
    ),
    _m(
        "metrics/exits.py",
        "return self.gross - self.again - self.last_exit",
        "return self.gross - self.last_exit",
        "tests/metrics/test_exits.py",
        "who fell back stays",
    ),
    _m(
        "metrics/sieves.py",
        "return self.found - self.closed",
        "return self.found - self.overdue",
        "tests/metrics/test_sieves.py",
        "left are those not overdue",
    ),
    _m(
        "metrics/sieves.py",
        "COALESCE(s.due_on_until, s.due_on) < $day THEN 'overdue'",
        "COALESCE(s.due_on_until, s.due_on) <= $day THEN 'overdue'",
        "tests/metrics/test_sieves.py",
        "late on the day itself",
    ),
    _m(
        "metrics/remaining.py",
        "return percent(self.people, self.of)",
        "return percent(self.people, self.of + 1)",
        "tests/metrics/test_remaining.py",
        "a share by another base",
    ),
    _m(
        "metrics/remaining.py",
        "sum(n for keys, n in found if len(keys) > 1)",
        "sum(n for keys, n in found if keys)",
        "tests/metrics/test_remaining.py",
        "one cause is several",
    ),
    _m(
        "metrics/nine_checks.py",
        'counts[f"{item}_missing"] = counts[f"{item}_open"] - counts[f"{item}_pending"]',
        'counts[f"{item}_missing"] = counts[f"{item}_open"]',
        "tests/metrics/test_nine_checks.py",
        "pending is missing too",
    ),
    _m(
        "metrics/safety_net.py",
        "if (judged := basis.get(place, Tally())).met + judged.missed",
        "if True",
        "tests/metrics/test_safety_net.py tests/metrics/test_unknown.py",
        "nobody's entitlement known is 0",
    ),
    _m(
        "metrics/quality.py",
        'if change != "gone":',
        "if True:",
        "tests/metrics/test_quality.py",
        "findings gone stand",
    ),
    _m(
        "metrics/shares.py",
        "return 100 * part / whole",
        "return 100 * part / (whole + part)",
        "tests/metrics/test_exit.py tests/metrics/test_remaining.py",
        "every share by another base",
    ),
)
RULES = (
    _m(
        "rules/stress.py",
        "distance_yuan < 0 AS under",
        "distance_yuan <= 0 AS under",
        "tests/rules/test_stress.py tests/views/sections/test_stress.py",
        "at the line is under it",
    ),
    _m(
        "rules/stress.py",
        "pc.less(away, months)",
        "pc.less_equal(away, months + 1)",
        "tests/rules/test_stress.py",
        "near the line, a month farther",
    ),
    _m(
        "rules/tally.py",
        "return None if not count and 2 * unknown > asked else count",
        "return count",
        "tests/rules/test_tally.py",
        "unknown is 0",
    ),
    _m(
        "rules/household_exit.yaml",
        "where: per_capita_net_income_yuan > poverty_line_yuan",
        "where: per_capita_net_income_yuan >= poverty_line_yuan",
        "tests/rules/test_cases.py tests/rules/test_levels.py",
        "above the line is at it",
    ),
    _m(
        "rules/groups.yaml",
        "(100 - income_drop_percent) / 100",
        "(100 + income_drop_percent) / 100",
        "tests/rules/test_cases.py",
        "a rise is a fall",
    ),
    _m(
        "rules/groups.yaml",
        "first_exit_year <= 2015\n",
        "first_exit_year <= 2016\n",
        "tests/rules/test_cases.py",
        "2016 exits",
    ),
    _m(
        "rules/whatif.py",
        "return self.entering + self.leaving",
        "return self.entering",
        "tests/rules/test_whatif.py tests/pages/test_whatif.py",
        "who leaves does not move",
    ),
    _m(
        "rules/conditions.py",
        "return False if missed > 1 else (None if unknown else missed == 1)",
        "return False if missed > 1 else missed == 1",
        "tests/rules/test_conditions.py",
        "lacks one, the unknown taken for met",
    ),
    _m(
        "rules/parameters.py",
        "return self.start <= day <= self.end",
        "return self.start <= day < self.end",
        "tests/rules/test_parameters.py",
        "the last day of a value",
    ),
    _m(
        "rules/parameters.py",
        "return self.at(date(year, 12, 31))",
        "return self.at(date(year, 1, 1))",
        "tests/rules/test_parameters.py",
        "a year by its first day",
    ),
    _m(
        "rules/sql/household_fact.sql",
        "CAST(b.month_yuan * b.months AS",
        "CAST(b.month_yuan * 10 AS",
        "tests/rules/test_cases.py tests/rules/test_case_facts.py tests/metrics/test_safety_net.py",
        "each allowance paid for ten months",
    ),
)
LOADERS = (
    _m(
        "loaders/cells/dates.py",
        'century = "20" if int(match[1]) < PIVOT else "19"',
        'century = "20"',
        "tests/loaders/cells/test_dates.py",
        "two digits are this century",
    ),
    _m(
        "loaders/cells/dates.py",
        'else ahead * (-1 if zone[0] == "-" else 1)',
        "else ahead",
        "tests/loaders/cells/test_dates.py",
        "west of Greenwich is east",
    ),
    _m(
        "loaders/cells/dates.py",
        "if len(ways) > 1:",
        "if len(ways) > 2:",
        "tests/loaders/cells/test_dates.py",
        "two meanings, one taken",
    ),
    _m(
        "loaders/cells/amounts.py",
        "if any(a <= b for a, b in pairwise(sizes)):",
        "if False:",
        "tests/loaders/cells/test_amounts.py",
        "4 fen 2 mu is an amount",
    ),
    _m(
        "loaders/cells/amounts.py",
        "if foreign and found is not None:",
        "if False:",
        "tests/loaders/cells/test_amounts.py",
        "yuan in a column of mu",
    ),
    _m(
        "loaders/cells/amounts.py",
        "fits = value.is_integer() and 0 <= value < 2**31",
        "fits = value.is_integer()",
        "tests/loaders/cells/test_amounts.py",
        "counts below zero",
    ),
    _m(
        "loaders/cells/person_names.py",
        "if is_placeholder(value):",
        "if False:",
        "tests/loaders/cells/test_person_names.py",
        "nobody is a name",
    ),
    _m(
        "loaders/assembly/merging.py",
        "ANTI JOIN fate_{name} USING ({ROW})",
        "WHERE FALSE",
        "tests/loaders/assembly/test_merging.py",
        "what a whole file lacks stays",
    ),
)
STORE = (
    _m(
        "store/masks.py",
        '"identity": (_Shape(9, 1, 0),),',
        '"identity": (_Shape(9, 3, 4),),',
        "tests/store/test_masks.py",
        "seven characters of a number",
    ),
    _m(
        "store/masks.py",
        'return HIDDEN if value else ""',
        "return value",
        "tests/store/test_masks.py",
        "a short value shows whole",
    ),
    _m(
        "store/scope.py",
        "return Scope((region_code,))",
        "return self",
        "tests/store/test_scope.py",
        "a township is the whole scope",
    ),
    _m(
        "store/scope.py",
        'return "FALSE", {}',
        'return "TRUE", {}',
        "tests/store/test_scope.py",
        "who may see nothing sees all",
    ),
    _m(
        "store/snapshots.py",
        "return earlier[-1]",
        "return earlier[0]",
        "tests/store/test_snapshots.py",
        "the oldest in place of a missing one",
    ),
    _m(
        "store/lookalikes.py",
        'return _DOT.sub("·", text)',
        "return text",
        "tests/store/test_lookalikes.py",
        "two dots, two names",
    ),
)
MUTATIONS = (*VIEWS, *METRICS, *RULES, *LOADERS, *STORE)
