"""Commands: ``python -m access grant``, ``revoke``, ``list`` and ``check``."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import pyarrow.parquet as pq

from access import grants, groups
from access.grants import Doubtful, NoGrant, NotGiven, Trouble
from access.rights import Standing, standing
from access.roles import ROLES, Role
from state import words
from state.database import StateError, opened
from state.tables import Grant
from store.printed import aligned
from store.privacy import keep_private
from store.settings import setting
from store.snapshots import Home, NoSnapshot, SnapshotDamaged
from store.version import version

DONE, NOT_DONE, DOUBTFUL = 0, 2, 3
_ROLES: dict[Role, str] = {
    "county_leader": "县领导",
    "township_leader": "乡镇领导",
    "inspector": "督查",
    "data_clerk": "数据员",
    "administrator": "管理员",
}
_WHY = {
    "role": "没有 {what} 这个角色",
    "region": "{what} 不是地区代码 (应为 2、4、6、9 或 12 位数字, 或战区、网格编号)",
    "days": "到 {what} 为止的授权已经过期, 或早于开始日期",
    "nobody": "账号不能为空、过长或含有控制字符",
}
_TROUBLES: dict[Trouble, str] = {
    "no_end": "没有写到期日",
    "no_such_region": "当前快照里没有地区 {what}",
    "unseen": f"自 {{what}} 起超过 {grants.UNSEEN_DAYS} 天没有登录",
}
_STANDINGS: dict[Standing, str] = {
    "revoked": "撤销",
    "counts": "有效",
    "to_come": "未开始",
    "over": "已到期",
}
_HEADS = ("号", "账号", "姓名", "角色", "地区", "起", "止", "谁给的", "现状")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; 0 done, 2 not done, 3 for what ``check`` finds; why in a sentence."""
    options = _parser().parse_args(arguments)
    keep_private(options.home)
    try:
        return options.run(options)
    except NotGiven as error:
        print(f"未授权: {_WHY[error.why].format(what=error.what)}", file=sys.stderr)
    except NoGrant as error:
        print(f"未撤销: 没有第 {error.args[0]} 号授权, 或已撤销", file=sys.stderr)
    except StateError as error:
        print(f"未完成: {words.reason(error)}", file=sys.stderr)
    return NOT_DONE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m access", description="谁能看什么、做什么")
    parser.add_argument("--version", action="version", version=f"taizhang {version()}")
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("grant", help="授权: 某人在某地的角色")
    command.add_argument("subject", metavar="账号", help="登录时的账号")
    roles = ", ".join(f"{role} {_ROLES[role]}" for role in ROLES)
    command.add_argument("role", choices=ROLES, metavar="角色", help=roles)
    command.add_argument("regions", nargs="+", metavar="地区代码", help="任一级, 可以几个")
    command.add_argument("--name", default="", help="姓名")
    command.add_argument("--from", dest="begins", type=date.fromisoformat, metavar="日期",
                         help="从这一天起 (默认今天)")  # fmt: skip
    command.add_argument("--until", dest="ends", type=date.fromisoformat, metavar="日期",
                         help="到这一天止")  # fmt: skip
    command.set_defaults(run=_grant)
    command = commands.add_parser("revoke", help="撤销授权, 下一次点击即生效")
    command.add_argument("number", type=int, metavar="号", help="授权的号")
    command.add_argument("--why", required=True, help="原因")
    command.set_defaults(run=_revoke)
    command = commands.add_parser("list", help="列出授权")
    command.add_argument("subject", nargs="?", metavar="账号", help="只列这个人的")
    command.set_defaults(run=_list)
    commands.add_parser("check", help="列出该过问的授权").set_defaults(run=_check)
    home = setting("TAIZHANG_HOME")
    for each in commands.choices.values():
        each.add_argument("--home", type=Path, default=home, help="快照所在文件夹")
    return parser


def _grant(options: argparse.Namespace) -> int:
    known = _known(options.home)
    with opened(options.home) as state:
        number = grants.give(
            state,
            options.subject,
            options.role,
            options.regions,
            by=getpass.getuser(),
            name=options.name,
            begins=options.begins,
            ends=options.ends,
        )
        with state.reading() as session:
            found = [each for each in grants.doubtful(session, known) if each.number == number]
    print(f"已授权, 第 {number} 号")
    for each in found:
        print(f"注意: {_trouble(each)}", file=sys.stderr)
    return DONE


def _revoke(options: argparse.Namespace) -> int:
    with opened(options.home) as state:
        grant = grants.revoke(state, options.number, by=getpass.getuser(), why=options.why)
    print(f"第 {grant.number} 号授权已撤销 ({grant.subject})")
    return DONE


def _list(options: argparse.Namespace) -> int:
    with opened(options.home) as state, state.reading() as session:
        rows = [_row(grant) for grant in grants.listed(session, options.subject)]
    print(*aligned([_HEADS, *rows], (0,)), sep="\n")
    return DONE


def _row(grant: Grant) -> tuple[str, ...]:
    now = _STANDINGS[standing(grant, datetime.now().astimezone().date())]
    if grant.revoked_at is not None:
        now = f"{grant.revoked_by} 于 {grant.revoked_at.astimezone():%Y-%m-%d} {now}"
    role = next((zh for key, zh in _ROLES.items() if key == grant.role), grant.role)
    ends = grant.ends.isoformat() if grant.ends else "—"
    return (str(grant.number), grant.subject, grant.person.name, role, "、".join(grant.codes),
            grant.begins.isoformat(), ends, grant.given_by, now)  # fmt: skip


def _check(options: argparse.Namespace) -> int:
    known = _known(options.home)
    if not known:
        print("没有快照, 不核对地区代码", file=sys.stderr)
    with opened(options.home) as state, state.reading() as session:
        found = list(grants.doubtful(session, known))
    for each in found:
        print(f"第 {each.number} 号授权 ({each.subject}): {_trouble(each)}")
    odd = _odd_groups(options.home, known)
    print(*odd, sep="\n", end="\n" if odd else "")
    if not found and not odd:
        print("没有该过问的授权")
    return DOUBTFUL if found or odd else DONE


def _odd_groups(home: Path, known: frozenset[str]) -> list[str]:
    """What somebody should look at of the roles by group, a line each."""
    given, faults = groups.mapped(home)
    lacking = [
        f"{groups.FILE} {each.group}: {_TROUBLES['no_such_region'].format(what=code)}"
        for each in given
        for code in each.codes
        if known and not grants.is_there(code, known)
    ]
    return [*map(str, faults), *lacking]


def _trouble(each: Doubtful) -> str:
    return _TROUBLES[each.trouble].format(what=each.what)


def _known(home: Path) -> frozenset[str]:
    """The region codes of the current snapshot; none where there is no snapshot."""
    with suppress(NoSnapshot, SnapshotDamaged, KeyError):
        current = Home(home).current(verify=False)
        known = pq.read_table(current.path("region"), columns=["region_code"])[0].to_pylist()
        if "zone_member" in current.tables:  # older snapshots have it not
            path = current.path("zone_member")
            known += pq.read_table(path, columns=["zone_code"])[0].to_pylist()
        return frozenset(known)
    return frozenset()


if __name__ == "__main__":
    sys.exit(main())
