"""Numbers and findings on the command line, as the pages show them."""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from metrics.derive import derive, derived_names
from metrics.registry import Indicator, faults, indicators, themes
from rules.cases import Case, answer, failures
from rules.checks import SEVERITIES, checks
from rules.judge import fact_types
from rules.own import faults as rule_faults
from rules.parameters import in_force
from store.county_folder import path_in, use
from store.harmless import harmless
from store.privacy import keep_private
from store.scope import Scope
from store.snapshots import Home, NoSnapshot, SnapshotDamaged

if TYPE_CHECKING:
    from metrics.county import County


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m metrics", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    listing = commands.add_parser("list", help="the indicators")
    show = commands.add_parser("show", help="one number, with what it is made of")
    show.add_argument("indicator", metavar="INDICATOR")
    show.add_argument("--region", help="region code; the county if left out")
    show.add_argument("--year", type=int, help="the latest year if left out")
    show.add_argument("--households", action="store_true", help="the household ids behind it")
    table = commands.add_parser("table", help="one number for every place, as CSV")
    table.add_argument("indicator", metavar="INDICATOR")
    table.add_argument("--year", type=int, help="the latest year if left out")
    table.add_argument("--to", type=Path, metavar="FILE.csv", help="a file; printed if left out")
    checking = commands.add_parser("check", help="try the county's own indicators and their cases")
    making = commands.add_parser("derive", help="make what pages read, and count the findings")
    for command in (show, table, making):
        command.add_argument(
            "--snapshot", type=int, help="snapshot number; the current one if left out"
        )
    derived = commands.add_parser("derived", help="folders of derived relations that are in use")
    for command in (listing, show, table, checking, making, derived):
        command.add_argument(
            "--home", type=Path, default=Path(os.environ.get("TAIZHANG_HOME", "data/home"))
        )
    return parser


def _check(home: Path) -> int:
    """Print what of the county's indicators cannot be used, and cases that come out otherwise."""
    path = path_in(home, "cases") / "indicators.yaml"
    wrong = [*faults(home), *failures(path, home, dict.fromkeys(indicators(), _counted))]
    for fault in wrong:
        print(fault)
    return int(bool(wrong))


def _counted(case: Case) -> bool | None:
    """Whether an indicator's numerator counts a subject with the facts of a case."""
    measure = indicators()[case.key].numerator
    return answer(measure.condition, fact_types(measure.relation), case, in_force())


def _list() -> int:
    for indicator in indicators().values():
        theme = themes()[indicator.theme]["zh"]
        print(f"{indicator.key:32} {theme}  {indicator.zh}  {indicator.en}  [{indicator.unit}]")
    return 0


