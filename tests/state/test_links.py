"""Short links and saved views in either database: kept, found, changed by their owner alone."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state import audit, links, saved_views
from state.audit import Filter
from state.database import State, StateError, opened
from state.links import LENGTH, NoLink, Sent, code_of
from state.saved_views import NoView, Words

SENT = Sent(
    "ledgers",
    "region=611025&year=2025&snapshot=2&group=borderline&rules=0123456789ab",
    2,
    date(2025, 12, 31),
    "0123456789ab",
    {"places": ["611025"], "numbers": {"poor_people": 312.0}},
)


@pytest.fixture
def state(kept_in: str, tmp_path: Path) -> Iterator[State]:
    with opened(tmp_path / "home") as found:
        yield found


def written(state: State, *kinds: str) -> list[tuple[str, str, dict[str, object]]]:
    with state.reading() as session:
        found = audit.entries(session, state.home, Filter(kinds=kinds))
        return [(entry.kind, entry.actor, dict(entry.about)) for entry in found]


def test_a_link_is_found_by_its_code_as_it_was_made(state: State) -> None:
    made = links.make(state, SENT, owner="wang", title="边缘户", note="会上看")
    assert code_of(made.code) == made.code and len(made.code) == LENGTH
    found = links.find(state, made.code)
    assert found is not None
    assert (found.path, found.query, found.snapshot) == (SENT.path, SENT.query, 2)
    assert (found.data_date, found.rules) == (SENT.data_date, SENT.rules)
    assert json.loads(found.shown) == SENT.shown
    assert (found.owner, found.title, found.note) == ("wang", "边缘户", "会上看")
    assert links.find(state, "2" * LENGTH) is None
    assert [(kind, who, told["link"]) for kind, who, told in written(state, "link_made")] == [
        ("link_made", "wang", made.code)
    ]


def test_no_two_links_share_a_code(state: State) -> None:
    codes = {links.make(state, SENT, owner="wang", title="同一画面").code for _ in range(30)}
    assert len(codes) == 30


def test_a_link_is_its_owners_to_rename_and_to_withdraw(state: State) -> None:
    made = links.make(state, SENT, owner="wang", title="旧名")
    with pytest.raises(NoLink):
        links.rename(state, made.code, owner="li", title="他人", note="")
    with pytest.raises(NoLink):
        links.withdraw(state, made.code, owner="li")
    links.rename(state, made.code, owner="wang", title="新名", note="说明")
    found = links.find(state, made.code)
    assert found is not None and (found.title, found.note) == ("新名", "说明")
    links.withdraw(state, made.code, owner="wang")
    assert links.find(state, made.code) is None
    with pytest.raises(NoLink):
        links.withdraw(state, made.code, owner="wang")
    (kept,) = links.of_owner(state, "wang")
    assert kept.withdrawn_at is not None and links.of_owner(state, "li") == []
    assert [kind for kind, _, _ in written(state, "link_renamed", "link_withdrawn")] == [
        "link_renamed",
        "link_withdrawn",
    ]


def test_what_cannot_be_audited_is_not_kept(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    made = links.make(state, SENT, owner="wang", title="旧名")

    def full(*_: object, **__: object) -> None:
        raise StateError("full", errno.ENOSPC)

    with monkeypatch.context() as patch:
        patch.setattr(audit, "append", full)
        for act in (
            lambda: links.make(state, SENT, owner="wang", title="新"),
            lambda: links.rename(state, made.code, owner="wang", title="新", note=""),
            lambda: links.withdraw(state, made.code, owner="wang"),
            lambda: saved_views.save(state, "map", "", Words("新"), owner="wang"),
        ):
            with pytest.raises(StateError):
                act()
    (kept,) = links.of_owner(state, "wang")
    assert (kept.title, kept.withdrawn_at) == ("旧名", None)
    assert saved_views.listed(state, "wang") == []


def test_saved_views_are_listed_to_their_owner_and_shared_ones_to_all(state: State) -> None:
    own = saved_views.save(state, "map", "level=township", Words("我的"), owner="wang")
    shared = saved_views.save(state, "trends", "", Words("大家的", shared=True), owner="li")
    assert [view.number for view in saved_views.listed(state, "wang")] == [
        own.number,
        shared.number,
    ]
    assert [view.number for view in saved_views.listed(state, "zhao")] == [shared.number]
    with pytest.raises(NoView):
        saved_views.change(state, shared.number, Words("改"), owner="wang")
    saved_views.withdraw(state, shared.number, owner="li")
    assert saved_views.listed(state, "zhao") == []
    with pytest.raises(NoView):
        saved_views.withdraw(state, shared.number, owner="li")


def test_one_saved_view_at_most_begins_somebodys_visits(state: State) -> None:
    first = saved_views.save(state, "map", "", Words("一", start=True), owner="wang")
    other = saved_views.save(state, "trends", "", Words("二", start=True), owner="li")
    second = saved_views.save(state, "ledgers", "", Words("三"), owner="wang")

    def start(who: str) -> int | None:
        found = saved_views.start_of(state, who)
        return found and found.number

    assert (start("wang"), start("li"), start("zhao")) == (first.number, other.number, None)
    saved_views.change(state, second.number, Words("三", start=True), owner="wang")
    assert (start("wang"), start("li")) == (second.number, other.number)
    saved_views.withdraw(state, second.number, owner="wang")
    assert start("wang") is None


@given(st.text(max_size=12))
def test_nothing_but_a_code_is_taken_for_one(text: str) -> None:
    code = code_of(text)
    assert code is None or (len(code) == LENGTH and code.isascii() and code.isalnum())


def test_a_code_in_capitals_is_the_same_and_look_alikes_are_none() -> None:
    assert code_of("ABCDEFGH23") == "abcdefgh23"
    assert [code_of(text) for text in ("abcdefgh20", "abcdefgh2", "abcdefgh234", "abcdefgh2l")] == [
        None
    ] * 4
