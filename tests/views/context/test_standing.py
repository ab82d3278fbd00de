"""How the options of a widget read."""

from __future__ import annotations

from views.context.standing import told_apart

NAMES = {"990101100200": "安山", "990101100201": "安山", "990101100202": "青槐"}


def test_no_option_reads_like_another() -> None:
    words = told_apart(NAMES, NAMES.__getitem__)
    assert words["990101100202"] == "青槐"
    assert words["990101100200"] == "安山 · 990101100200"
    assert len(set(words.values())) == len(NAMES)
