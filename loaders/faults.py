"""What stops an import, in one sentence that says what to do."""

from __future__ import annotations

import errno
import traceback
from pathlib import Path

import duckdb

from loaders.cells.masks import masked
from loaders.layouts.declarations import LayoutError
from loaders.reference import counties
from loaders.regions.successors import SuccessorError
from loaders.withdrawing import CannotWithdraw
from state import words
from state.audit import NotRecorded
from store.county_folder import Broken, NoCounty, OtherCounty
from store.snapshots import PublishBusy, SnapshotDamaged

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}
_UNTOUCHED = "原快照未动。"
NO_FILE = "没有给出文件或文件夹;" + _UNTOUCHED
NO_DATE = "文件名中没有数据日期, 请用 --date 2025-12-31 的形式写明数据截至哪一天;" + _UNTOUCHED
_SAID_FULL = ("No space left", "File too large", "Disk quota exceeded")

_WORDS = {
    "full": "磁盘已满,请腾出空间(约为原文件的三倍)后再试",
    "closed": "数据文件夹不能写入,请检查权限或磁盘后再试",
    "memory": "内存不足,请关掉其他程序后再试",
    "stopped": "已中断,可随时重新入库",
    "damaged": "当前快照的文件已损坏,请先在“数据”页回到较早的快照,或加 --fresh 用全部文件重新入库",
}


def sentence(error: BaseException) -> str:
    """The sentence for a clerk; no whole personal number is in it."""
    return masked(f"{_cause(error)};{_UNTOUCHED}") or ""


def cause(error: BaseException) -> str:
    """What happened, for a clerk: of a step after the snapshot was published."""
    return masked(_cause(error)) or ""


def known(error: BaseException) -> bool:
    """Whether the cause is understood, so that no trace is of use to anybody."""
    return not _cause(error).startswith("程序出错")


def trace(error: BaseException) -> str:
    """Where the program failed, without the error's own words: they might hold a cell's value."""
    return "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__


def _cause(error: BaseException) -> str:
    if isinstance(error, PublishBusy):
        who = f"{error.holder}(进程 {error.process})自 {error.since} 起" if error.holder else ""
        return f"{who or '另一个程序'}正在入库,请等它结束后再试"
    if isinstance(error, CannotWithdraw):
        return str(error)
    if isinstance(error, LayoutError):
        return f"表样不能使用: {error}"
    if isinstance(error, OtherCounty):
        return (
            f"本快照文件夹是 {error.own} 县的,不能办 {error.asked} 县的事;"
            "请用 TAIZHANG_HOME 或 --home 指定该县自己的文件夹"
        )
    if isinstance(error, NoCounty):
        return (
            "本快照文件夹还不知道是哪个县的;请先运行 python -m loaders county 县代码 --from 文件夹,"
            f"或加 --county 县代码(程序自带 {'、'.join(counties())})"
        )
    if isinstance(error, SuccessorError | Broken):
        return f"声明不能使用: {error}"
    if isinstance(error, FileNotFoundError):
        return f"找不到 {Path(str(error.filename)).name}, 请检查路径和县代码"
    if isinstance(error, NotRecorded):
        which = "操作记录的结尾没有写上" if error.done else "操作记录写不进去,所以没有执行"
        return f"{which}: {words.reason(error)}"
    kind = _kind(error)
    return (
        _WORDS[kind] if kind else f"程序出错({type(error).__name__}),请把时间和上面的文字告诉管理员"
    )


def _kind(error: BaseException) -> str | None:
    """The key of the words for an error; None for one that nobody foresaw."""
    number = getattr(error, "errno", None)
    said = str(error) if isinstance(error, OSError | duckdb.Error) else ""
    if number in _FULL or any(words in said for words in _SAID_FULL):
        return "full"
    if number in _CLOSED:
        return "closed"
    kinds: dict[type[BaseException], str] = {
        KeyboardInterrupt: "stopped",
        SnapshotDamaged: "damaged",
        MemoryError: "memory",
        duckdb.OutOfMemoryException: "memory",
    }
    return next((kind for each, kind in kinds.items() if isinstance(error, each)), None)
