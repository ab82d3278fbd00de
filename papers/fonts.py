"""The fonts of papers: those named in files, and the one that this machine draws with."""

from __future__ import annotations

from functools import cache
from typing import Any

# Named in files, since who opens them has them: WPS and Office on Windows bring both.
EAST_ASIAN = "微软雅黑"
LATIN = "Arial"
BODY, HEADING = "宋体", "黑体"  # of documents, as offices set them
# Fonts with simplified Chinese, as systems name them; the first that is there draws.
_THERE = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
    "Hiragino Sans GB", "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Serif CJK SC",
    "Source Han Serif SC", "SimHei", "SimSun", "KaiTi", "FangSong", "STHeiti", "STSong",
    "AR PL UMing CN", "AR PL SungtiL GB", "Droid Sans Fallback",
)  # fmt: skip


class NoFont(LookupError):
    """This machine has no Chinese font: what it draws would be empty boxes."""


@cache
def of_system() -> Any:
    """The fonts of this machine, looked for once."""
    import typst

    return typst.Fonts()


@cache
def drawing() -> str | None:
    """The Chinese font that this machine draws with; None where it has none."""
    there = set(of_system().families())
    return next((name for name in _THERE if name in there), None)
