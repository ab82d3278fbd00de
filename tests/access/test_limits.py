"""How often a viewer may search and take files out."""

from __future__ import annotations

import logging

import pytest

from access.limits import Meter


def test_a_minute_holds_so_many_and_the_next_one_as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_SEARCHES_A_MINUTE", "3")
    monkeypatch.setenv("TAIZHANG_EXPORTS_A_MINUTE", "1")
    meter = Meter()
    assert [meter.spend("a", "search", at) for at in (0, 20, 40, 59)] == [True, True, True, False]
    assert meter.spend("b", "search", 59), "another viewer has a minute of their own"
    assert meter.spend("a", "export", 59) and not meter.spend("a", "export", 60)
    assert meter.spend("a", "search", 60), "the first is a minute ago"
    assert not meter.spend("a", "search", 61)
    assert meter.spend("a", "search", 80)


def test_each_is_logged_with_who_and_how_many(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "taizhang.access"):
        Meter().spend("demo@10.0.0.1", "search", 0)
    assert "search by demo@10.0.0.1, 1 of 20 a minute" in caplog.text


def test_those_who_do_nothing_are_forgotten() -> None:
    meter = Meter()
    for number in range(1500):
        meter.spend(str(number), "search", 0)
    meter.spend("late", "search", 100)
    assert len(meter._done) < 10
