"""Commands: ``python -m state audit check|list|head|rotate``, ``backup``, ``restore``, ``upgrade``,
``check``."""

from __future__ import annotations

import argparse
import csv
import getpass
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from state import audit, rotation, words
from state.audit import Filter
from state.backup import InsideHome, backup
from state.chain import Entry, Head
from state.database import StateError, connect, opened, upgrade
from state.restore import NotRestored, restore
from store.harmless import harmless
from store.printed import aligned
from store.privacy import keep_private
from store.settings import setting
from store.version import version

DONE, NOT_DONE, BROKEN = 0, 2, 3
_HEADS = ("号", "时间", "谁", "事项", "结果", "内容")
_COLUMNS = ("number", "at", "actor", "kind", "outcome", "about", "previous", "hash")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 done, 2 not done, 3 for what a check finds broken; why in a sentence."""
    options = _parser().parse_args(arguments)
    keep_private(options.home)
    try:
        return options.run(options)
    except StateError as error:
        print(f"未完成: {words.reason(error)}", file=sys.stderr)
    except rotation.NotWhole as error:
        print(f"未归档: {words.broken(error.misfit)}", file=sys.stderr)
    except InsideHome:
        print("未备份: 备份文件不能放在快照文件夹里, 请放到别的磁盘", file=sys.stderr)
    except NotRestored as error:
        print(f"未恢复: {words.not_restored(error.why, error.what)}", file=sys.stderr)
    except OSError as error:
        print(f"未完成: {error.strerror or error}", file=sys.stderr)
    return NOT_DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m state", description="权限、登录和操作记录的库")
    parser.add_argument("--version", action="version", version=f"taizhang {version()}")
    commands = parser.add_subparsers(required=True)
    inner = _audit(commands)
    for name, run, about in (
        ("backup", _backup, "把快照和库一起备份成一个文件, 使用中也可以"),
        ("restore", _restore, "从备份恢复到一个空文件夹"),
    ):
        command = commands.add_parser(name, help=about)
        command.add_argument("file", type=Path, metavar="FILE", help="备份文件")
        command.set_defaults(run=run)
    commands.add_parser("upgrade", help="把库升级到本程序的版本").set_defaults(run=_upgrade)
    commands.add_parser("check", help="检查库和操作记录是否完好").set_defaults(run=_check)
    leaves = [commands.choices[name] for name in ("backup", "restore", "upgrade", "check")]
    leaves += inner.choices.values()
    home = setting("TAIZHANG_HOME")
    for leaf in leaves:
        leaf.add_argument("--home", type=Path, default=home, help="快照所在文件夹")
    return parser


def _audit(commands: argparse._SubParsersAction) -> argparse._SubParsersAction:
    """The commands about the audit."""
    inner = commands.add_parser("audit", help="操作记录").add_subparsers(required=True)
    command = inner.add_parser("check", help="逐条核对, 指出第一条对不上的")
    command.add_argument("--head", action="append", default=[], type=_head, metavar="号:哈希",
                         help="以前打印过的末条, 用来发现末尾被删")  # fmt: skip
    command.set_defaults(run=_audit_check)
    inner.add_parser("head", help="打印末条的号和哈希").set_defaults(run=_audit_head)
    command = inner.add_parser("list", help="列出操作记录")
    command.add_argument("--since", type=date.fromisoformat, metavar="日期", help="从这一天起")
    command.add_argument("--until", type=date.fromisoformat, metavar="日期", help="到这一天止")
    command.add_argument("--who", default="", metavar="姓名", help="谁做的")
    command.add_argument("--kind", action="append", default=[], choices=audit.KINDS, help="事项")
    command.add_argument("--outcome", default="", choices=audit.OUTCOMES, help="结果")
    command.add_argument("--csv", type=Path, metavar="FILE.csv", help="另存为 CSV")
    command.set_defaults(run=_audit_list)
    command = inner.add_parser("rotate", help="把较早的记录移入归档文件, 一条不少")
    command.add_argument("--days", type=int, default=rotation.KEPT_DAYS,
                         help=f"多少天以前的 (至少 {rotation.KEPT_DAYS})")  # fmt: skip
    command.set_defaults(run=_audit_rotate)
    return inner


def _head(text: str) -> Head:
    try:
        return Head.parse(text)
    except ValueError:
        raise argparse.ArgumentTypeError("应是 号:64 位哈希") from None


def _audit_check(options: argparse.Namespace) -> int:
    with opened(options.home) as state, state.reading() as session:
        broken, last = audit.check(session, options.home, tuple(options.head))
    if broken is not None:
        print(f"{words.broken(broken)}; 之前的 {last.number} 条完好", file=sys.stderr)
        return BROKEN
    print(f"{last.number} 条, 全部对得上\n末条 {last}")
    return DONE


def _audit_head(options: argparse.Namespace) -> int:
    with opened(options.home) as state, state.reading() as session:
        print(audit.head(session))
    return DONE


def _audit_list(options: argparse.Namespace) -> int:
    wanted = Filter(
        _midnight(options.since),
        _midnight(options.until + timedelta(days=1)) if options.until else None,
        options.who,
        tuple(options.kind),
        options.outcome,
    )
    with opened(options.home) as state, state.reading() as session:
        found = audit.entries(session, options.home, wanted)
        if options.csv:
            print(f"{_csv(options.csv, found)} 条, 末条 {audit.head(session)}")
        else:
            rows = [_row(entry) for entry in found]
            print(*aligned([_HEADS, *rows], (0,)), sep="\n")
    return DONE


def _midnight(day: date | None) -> datetime | None:
    """The beginning of a day, here."""
    return None if day is None else datetime.combine(day, time()).astimezone()


def _row(entry: Entry) -> tuple[str, ...]:
    when = f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}"
    kind, outcome = words.KINDS[entry.kind], words.OUTCOMES[entry.outcome]
    return str(entry.number), when, entry.actor, kind, outcome, words.about(entry.about)


def _csv(path: Path, found: Iterator[Entry]) -> int:
    """Write entries with all that their hashes are made of; how many."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        for entry in found:
            count += 1
            told = entry.plain()
            told["about"] = json.dumps(told["about"], ensure_ascii=False, sort_keys=True)
            writer.writerow([harmless(str(told[name])) for name in _COLUMNS])
    return count


