"""Who may load."""

from __future__ import annotations

import pytest

from access.roles import ACTS
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
    assert not viewer.may("reveal") and not viewer.known


@pytest.mark.parametrize(
    ("said", "invented", "address", "finds"),
    [
        ("", True, "", True),
        ("", False, "", False),
        ("", True, "0.0.0.0", False),
        ("1", False, "", True),
        ("1", False, "0.0.0.0", True),
        ("0", True, "", False),
    ],
)
def test_people_are_found_by_name_where_they_are_invented_or_it_is_set(
    monkeypatch: pytest.MonkeyPatch, said: str, invented: bool, address: str, finds: bool
) -> None:
    monkeypatch.setenv("TAIZHANG_WHOLE_SEARCH", said)
    monkeypatch.setenv("TAIZHANG_ADDRESS", address)
    assert demo_viewer("611025", invented=invented).finds is finds


def test_without_a_login_only_invented_people_are_open_and_only_to_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("TAIZHANG_WHOLE_SEARCH", raising=False)
    monkeypatch.setenv("TAIZHANG_ADDRESS", "127.0.0.1")
    assert all(demo_viewer("611025", invented=True).may(act) for act in ACTS)
    real = demo_viewer("611025")
    monkeypatch.setenv("TAIZHANG_ADDRESS", "0.0.0.0")
    reached = demo_viewer("611025", invented=True)
    for viewer in (real, reached):
        for act in ("find", "reveal", "manage_rights", "read_audit"):
            assert not viewer.may(act), act  # type: ignore[arg-type]
    assert not reached.may("load") and not reached.may("refused_rows")