def _number(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def _no_value(indicator: Indicator, year: int) -> str:
    """Why there is no number: a year in which nobody was asked, or facts that are missing."""
    if indicator.exists(year):
        return "unknown"
    if indicator.since is not None and year < indicator.since:
        return f"not in force before {indicator.since}"
    return f"not in force after {indicator.until}"


def _show(county: County, args: argparse.Namespace) -> int:
    indicator = county.indicators[args.indicator]
    region = args.region or county.code
    years = county.cube.years(indicator.key)
    year = args.year if args.year is not None else (years[-1] if years else 0)
    if region not in county.places:
        print(f"no place {region} in this county", file=sys.stderr)
        return 2
    scope = Scope.of([county.code])
    cell = county.cube.cell(indicator.key, region, year, scope)
    place = county.places[region]
    print(f"{indicator.zh} {indicator.en} ({indicator.key})")
    simulated = {"all": "  模拟数据 simulated", "part": "  含模拟数据 partly simulated"}
    snapshot = f"snapshot {county.snapshot.number} {county.data_date}"
    print(f"{place.name} {region}  {year}  {snapshot}{simulated.get(county.simulated, '')}")
    unit = {"percent": "%"}.get(indicator.unit, indicator.unit)
    if cell.value is None:
        print(f"value        {_no_value(indicator, year)}")
    else:
        print(f"value        {_number(cell.value)} {unit}")
        print(f"numerator    {_number(cell.numerator)}")
    if cell.denominator is not None:
        print(f"denominator  {_number(cell.denominator)}")
    if cell.unknown:
        print(f"unknown      {cell.unknown} rows without an answer")
    print(f"definition   {indicator.definition_zh}")
    print(f"             {indicator.definition_en}")
    print(f"source       {indicator.source}")
    if args.households:
        return _households(county, args, region, year, scope)
    return 0


def _table(county: County, args: argparse.Namespace) -> int:
    """Write an indicator for the county, its townships and villages, as spreadsheets read it."""
    years = county.cube.years(args.indicator)
    year = args.year if args.year is not None else (years[-1] if years else 0)
    scope = Scope.of([county.code])
    head = ("code", "level", "name", "official_name", "year",
            "value", "numerator", "denominator", "unknown")  # fmt: skip
    rows: list[tuple[str, ...]] = [head]
    for place in county.places.values():
        cell = county.cube.cell(args.indicator, place.code, year, scope)
        numbers = (cell.value, cell.numerator, cell.denominator, cell.unknown)
        said = ("" if number is None else _number(number).replace(",", "") for number in numbers)
        names = (harmless(place.name), harmless(place.official_name))
        rows.append((place.code, place.level, *names, str(year), *said))
    with ExitStack() as stack:
        target = sys.stdout
        if args.to:
            target = stack.enter_context(args.to.open("w", encoding="utf-8-sig", newline=""))
        csv.writer(target, lineterminator="\n").writerows(rows)
    return 0


def _households(
    county: County, args: argparse.Namespace, region: str, year: int, scope: Scope
) -> int:
    indicator = county.indicators[args.indicator]
    if not indicator.opens:
        print(f"{indicator.key} counts villages or projects, not households", file=sys.stderr)
        return 2
    from metrics.filters import HouseholdFilter

    condition, given = HouseholdFilter(region, year, indicator).condition()
    rows = county.reader(scope).rows(
        f"SELECT f.household_id FROM {{household_fact}} AS f WHERE {condition} "
        "ORDER BY f.household_id",
        **given,
    )
    print(f"households   {len(rows)}")
    for row in rows:
        print(row["household_id"])
    return 0


def _derive(home: Home, number: int | None) -> int:
    """Findings by severity and check: what an import says of the data it has taken.

    What of the county's own declarations is broken, and left out, is said first.
    """
    for fault in [*rule_faults(home.path), *faults(home.path)]:
        print(f"未采用 {fault}", file=sys.stderr)
    snapshot = home.open(home.current_number() if number is None else number, verify=False)
    keys = pq.read_table(derive(home, snapshot) / "finding.parquet", columns=["check_key"])
    found = {row["values"]: row["counts"] for row in keys["check_key"].value_counts().to_pylist()}
    print(f"snapshot {snapshot.number} {snapshot.data_date}  findings {keys.num_rows:,}")
    for severity in SEVERITIES:
        declared = [check for check in checks().values() if check.severity == severity]
        print(f"{severity:9}{sum(found.get(check.key, 0) for check in declared):>9,}")
        for check in sorted(declared, key=lambda check: -found.get(check.key, 0)):
            if check.key in found:
                print(f"{found[check.key]:>18,}  {check.zh}  {check.en} ({check.key})")
    return 0


def main(argv: list[str] | None = None) -> int:
    """Run the command; exit code 0, or 2 with a message for a bad place or a missing snapshot."""
    args = _parser().parse_args(argv)
    use(args.home)
    if args.command == "list":
        return _list()
    if args.command == "check":
        return _check(args.home.resolve())
    if args.command in ("show", "table") and args.indicator not in indicators():
        print(f"no indicator {args.indicator}; python -m metrics list names them", file=sys.stderr)
        return 2
    keep_private(args.home)
    try:
        if args.command == "derived":
            if [*rule_faults(args.home), *faults(args.home)]:  # mended, others would be in use
                return 2
            print(json.dumps(derived_names(Home(args.home))))
            return 0
        if args.command == "derive":
            return _derive(Home(args.home), args.snapshot)
        from metrics.county import open_county  # an import that derives does without

        county = open_county(Home(args.home), args.snapshot)
    except (NoSnapshot, SnapshotDamaged) as error:
        print(f"{error}. Load data first: make demo, or make import FILES=…", file=sys.stderr)
        return 2
    return _show(county, args) if args.command == "show" else _table(county, args)


if __name__ == "__main__":
    sys.exit(main())
