"""Who may load."""

from __future__ import annotations

import pytest

from access.viewer import demo_viewer


@pytest.mark.parametrize(("said", "loads"), [(None, True), ("0", True), ("1", False)])
def test_the_demo_viewer_loads_unless_the_server_is_read_only(
    monkeypatch: pytest.MonkeyPatch, said: str | None, loads: bool
) -> None:
    monkeypatch.delenv("TAIZHANG_READ_ONLY", raising=False)
    if said is not None:
        monkeypatch.setenv("TAIZHANG_READ_ONLY", said)
    viewer = demo_viewer("611025")
    assert viewer.loads is loads
    assert not viewer.reveal
