"""What the commands say of the state, in Chinese."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from state.chain import Misfit
from state.database import ADDRESS, FILE, StateError

_WORDS = {
    "full": "磁盘空间不足,请腾出空间后再试",
    "closed": "快照文件夹不能写入,请检查权限或磁盘后再试",
    "busy": "数据库正被其他程序占用,请稍后再试",
    "unreachable": f"连不上数据库,请检查 {ADDRESS} 和数据库服务",
    "address": f"{ADDRESS} 应是 postgresql://用户:密码@主机/库名",
    "newer": "数据库是更新版本的程序写的,请升级程序",
    "broken": f"数据库({FILE} 或 PostgreSQL)读不了,请用 python -m state check 检查,或从备份恢复",
}
_BREAKS = {
    "altered": "内容被改动过",
    "missing": "缺失,后面的记录还在",
    "cut": "及以后的记录被删掉了",
    "archive": "所在的归档文件缺失或被改动过",
}


def reason(error: StateError) -> str:
    """Why the state could not be read or written, and what to do."""
    return _WORDS[error.reason]


def broken(misfit: Misfit) -> str:
    """What is wrong with the first entry that does not fit."""
    return f"第 {misfit.number} 条{_BREAKS[misfit.why]}"


_NOT_RESTORED = {
    "home": "{what} 里已有文件, 请换一个空文件夹",
    "file": "{what} 不是本程序的备份文件",
    "damaged": "备份中的 {what} 与备份时不一致, 请换一份备份",
    "newer": "{what} 是更新版本的程序做的, 请升级程序",
    "state": "PostgreSQL 库里已有内容 ({what}), 请换一个空库",
}
KINDS = {
    "household_seen": "查看户",
    "list": "查看名单",
    "export": "导出",
    "plain_text": "查看明文",
    "import": "入库",
    "roll_back": "改设当前快照",
    "withdrawal": "撤回入库",
    "removal": "删除快照",
    "grant": "授权",
    "revocation": "撤销授权",
    "finding": "问题办理",
    "unit": "单位人员",
    "sample": "抽样",
    "link_made": "生成短网址",
    "link_renamed": "改短网址名称",
    "link_withdrawn": "撤回短网址",
    "view_saved": "收藏视图",
    "view_changed": "改收藏的视图",
    "view_withdrawn": "取消收藏",
    "meeting_made": "新建会议",
    "meeting_changed": "改会议",
    "meeting_withdrawn": "删除会议",
    "decision_made": "会议决定",
    "decision_changed": "改会议决定",
    "refusal": "拒绝",
    "login": "登录",
    "logout": "退出",
    "backup": "备份",
    "restore": "恢复",
    "rotation": "归档",
}
OUTCOMES = {"done": "完成", "begun": "开始", "failed": "失败", "refused": "被拒"}


def not_restored(why: str, what: str) -> str:
    """Why a home was not made out of a backup, and what to do."""
    return _NOT_RESTORED[why].format(what=what)


def about(told: Mapping[str, Any]) -> str:
    """What an entry is about, on a line."""
    return ", ".join(f"{key}={_plain(value)}" for key, value in told.items())


def _plain(value: object) -> str:
    if isinstance(value, list):
        return "、".join(map(_plain, value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
