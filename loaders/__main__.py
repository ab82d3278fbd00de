"""Commands: ``python -m loaders import PATH...``, ``renumber``, ``demo`` and others."""

from __future__ import annotations

import argparse
import getpass
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import FrameType

from tqdm import tqdm

from loaders import faults, importing, withdrawing
from loaders.accounts.audit import masked
from loaders.accounts.report import NOTHING_USABLE, PUBLISHED_IN_PART, Report
from loaders.assembly.arrivals import Answers
from loaders.assembly.renumbering import Renumbering
from loaders.deriving import Deriving
from loaders.ending import end, settle
from loaders.parsers.no_pandas import spare_pandas
from loaders.priority import give_way
from loaders.progress import Bars, Lines, Progress, silent, together
from loaders.reading import sheets
from loaders.reading.data_dates import date_of
from state.audit import Act, recorded
from store import schema
from store.county_folder import NoCounty, county_of
from store.privacy import keep_private
from store.snapshots import Home, NoSnapshot
from store.version import version

DATA = Path(__file__).parent.parent / "data"
HOME = Path(os.environ.get("TAIZHANG_HOME", DATA / "home"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; an import ends with what ``Report.exit_code`` says, a fault with 2."""
    options = _parser(sys.argv[1:] if arguments is None else arguments).parse_args(arguments)
    keep_private(options.home)
    newest = _newest(options.home)
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        return options.run(options)
    except (Exception, KeyboardInterrupt) as error:
        if not faults.known(error):
            print(faults.trace(error), file=sys.stderr)
        published = _newest(options.home)
        if published > newest:  # what failed came after it
            shown = "" if _is_current(options.home, published) else ", 但未设为当前"
            print(f"\n第 {published} 号快照已入库{shown}; {faults.cause(error)}", file=sys.stderr)
            return PUBLISHED_IN_PART
        print(f"\n未入库: {faults.sentence(error)}", file=sys.stderr)
        return NOTHING_USABLE
    finally:
        signal.signal(signal.SIGTERM, before)


def _newest(home: Path) -> int:
    return max(Home(home).numbers(), default=0)


def _is_current(home: Path, number: int) -> bool:
    with suppress(NoSnapshot):
        return Home(home).current_number() == number
    return False


def _stop(number: int, frame: FrameType | None) -> None:
    """To be ended is to be interrupted: what was staged is removed."""
    raise KeyboardInterrupt


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m loaders", description="台账数据入库")
    parser.add_argument("--version", action="version", version=f"taizhang {version()}")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("import", help="把导出文件入库为一个快照")
    command.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="文件或文件夹")
    command.add_argument("--date", type=date.fromisoformat, help="数据日期 (默认取文件名中最晚的)")
    command.add_argument("--report", type=Path, metavar="FILE.json", help="另存报告")
    command.add_argument("--dry-run", action="store_true", help="只检查, 不入库")
    command.add_argument("--fresh", action="store_true", help="不沿用当前快照, 只用这些文件")
    tables = [table.name for table in schema.TABLES if table.arrives]
    for flag, words in (
        ("--allow-shrink", "按完整名单入库, 文件没有的行减去"),
        ("--as-part", "按部分名单入库, 只增改不减少"),
    ):
        command.add_argument(
            flag, action="append", default=[], choices=tables, metavar="TABLE", help=words
        )
    command.add_argument("--make-current", action="store_true", help="数据日期较早也设为当前")
    command.add_argument("--allow-refused", action="store_true", help="隔离的行再多也入库")
    command.add_argument("--renumber", action="append", default=[], type=Renumbering.parse,
                         metavar="OLD=NEW", help="确认换号")  # fmt: skip
    command.add_argument("--progress", type=Path, metavar="FILE.jsonl", help="另记进度")
    command.set_defaults(run=_import)
    renumber = commands.add_parser("renumber", help="确认户、人换了编号, 历史归到新编号下")
    renumber.add_argument("renumber", nargs="+", type=Renumbering.parse, metavar="OLD=NEW")
    renumber.set_defaults(run=_import, paths=[], date=None, report=None, progress=None)
    withdraw = commands.add_parser("withdraw", help="单独撤回一次入库, 后来的入库保留")
    withdraw.add_argument("number", type=int, metavar="NUMBER", help="那次入库成为的快照编号")
    withdraw.set_defaults(run=_withdraw)
    demo = commands.add_parser("demo", help="生成模拟县并入库")
    demo.add_argument("--raw", type=Path, default=DATA / "raw", help="模拟导出文件的文件夹")
    demo.set_defaults(run=_demo)
    if not arguments or arguments[0] not in commands.choices:
        _declare_others(commands)
    for name, each in commands.choices.items():
        if name not in ("county", "check"):
            each.add_argument("--county", help="县代码 (默认是本快照文件夹所属的县)")
        each.add_argument("--home", type=Path, default=HOME, help="快照所在文件夹")
    return parser


def _declare_others(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands of other modules, which load map libraries: an import does without."""
    from loaders import founding, own
    from loaders.boundaries import command as boundaries
    from loaders.proposals import propose

    for each in (boundaries, propose, founding, own):
        each.declare(commands)


def _import(options: argparse.Namespace) -> int:
    if not options.paths and not options.renumber:
        print(f"未入库: {faults.NO_FILE}", file=sys.stderr)
        return NOTHING_USABLE
    options.county = county_of(options.home, options.county)
    data_date = options.date or date_of(sheets.find(options.paths))
    if data_date is None and not options.paths:
        data_date = Home(options.home).current().data_date
    if data_date is None:
        print(f"未入库: {faults.NO_DATE}", file=sys.stderr)
        return NOTHING_USABLE
    if options.report:
        options.report.touch()  # before anything is published
    with ExitStack() as stack:
        tell: Progress = Bars()
        if options.progress:
            lines = Lines(options.progress)
            stack.callback(lines.close)
            tell = together([tell, lines])
        report = _run(options.paths, options, data_date, tell)
        if options.report:
            report.write(options.report)
    return report.exit_code


def _withdraw(options: argparse.Namespace) -> int:
    """Take one import back alone."""
    with _Preparing(options.home, silent) as preparing:
        home, who = Home(options.home), getpass.getuser()
        report = withdrawing.withdraw(home, options.number, who, preparing)
        preparing.tell(report)
    return report.exit_code


class _Preparing:
    """Has what pages read of a new snapshot made before anybody is shown it, and tells of it."""

    def __init__(self, home: Path, progress: Progress):
        self._deriving, self._progress = Deriving(home), progress
        self._findings: str | None = ""

    def __enter__(self) -> _Preparing:
        return self

    def __exit__(self, *raised: object) -> None:
        self._deriving.close()

    def __call__(self, number: int) -> bool:
        """Whether it is made."""
        self._progress("derive", "", 0, 1)
        self._findings = self._deriving.derive(number)
        self._progress("derive", "", 1, 1)
        return self._findings is not None

    def tell(self, report: Report) -> Report:
        """Print the report and what the checks found; the report with whether all was made."""
        report = replace(report, prepared=self._findings is not None)
        print(*report.lines(), sep="\n")
        print(self._findings or "", end="")
        return report


def _demo(options: argparse.Namespace) -> int:
    """Write the simulated county and import what the home does not hold yet."""
    from loaders import demo
    from loaders.demo.model.thresholds import write_parameters

    home = Home(options.home)
    options.county = county_of(options.home, options.county or _own_county(home) or demo.COUNTY)
    held = {s.data_date for s in map(home.open, home.numbers()) if s.county_code == options.county}
    with tqdm(total=100, unit="%", file=sys.stderr) as bar:

        def show(stage: str, share: float) -> None:
            bar.set_description(stage)
            bar.update(round(100 * share) - bar.n)

        folders = demo.write(options.county, options.raw, show)
    write_parameters(options.county, options.home)
    done = []
    for data_date, folder in sorted(folders):
        if data_date not in held:
            options.fresh = True  # a folder of the demo is a whole county's
            done.append(_run([folder], options, data_date, Bars()).exit_code)
    # The demo's files hold rows for quarantine on purpose: they are no fault of this run.
    return NOTHING_USABLE if NOTHING_USABLE in done else 0


def _own_county(home: Home) -> str | None:
    """The home's county, if it has one yet."""
    try:
        return county_of(home.path)
    except NoCounty:
        return None


def _run(
    paths: Sequence[Path], options: argparse.Namespace, data_date: date, progress: Progress
) -> Report:
    with _Preparing(options.home, progress) as preparing:
        report = _imported(paths, options, data_date, progress, preparing)
        return preparing.tell(report)


def _imported(
    paths: Sequence[Path],
    options: argparse.Namespace,
    data_date: date,
    progress: Progress,
    preparing: _Preparing,
) -> Report:
    with _recorded(paths, options, data_date) as act:
        report = importing.run(
            paths,
            Home(options.home),
            data_date,
            loaded_by=getpass.getuser(),
            county_code=options.county,
            progress=progress,
            dry_run=getattr(options, "dry_run", False),
            fresh=getattr(options, "fresh", False),
            answers=Answers(
                frozenset(getattr(options, "allow_shrink", ())),
                frozenset(getattr(options, "as_part", ())),
                getattr(options, "allow_refused", False),
            ),
            renumbered=getattr(options, "renumber", ()),
            make_current=getattr(options, "make_current", False),
            prepare=preparing,
        )
        act.about = {"snapshot": report.snapshot, "current": report.current}
        act.outcome = "failed" if report.snapshot is None else "done"
    return report


def _recorded(
    paths: Sequence[Path], options: argparse.Namespace, data_date: date
) -> AbstractContextManager[Act]:
    """The import in the audit; a dry run changes nothing and is not in it."""
    if getattr(options, "dry_run", False):
        return nullcontext(Act(0))
    about = {
        "data_date": data_date.isoformat(),
        "files": [sheets.shown(path.name) for path in paths],
        "fresh": getattr(options, "fresh", False),
        "renumbered": len(getattr(options, "renumber", ())),
    }
    return recorded(options.home, "import", masked(getpass.getuser()) or "", about)


if __name__ == "__main__":
    if sys.argv[1:2] in (["import"], ["renumber"], ["withdraw"]):  # others use it themselves
        spare_pandas()
    give_way()
    settle()
    end(main())
