"""Commands: ``python -m loaders import PATH...`` and ``python -m loaders demo``."""

from __future__ import annotations

import argparse
import getpass
import os
import re
import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tqdm import tqdm

from loaders import importing, readers
from loaders.boundaries import command as boundaries
from loaders.report import NOTHING_USABLE, Report
from store.snapshots import Home, PublishBusy, PublishError

DATA = Path(__file__).parent.parent / "data"
HOME = Path(os.environ.get("TAIZHANG_HOME", DATA / "home"))
_DATED = re.compile(r"(?<!\d)(20\d{2})[-._年]?(0[1-9]|1[0-2])[-._月]?(0[1-9]|[12]\d|3[01])(?!\d)")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 published, 2 nothing usable, 3 published with rows in quarantine."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except (PublishError, PublishBusy, FileNotFoundError) as error:
        print(f"未入库: {error}", file=sys.stderr)
        return NOTHING_USABLE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m loaders", description="台账数据入库")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("import", help="把导出文件入库为一个快照")
    command.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="文件或文件夹")
    command.add_argument("--date", type=date.fromisoformat, help="数据日期 (默认取文件名中最晚的)")
    command.add_argument("--report", type=Path, metavar="FILE.json", help="另存报告")
    command.set_defaults(run=_import)
    demo = commands.add_parser("demo", help="生成模拟县并入库")
    demo.add_argument("--raw", type=Path, default=DATA / "raw", help="模拟导出文件的文件夹")
    demo.set_defaults(run=_demo)
    boundaries.declare(commands)
    for each in commands.choices.values():
        each.add_argument("--county", default=importing.COUNTY, help="县代码")
        each.add_argument("--home", type=Path, default=HOME, help="快照所在文件夹")
    return parser


def _import(options: argparse.Namespace) -> int:
    data_date = (
        options.date or date_of(readers.find(options.paths)) or datetime.now().astimezone().date()
    )
    report = _run(options.paths, options, data_date)
    if options.report:
        report.write(options.report)
    return report.exit_code


def _demo(options: argparse.Namespace) -> int:
    """Write the simulated county and import what the home does not hold yet."""
    from loaders import demo

    home = Home(options.home)
    held = {s.data_date for s in map(home.open, home.numbers()) if s.county_code == options.county}
    with tqdm(total=100, unit="%", file=sys.stderr) as bar:

        def show(stage: str, share: float) -> None:
            bar.set_description(stage)
            bar.update(round(100 * share) - bar.n)

        folders = demo.write(options.county, options.raw, show)
    done = [
        _run([folder], options, data_date).exit_code
        for data_date, folder in sorted(folders)
        if data_date not in held
    ]
    # The demo's files hold rows for quarantine on purpose: they are no fault of this run.
    return NOTHING_USABLE if NOTHING_USABLE in done else 0


def _run(paths: Sequence[Path], options: argparse.Namespace, data_date: date) -> Report:
    report = importing.run(
        paths,
        Home(options.home),
        data_date,
        loaded_by=getpass.getuser(),
        county_code=options.county,
        progress=_progress,
    )
    print(*report.lines(), sep="\n")
    return report


def date_of(paths: Iterable[Path]) -> date | None:
    """The latest date in the names of files and of the folders that they stand in."""
    names = [name for path in paths for name in (path.name, path.parent.name)]
    found = [tuple(map(int, match)) for name in names for match in _DATED.findall(name)]
    return max((date(*parts) for parts in found if _is_day(parts)), default=None)


def _is_day(parts: Sequence[int]) -> bool:
    try:
        date(*parts)
    except ValueError:
        return False
    return True


def _progress(items: Iterable[Any], total: int) -> Iterable[Any]:
    return tqdm(items, total=total, unit="个", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
