"""Whether a server may be served the way it is set, and what cookies are signed with."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from access import entry
from access.entry import NotServed
from store.settings import DECLARED
from store.simulated import State

OIDC = {
    "TAIZHANG_OIDC_METADATA": "https://id.example/.well-known/openid-configuration",
    "TAIZHANG_OIDC_CLIENT": "taizhang",
    "TAIZHANG_PUBLIC_URL": "https://taizhang.example",
}
HEADER = {"TAIZHANG_USER_HEADER": "X-User", "TAIZHANG_USER_HEADER_FROM": "10.0.0.0/8"}


@pytest.fixture(autouse=True)
def unset(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in DECLARED:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "secret").write_text("known to the provider\n")


def _set(monkeypatch: pytest.MonkeyPatch, told: dict[str, str]) -> None:
    for name, text in told.items():
        monkeypatch.setenv(name, text)


@pytest.mark.parametrize(
    ("told", "state", "reason"),
    [
        ({}, "all", ""),
        ({}, None, ""),
        ({}, "part", "real"),
        ({}, "none", "real"),
        ({"TAIZHANG_ADDRESS": "0.0.0.0"}, "all", "beyond"),
        ({"TAIZHANG_ADDRESS": "10.0.0.1"}, None, "beyond"),
        ({"TAIZHANG_HOSTS": "taizhang.example"}, "all", "beyond"),
        ({"TAIZHANG_PUBLIC_URL": "https://taizhang.example"}, "all", "beyond"),
        ({**HEADER, "TAIZHANG_ADDRESS": "0.0.0.0"}, "none", ""),
        ({"TAIZHANG_USER_HEADER": "X-User"}, "all", "lacking TAIZHANG_USER_HEADER_FROM"),
        ({"TAIZHANG_USER_HEADER_FROM": "::1"}, "all", "lacking TAIZHANG_USER_HEADER"),
        ({**OIDC, "TAIZHANG_OIDC_SECRET_FILE": "{folder}/secret"}, "none", ""),
        (OIDC, "all", "lacking TAIZHANG_OIDC_SECRET_FILE"),
        ({**OIDC, "TAIZHANG_OIDC_SECRET_FILE": "{folder}/none"}, "all", "secret {folder}/none"),
        ({**OIDC, **HEADER}, "all", "two_ways"),
    ],
)
def test_it_starts_only_for_whom_it_may_be_served(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    told: dict[str, str],
    state: State | None,
    reason: str,
) -> None:
    _set(monkeypatch, {name: text.format(folder=tmp_path) for name, text in told.items()})
    if not reason:
        entry.check(state)
        return
    with pytest.raises(NotServed) as error:
        entry.check(state)
    assert str(error.value) == reason.format(folder=tmp_path)


@pytest.mark.parametrize("state", ["all", "part", "none"])
def test_real_data_are_shown_to_somebody_alone(
    monkeypatch: pytest.MonkeyPatch, state: State
) -> None:
    assert entry.may_show(state) == (state == "all")
    _set(monkeypatch, HEADER)
    assert entry.may_show(state)


def test_what_cookies_are_signed_with_is_made_once(tmp_path: Path) -> None:
    first = entry.cookie_secret(tmp_path)
    assert len(first) == 64 and entry.cookie_secret(tmp_path) == first
    assert stat.S_IMODE((tmp_path / entry.COOKIE_SECRET).stat().st_mode) == 0o600
    (tmp_path / entry.COOKIE_SECRET).unlink()
    assert entry.cookie_secret(tmp_path) != first


def test_streamlit_is_told_what_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _set(monkeypatch, {**OIDC, "TAIZHANG_OIDC_SECRET_FILE": str(tmp_path / "secret")})
    told = entry.streamlit_auth(tmp_path, "/taizhang")
    assert told["redirect_uri"] == "https://taizhang.example/taizhang/oauth2callback"
    assert told["client_secret"] == "known to the provider"
    assert told["client_kwargs"]["prompt"] == "login"
    assert entry.behind_tls()
