"""Commands: ``python -m store list``, ``prune``, ``mark``, ``unmark`` and ``forget``."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from state import words
from state.audit import NotRecorded, recorded
from store import retention
from store.printed import aligned
from store.privacy import keep_private
from store.retention import NEWEST, RULEBOOKS, Kept, NotRemoved, Plan, Reason
from store.snapshots import Home, NoSnapshot, PublishBusy
from store.version import version

ROOT = Path(__file__).parent.parent
_HOME = Path(os.environ.get("TAIZHANG_HOME", ROOT / "data" / "home"))
_REASONS: dict[Reason, str] = {
    "current": "当前",
    "newest": "最新几个之一",
    "month_end": "月末",
    "named": "有标记",
    "base": "撤回入库要用",
    "damaged": "清单无法读取",
    "in_use": "正在使用",
}
_HEADS = ("号", "数据日期", "入库时间", "入库人", "快照", "计算结果", "保留原因")
_NUMBERS = (0, 4, 5)  # columns flush right


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 done, 2 not done, and why in a sentence."""
    options = _parser().parse_args(arguments)
    home = Home(options.home)
    keep_private(home.path)
    try:
        return options.run(home, options)
    except NotRemoved as error:
        print(f"未删除: 第 {error.number} 号快照{_left(error)}", file=sys.stderr)
    except NoSnapshot:
        print("没有这个快照; 先用 python -m store list 查看", file=sys.stderr)
    except PublishBusy as busy:
        who = f"({busy.holder}, {busy.since} 开始)" if busy.holder else ""
        print(f"正在入库{who}, 请稍后再试", file=sys.stderr)
    except NotRecorded as error:
        which = "操作记录的结尾没有写上" if error.done else "未完成: 操作记录写不进去"
        print(f"{which}; {words.reason(error)}", file=sys.stderr)
    except OSError as error:
        print(f"未完成: {error.strerror or error}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m store", description="快照的保留与删除")
    parser.add_argument("--version", action="version", version=f"taizhang {version()}")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("list", help="列出全部快照及保留原因")
    command.set_defaults(run=_list)
    command = commands.add_parser("prune", help="删除不必保留的快照、过时的计算结果和规则记录")
    command.add_argument("--yes", action="store_true", help="真正删除 (默认只列出)")
    command.set_defaults(run=_prune)
    for name in ("list", "prune"):
        text = f"保留最新的几个 (默认 {NEWEST})"
        commands.choices[name].add_argument("--newest", type=_count, default=NEWEST, help=text)
    command = commands.add_parser("mark", help="给快照加标记, 有标记的不删")
    command.set_defaults(run=_mark)
    command = commands.add_parser("unmark", help="取消标记")
    command.set_defaults(run=_unmark)
    command = commands.add_parser("forget", help="删除一个快照")
    command.set_defaults(run=_forget)
    for name in ("mark", "unmark", "forget"):
        commands.choices[name].add_argument("number", type=int, metavar="NUMBER", help="快照号")
    for name in ("mark", "forget"):
        commands.choices[name].add_argument("--why", required=True, help="原因")
    for each in commands.choices.values():
        each.add_argument("--home", type=Path, default=_HOME, help="快照所在文件夹")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError("不能小于 0")
    return number


def _list(home: Home, options: argparse.Namespace) -> int:
    rows = [_row(kept) for kept in retention.survey(home, options.newest)]
    print(*aligned([_HEADS, *rows], _NUMBERS), sep="\n")
    _room(home)
    return 0


def _row(kept: Kept) -> Sequence[str]:
    about = kept.manifest
    loaded = about.get("loaded_at")
    when = f"{datetime.fromisoformat(loaded).astimezone():%Y-%m-%d %H:%M}" if loaded else "—"
    return (
        str(kept.number),
        about.get("data_date", "—"),
        when,
        about.get("loaded_by", "—"),
        _bytes(kept.bytes),
        _bytes(kept.derived_bytes),
        "、".join(_because(kept)) or "无, prune 时删除",
    )


