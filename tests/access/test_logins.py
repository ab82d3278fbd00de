"""The clock of logins, on both databases; refusals that come in floods."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from access import logins, refusals
from access.identity import guest
from access.logins import Login
from state import audit
from state.chain import Entry
from state.database import State, opened

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("kept_in")


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with opened(tmp_path) as made:
        yield made


def _look(state: State, key: str, now: datetime) -> object:
    with state.reading() as session:
        found = logins.look(session, key, now)
        return "in" if isinstance(found, Login) else found


def _audit(state: State) -> list[Entry]:
    with state.reading() as session:
        return list(audit.entries(session, state.home))


def _begin(state: State, now: datetime = NOW) -> None:
    logins.begin(state, "k" * 64, "li.si", way="oidc", name="李四", groups=["督查"], now=now)


@pytest.mark.parametrize(
    ("minutes", "found"), [(0, "in"), (29, "in"), (30, "idle"), (12 * 60, "age")]
)
def test_a_login_that_nobody_uses_ends(state: State, minutes: int, found: str) -> None:
    _begin(state)
    assert _look(state, "k" * 64, NOW + timedelta(minutes=minutes)) == found


def test_use_keeps_a_login_until_its_time_has_run(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    _begin(state)
    at = NOW
    while at - NOW < timedelta(hours=12):
        assert _look(state, "k" * 64, at) == "in"
        with state.reading() as session:
            found = logins.look(session, "k" * 64, at)
        assert isinstance(found, Login) and found.groups == ("督查",)
        logins.use(state, found, at)
        at += timedelta(minutes=29)
    assert _look(state, "k" * 64, at) == "age"
    monkeypatch.setenv("TAIZHANG_LOGIN_HOURS", "13")
    assert _look(state, "k" * 64, at) == "in"


def test_an_ended_login_stays_so_and_both_are_audited_once(state: State) -> None:
    _begin(state)
    _begin(state)  # the same cookie's answer twice
    assert logins.end(state, "k" * 64, "left", NOW)
    assert not logins.end(state, "k" * 64, "left", NOW)
    assert not logins.end(state, "unknown", "left", NOW)
    assert _look(state, "k" * 64, NOW) == "left"
    _begin(state)
    assert _look(state, "k" * 64, NOW) == "left", "a cookie that is used again"
    told = [(each.kind, each.actor, each.about.get("why")) for each in _audit(state)]
    assert told == [("login", "li.si", None), ("logout", "li.si", "left")]


def test_use_is_written_once_a_minute_and_never_wakes_an_ended_login(state: State) -> None:
    _begin(state)
    with state.reading() as session:
        found = logins.look(session, "k" * 64, NOW)
    assert isinstance(found, Login)
    logins.use(state, found, NOW + timedelta(seconds=59))
    assert _look(state, "k" * 64, NOW + timedelta(minutes=30)) == "idle"
    logins.end(state, "k" * 64, "left", NOW)
    logins.use(state, found, NOW + timedelta(minutes=5))
    assert _look(state, "k" * 64, NOW + timedelta(minutes=5)) == "left"


@pytest.mark.parametrize("subject", ["", "  ", "a\nb", "x" * 201])
def test_nobody_is_called_so(state: State, subject: str) -> None:
    with pytest.raises(ValueError):
        logins.begin(state, "k", subject, way="oidc")
    assert not _audit(state)


def test_all_that_somebody_has_open_by_header_is_one_login(tmp_path: Path, state: State) -> None:
    key = logins.by_header(tmp_path, "li.si")
    assert logins.by_header(tmp_path, "li.si") == key
    assert logins.by_header(tmp_path, "wang.wu") != key
    logins.end(state, key, "left")
    assert logins.by_header(tmp_path, "li.si") != key


def test_a_key_that_nobody_has_is_nobody(
    tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert guest(tmp_path, None, used=True).standing == "open"
    monkeypatch.setenv("TAIZHANG_USER_HEADER", "X-User")
    for key in (None, "", "k" * 64):
        found = guest(tmp_path, key, used=True)
        assert found.standing == "nobody" and not found.may_look and found.rights is None
    found = guest(tmp_path, logins.by_header(tmp_path, "li.si"), used=True)
    assert found.standing == "in" and not found.may_look, "without a grant there is no page"


def test_a_flood_of_refusals_is_one_entry_a_minute(
    tmp_path: Path, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [1000.0]
    monkeypatch.setattr(refusals.time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(refusals, "_said", {})
    for _ in range(5):
        refusals.refused(tmp_path, "refusal", "10.0.0.9", {"why": "forged_header"}, "10.0.0.9")
    clock[0] += 60
    refusals.refused(tmp_path, "refusal", "10.0.0.9", {"why": "forged_header"}, "10.0.0.9")
    refusals.refused(tmp_path, "refusal", "10.0.0.8", {"why": "forged_header"}, "10.0.0.8")
    told = [(each.actor, each.outcome, each.about.get("times", 1)) for each in _audit(state)]
    assert told == [("10.0.0.9", "refused", n) for n in (1, 5)] + [("10.0.0.8", "refused", 1)]