def _audit_rotate(options: argparse.Namespace) -> int:
    if options.days < rotation.KEPT_DAYS:
        print(f"未归档: 库里至少保留 {rotation.KEPT_DAYS} 天", file=sys.stderr)
        return NOT_DONE
    with opened(options.home) as state:
        done = rotation.rotate(state, getpass.getuser(), options.days)
    if done is None:
        print(f"没有 {options.days} 天以前的记录")
    else:
        print(f"第 {done.first} 至 {done.last} 条已移入 audit/{done.path.name}")
    return DONE


def _backup(options: argparse.Namespace) -> int:
    with opened(options.home) as state:
        done = backup(state, options.file, getpass.getuser())
    print(
        f"已备份 {len(done.snapshots)} 个快照和库, {done.bytes / 1e6:,.1f} MB\n"
        f"SHA-256 {done.sha256}\n末条 {done.head}"
    )
    return DONE


def _restore(options: argparse.Namespace) -> int:
    done = restore(options.file, options.home, getpass.getuser())
    shown = f", 当前为第 {done.current} 号" if done.current else ""
    print(f"已恢复 {done.files} 个文件、{len(done.snapshots)} 个快照{shown}\n末条 {done.head}")
    if done.broken is not None:
        print(f"备份时操作记录已不完好: {words.broken(done.broken)}", file=sys.stderr)
        return BROKEN
    return DONE


def _upgrade(options: argparse.Namespace) -> int:
    state = connect(options.home)
    try:
        before = state.revision()
        upgrade(state)
        after = state.revision()
    finally:
        state.close()
    print(f"库已是 {after} 版" if before == after else f"库已由 {before or '无'} 升级到 {after} 版")
    return DONE


def _check(options: argparse.Namespace) -> int:
    with opened(options.home) as state:
        damage = state.damage()
        for line in damage:
            print(f"库文件损坏: {line}", file=sys.stderr)
        if damage:
            return BROKEN
        print(f"库 {state.revision()} 版, {state.engine.dialect.name}, 完好")
    options.head = []
    return _audit_check(options)


if __name__ == "__main__":
    sys.exit(main())