def _because(kept: Kept) -> Iterator[str]:
    for reason in kept.reasons:
        more = {
            "named": kept.names,
            "base": [f"第 {each} 号" for each in kept.imports],
            "in_use": [f"进程 {each}" for each in kept.processes],
        }
        words = "、".join(more.get(reason, ()))
        yield f"{_REASONS[reason]}({words})" if words else _REASONS[reason]


def _prune(home: Home, options: argparse.Namespace) -> int:
    in_use = _derived_in_use(home)
    planned = retention.plan(home, options.newest, in_use)
    if in_use is None:
        print("当前规则用到哪些计算结果无法确定, 只删除随快照一起删的", file=sys.stderr)
    _show(planned)
    if options.yes:
        numbers = [kept.number for kept in planned.snapshots]
        about = {"snapshots": numbers, "derived": len(planned.derived), "why": "prune",
                 "rulebooks": len(planned.rulebooks)}  # fmt: skip
        with recorded(home.path, "removal", getpass.getuser(), about) as act:
            lefts = list(retention.prune(home, planned, getpass.getuser()))
            act.about["left"] = [left.number for left in lefts]
        for left in lefts:
            print(f"第 {left.number} 号快照{_left(left)}")
        _room(home)
    elif planned.bytes:
        print("以上只是列出, 未删除; 加 --yes 删除")
    return 0


def _show(planned: Plan) -> None:
    if planned.snapshots:
        print(*aligned([_HEADS, *map(_row, planned.snapshots)], _NUMBERS), sep="\n")
    for name, size in planned.derived.items():
        print(f"计算结果 {name}  {_bytes(size)}")
    for kept in planned.bases:
        imports = "、".join(map(str, kept.imports))
        print(f"保留第 {kept.number} 号快照: 第 {imports} 号的入库还能撤回, 撤回时与它比较")
    if planned.rulebooks:
        print(f"久已不用的规则记录 {len(planned.rulebooks)} 份 (保留最近用过的 {RULEBOOKS} 份)")
    counts = f"{len(planned.snapshots)} 个快照、{len(planned.derived)} 份计算结果"
    counts += f"、{len(planned.rulebooks)} 份规则记录"
    print(f"可删除 {counts}, 腾出 {_bytes(planned.bytes)}")


def _derived_in_use(home: Home) -> set[str] | None:
    """Folders that pages would read now: the rules know, in a process of their own."""
    command = [sys.executable, "-m", "metrics", "derived", "--home", str(home.path.resolve())]
    told = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, encoding="utf-8")
    return set(json.loads(told.stdout)) if told.returncode == 0 else None


def _mark(home: Home, options: argparse.Namespace) -> int:
    retention.mark(home, options.number, getpass.getuser(), options.why)
    print(f"第 {options.number} 号快照已加标记: {options.why}")
    return 0


def _unmark(home: Home, options: argparse.Namespace) -> int:
    if options.number not in retention.named(home):
        print(f"第 {options.number} 号快照没有标记", file=sys.stderr)
        return 2
    retention.unmark(home, options.number, getpass.getuser())
    print(f"第 {options.number} 号快照的标记已取消")
    return 0


def _forget(home: Home, options: argparse.Namespace) -> int:
    about = {"snapshots": [options.number], "why": options.why}
    with recorded(home.path, "removal", getpass.getuser(), about):
        retention.forget(home, options.number, getpass.getuser(), options.why)
    print(f"第 {options.number} 号快照已删除, 记录在 {retention.REMOVED}")
    return 0


def _left(left: NotRemoved) -> str:
    """Why it was left and what to do about it."""
    if left.reason == "in_use":
        processes = "、".join(map(str, left.processes))
        who = f"(进程 {processes})" if processes else ""
        return f"正被页面或命令使用{who}, 未删除; 关闭后再试"
    if left.reason == "named":
        return "有标记; 先用 python -m store unmark 取消"
    return "是当前快照; 先在“数据”页恢复到另一个"


def _room(home: Home) -> None:
    room = retention.room(home)
    parts = f"快照 {_bytes(room.snapshots)}, 计算结果 {_bytes(room.derived)}"
    print(f"台账共占 {_bytes(room.home)} ({parts}), 磁盘剩余 {_bytes(room.free)}")


def _bytes(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"


if __name__ == "__main__":
    sys.exit(main())
