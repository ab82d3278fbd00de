"""Whatever stops an import, a clerk reads one sentence that says what to do, and no number."""

from __future__ import annotations

import errno

import duckdb
import pytest

from loaders import faults
from loaders.layouts.declarations import LayoutError
from store.snapshots import PublishBusy, PublishError, SnapshotDamaged
from tests.loaders.sheets import identity


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "磁盘已满"),
        (OSError(errno.EFBIG, "File too large"), "磁盘已满"),
        (duckdb.IOException("Could not write: No space left on device"), "磁盘已满"),
        (PermissionError(errno.EACCES, "Permission denied"), "不能写入"),
        (OSError(errno.EROFS, "Read-only file system"), "不能写入"),
        (MemoryError(), "内存不足"),
        (duckdb.OutOfMemoryException("failed to allocate"), "内存不足"),
        (KeyboardInterrupt(), "已中断"),
        (SnapshotDamaged("snapshot 3: member was altered"), "--fresh"),
        (
            PublishBusy("王会计", 77, "2026-01-02 03:04:05"),
            "王会计(进程 77)自 2026-01-02 03:04:05 起",
        ),
        (PublishBusy(), "另一个程序正在入库"),
        (LayoutError("own.yaml 第 3 行: 缺少 key,请补上"), "own.yaml 第 3 行"),
        (FileNotFoundError(errno.ENOENT, "No such file", "/x/999999.geojson"), "999999.geojson"),
    ],
)
def test_a_known_fault_is_said_in_one_sentence(error: BaseException, words: str) -> None:
    said = faults.sentence(error)
    assert words in said and said.endswith("原快照未动。") and "\n" not in said
    assert faults.known(error)


def test_a_fault_nobody_foresaw_is_said_without_its_own_words() -> None:
    number = identity()
    try:
        raise PublishError(f"member: key {number} is not unique")
    except PublishError as error:
        said, trace = faults.sentence(error), faults.trace(error)
        assert not faults.known(error)
    assert "程序出错(PublishError)" in said and number not in said
    assert "test_faults.py" in trace and trace.endswith("PublishError") and number not in trace


def test_a_number_in_a_files_name_is_masked() -> None:
    number = identity()
    said = faults.sentence(FileNotFoundError(errno.ENOENT, "No such file", f"/x/{number}.xlsx"))
    assert number not in said and ".xlsx" in said
