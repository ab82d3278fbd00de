"""``python -m rules check``: a county's own declarations tried, and their written cases run."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb

from rules import checks, judge, own
from rules.cases import Case, failures, read_cases
from rules.parameters import in_force
from rules.registry import rules
from store.county_folder import FOLDER, Fault, path_in, use

_ROOT = Path(__file__).parents[1]
# Cases of these files are of rooms downstream and upstream, which try what is declared there.
_ELSEWHERE = {"indicators": "metrics", "layouts": "loaders"}


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 1 with what is wrong, in Chinese, where anything is."""
    parser = argparse.ArgumentParser("python -m rules", description="本县自定的声明及其案例")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("check", help="检查本县文件夹 county/ 中的声明,并运行其案例")
    home = os.environ.get("TAIZHANG_HOME", str(_ROOT / "data" / "home"))
    command.add_argument("--home", type=Path, default=Path(home), help="快照所在文件夹")
    options = parser.parse_args(arguments)
    return check(options.home.resolve())


def check(home: Path) -> int:
    """Try every declaration of a home's county and run its cases; 0, or 1 where one fails."""
    use(home)
    wrong: list[Fault] = [*own.faults(home), *_failed(home)]
    for fault in wrong:
        print(fault)
    codes = [
        subprocess.run(
            [sys.executable, "-m", room, "check", "--home", str(home)], cwd=_ROOT, check=False
        ).returncode
        for room in _ELSEWHERE.values()
    ]
    for line in _without_case(home):
        print(line)
    if wrong or any(codes):
        return 1
    print(f"{FOLDER}/ 的声明都能用,案例都对")
    return 0


def _failed(home: Path) -> Iterator[Fault]:
    """Cases of rules and checks that come out otherwise."""
    known = in_force()

    def by_rule(case: Case) -> bool | None:
        return _judged(lambda: judge.judge(rules()[case.key], case.given, case.year, known))

    def by_check(case: Case) -> bool | None:
        return _judged(
            lambda: checks.judge(checks.checks()[case.key], case.given, case.year, known)
        )

    for path in sorted(path_in(home, "cases").glob("*.yaml")):
        if path.stem == "checks":
            yield from failures(path, home, dict.fromkeys(checks.checks(), by_check))
        elif path.stem not in _ELSEWHERE:
            yield from failures(path, home, dict.fromkeys(rules(), by_rule))


def _judged(ask) -> bool | None:
    """A judgement; ValueError for a value that is not of its fact's type."""
    try:
        return ask()
    except duckdb.Error as error:
        raise ValueError(str(error)) from None


def _without_case(home: Path) -> Iterator[str]:
    """The county's own rules and checks that no case tries: no fault, but worth saying."""
    folder = path_in(home, "cases")
    tried = {case.key for path in folder.glob("*.yaml") for case in read_cases(path, home)[0]}
    mine = [rule.key for rule in rules().values() if rule.own]
    mine += [key for key, each in checks.checks().items() if each != checks.program().get(key)]
    if without := [key for key in mine if key not in tried]:
        yield f"提示: 没有案例的规则或核查: {'、'.join(without)}"


if __name__ == "__main__":
    sys.exit(main())
