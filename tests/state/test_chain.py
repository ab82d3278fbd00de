"""The chain of audit entries: whatever is done to it, the first that does not fit is named."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.chain import START, Entry, Head, Misfit, canonical, misfit

BEGUN = datetime(2026, 1, 2, 3, 4, 5, 6, UTC)


def chain(count: int) -> list[Entry]:
    found: list[Entry] = []
    previous = START
    for number in range(1, count + 1):
        entry = Entry(number, BEGUN + timedelta(seconds=number), f"p{number % 3}", "list", "done",
                      {"n": number}, previous, "")  # fmt: skip
        found.append(replace(entry, hash=entry.fitting()))
        previous = found[-1].hash
    return found


def head(entries: list[Entry]) -> Head:
    return Head(entries[-1].number, entries[-1].hash) if entries else Head(0, START)


def test_a_hash_is_of_the_one_before_and_the_canonical_content() -> None:
    content = (
        '{"about":{"a":"\\u53f0","b":[1,true,null]},"actor":"\\u674e","at":'
        '"2026-01-02T03:04:05.000006+00:00","kind":"list","number":1,"outcome":"done"}'
    )
    about = {"b": [1, True, None], "a": "台"}
    entry = Entry(1, BEGUN, "李", "list", "done", about, START, "")
    assert entry.fitting() == hashlib.sha256((START + content).encode()).hexdigest()
    assert canonical({"b": 1, "a": 2}) == '{"a":2,"b":1}'


@given(st.integers(0, 12))
def test_an_untouched_chain_is_whole(count: int) -> None:
    entries = chain(count)
    assert misfit(entries, head(entries)) == (None, head(entries))
    assert [Entry.of(entry.plain()) for entry in entries] == entries


@given(st.data())
def test_an_altered_entry_is_named(data: st.DataObject) -> None:
    entries = chain(data.draw(st.integers(1, 10)))
    at = data.draw(st.integers(0, len(entries) - 1))
    changes = st.sampled_from(
        [
            {"about": {"n": -1}},
            {"about": {}},
            {"actor": "somebody else"},
            {"kind": "export"},
            {"outcome": "failed"},
            {"at": BEGUN},
            {"hash": "f" * 64},
            {"previous": "f" * 64},
        ]
    )
    altered = [*entries]
    altered[at] = replace(entries[at], **data.draw(changes))
    last = head(entries[:at])
    assert misfit(altered, head(entries)) == (Misfit(at + 1, "altered"), last)


@given(st.data())
def test_a_missing_entry_is_named(data: st.DataObject) -> None:
    entries = chain(data.draw(st.integers(2, 10)))
    at = data.draw(st.integers(0, len(entries) - 2))
    left = entries[:at] + entries[at + 1 :]
    assert misfit(left, head(entries))[0] == Misfit(at + 1, "missing")


@given(st.data())
def test_a_cut_end_is_named(data: st.DataObject) -> None:
    """By the program's own head; and with that cut too, by one that was printed before."""
    entries = chain(data.draw(st.integers(1, 10)))
    kept = entries[: data.draw(st.integers(0, len(entries) - 1))]
    named = Misfit(len(kept) + 1, "cut")
    assert misfit(kept, head(entries))[0] == named
    assert misfit(kept, head(kept))[0] is None
    assert misfit(kept, head(kept), [head(entries)])[0] == named


def test_a_chain_made_again_is_seen_by_a_head_printed_before() -> None:
    entries = chain(6)
    other = [replace(entry, actor="x") for entry in entries[2:]]
    made = entries[:2]
    for entry in other:
        linked = replace(entry, previous=made[-1].hash)
        made.append(replace(linked, hash=linked.fitting()))
    assert misfit(made, head(made))[0] is None
    assert misfit(made, head(made), [head(entries[:4])])[0] == Misfit(4, "altered")


def test_entries_put_behind_the_head_are_named() -> None:
    entries = chain(5)
    assert misfit(entries, head(entries[:3]))[0] == Misfit(4, "altered")


def test_an_entry_that_cannot_be_read_is_altered() -> None:
    entries = chain(3)
    assert misfit([entries[0], 2, entries[2]], head(entries))[0] == Misfit(2, "altered")


@pytest.mark.parametrize("said", ["", "5", "x:" + "0" * 64, "5:" + "0" * 63, "5:" + "G" * 64])
def test_what_is_no_head_is_refused(said: str) -> None:
    with pytest.raises(ValueError):
        Head.parse(said)
    assert Head.parse(str(Head(5, "a" * 64))) == Head(5, "a" * 64)
