"""Grants add up, count in their time and their places, and not once they are revoked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access import grants
from access.__main__ import main
from access.grants import Doubtful, NoGrant, NotGiven
from access.rights import rights_of, together
from access.roles import ACTS, MAY, ROLES, Act
from state import audit
from state.database import State, opened
from state.tables import Grant, GrantRegion, Session
from store.scope import Scope

TODAY = datetime.now().astimezone().date()
AT = datetime(2026, 1, 1, tzinfo=UTC)
COUNTY, EAST, WEST, VILLAGE = "611025", "611025101", "611025102", "611025101201"
CODES = (COUNTY, EAST, WEST, VILLAGE, "6110", "611026")
PLACES = (VILLAGE, "611025101202", "611025102201", "611026101201", "110101001001")


def a_grant(
    role: str, codes: tuple[str, ...], begins: int, ends: int | None, revoked: bool
) -> Grant:
    return Grant(
        role=role,
        begins=TODAY + timedelta(days=begins),
        ends=None if ends is None else TODAY + timedelta(days=ends),
        revoked_at=AT if revoked else None,
        regions=[GrantRegion(code=code) for code in codes],
    )


GRANTS = st.lists(
    st.builds(
        a_grant,
        st.sampled_from(ROLES),
        st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True).map(tuple),
        st.integers(-3, 3),
        st.none() | st.integers(-3, 3),
        st.booleans(),
    ),
    max_size=6,
)


def allowed(given_: list[Grant], act: Act, place: str) -> bool:
    """Said without scopes: some grant that counts today has the act and holds the place."""
    return any(
        act in MAY[grant.role]  # type: ignore[index]
        and grant.revoked_at is None
        and grant.begins <= TODAY
        and (grant.ends is None or grant.ends >= TODAY)
        and any(place.startswith(code) for code in grant.codes)
        for grant in given_
    )


@given(GRANTS)
def test_rights_are_those_of_all_grants_that_count_and_no_more(given_: list[Grant]) -> None:
    rights = together("li", "李四", given_, TODAY)
    for act in ACTS:
        for place in PLACES:
            assert rights.may(act, place) == allowed(given_, act, place), (act, place)


@given(GRANTS, GRANTS)
def test_grants_add_up(first: list[Grant], second: list[Grant]) -> None:
    parts = [together("li", "", each, TODAY) for each in (first, second)]
    whole = together("li", "", first + second, TODAY)
    for act in ACTS:
        codes = [code for part in parts for code in part.scope(act).codes]
        assert whole.scope(act) == Scope.of(codes)


@given(GRANTS)
def test_a_viewer_may_what_the_rights_say_in_the_county_and_nothing_outside(
    given_: list[Grant],
) -> None:
    viewer = together("li", "李四", given_, TODAY).viewer(COUNTY)
    for act in ACTS:
        for place in PLACES:
            here = place.startswith(COUNTY) and allowed(given_, act, place)
            assert viewer.may(act, place) == here, (act, place)
    for place in (place for place in PLACES if viewer.scope.contains(place)):
        assert not viewer.finds or allowed(given_, "find", place)
    if viewer.loads:
        assert allowed(given_, "load", COUNTY) and allowed(given_, "refused_rows", COUNTY)


def test_whole_columns_of_one_place_do_not_open_another() -> None:
    both = [
        a_grant("inspector", (EAST,), 0, None, False),
        a_grant("township_leader", (WEST,), 0, None, False),
    ]
    viewer = together("li", "", both, TODAY).viewer(COUNTY)
    assert viewer.scope == Scope.of([EAST, WEST]) and not viewer.may("reveal")
    assert viewer.may("reveal", VILLAGE) and not viewer.may("reveal", WEST)
    assert together("li", "", both[:1], TODAY).viewer(COUNTY).may("reveal")


@pytest.mark.parametrize(
    ("codes", "root"),
    [
        ((COUNTY,), COUNTY),
        (("6110",), COUNTY),
        ((EAST,), EAST),
        ((VILLAGE,), VILLAGE),
        (("611025101201", "611025101202"), EAST),
        ((EAST, WEST), COUNTY),
        ((EAST, "611026101"), EAST),
        ((), COUNTY),
    ],
)
def test_pages_begin_with_the_smallest_place_that_holds_all_that_is_seen(
    codes: tuple[str, ...], root: str
) -> None:
    given_ = [a_grant("inspector", codes, 0, None, False)] if codes else []
    assert together("li", "", given_, TODAY).viewer(COUNTY).root() == root


def test_every_role_is_declared_and_an_administrator_sees_no_household() -> None:
    assert set(MAY) == set(ROLES) and all(MAY.values())
    assert not MAY["administrator"] & {"see", "find", "reveal", "export", "refused_rows"}
    assert [role for role in ROLES if "refused_rows" in MAY[role]] == ["data_clerk"]


# Written and asked


@pytest.fixture
def state(kept_in: str, tmp_path: Path) -> Iterator[State]:
    with opened(tmp_path / "home") as found:
        yield found


def test_a_revoked_grant_does_not_count_from_the_next_look(state: State) -> None:
    first = grants.give(state, "li", "inspector", [EAST], by="张三", name="李四")
    second = grants.give(state, "li", "data_clerk", [COUNTY, EAST], by="张三")
    rights = rights_of(state, "li")
    assert rights.name == "李四"
    assert rights.scope("reveal") == Scope.of([EAST]) and rights.may("load", COUNTY)
    with opened(state.home) as elsewhere:  # another process of the same home
        grants.revoke(elsewhere, second, by="王五", why="调走")
    rights = rights_of(state, "li")
    assert rights.scope("see") == Scope.of([EAST]) and not rights.may("load", EAST)
    grants.revoke(state, first, by="王五", why="调走")
    assert rights_of(state, "li").scopes == {}
    with pytest.raises(NoGrant):
        grants.revoke(state, first, by="王五", why="again")


def test_a_grant_counts_from_its_first_day_to_its_last(state: State) -> None:
    begins, ends = TODAY + timedelta(days=2), TODAY + timedelta(days=4)
    grants.give(state, "li", "inspector", [EAST], by="a", begins=begins, ends=ends)
    days = [TODAY + timedelta(days=n) for n in range(7)]
    assert [rights_of(state, "li", day).may("see", EAST) for day in days] == [
        False, False, True, True, True, False, False,
    ]  # fmt: skip
    assert rights_of(state, "li").scopes == {} and rights_of(state, "nobody").scopes == {}


def test_each_grant_and_its_end_are_in_the_audit(state: State) -> None:
    number = grants.give(state, "li", "inspector", [EAST], by="张三")
    grants.revoke(state, number, by="王五", why="调走")
    with state.reading() as session:
        given_, taken = audit.entries(session, state.home)
        (grant,) = grants.listed(session)
    assert (given_.number, given_.kind, given_.actor) == (number, "grant", "张三")
    assert given_.about["regions"] == [EAST] and given_.about["role"] == "inspector"
    assert (taken.kind, taken.about["grant"], taken.about["why"]) == ("revocation", number, "调走")
    assert (grant.revoked_by, grant.revoked_at) == ("王五", taken.at)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"codes": ["61102"]}, "region"),
        ({"codes": []}, "region"),
        ({"codes": ["%"]}, "region"),
        ({"role": "emperor"}, "role"),
        ({"subject": " "}, "nobody"),
        ({"subject": "a\nb"}, "nobody"),
        ({"ends": TODAY - timedelta(days=1)}, "days"),
        ({"begins": TODAY + timedelta(days=9), "ends": TODAY + timedelta(days=8)}, "days"),
    ],
)
def test_what_makes_no_sense_is_not_given(
    state: State, change: dict[str, object], why: str
) -> None:
    about: dict[str, object] = {"subject": "li", "role": "inspector", "codes": [EAST], "by": "a"}
    with pytest.raises(NotGiven) as raised:
        grants.give(state, **{**about, **change})  # type: ignore[arg-type]
    assert raised.value.why == why
    with state.reading() as session:
        assert grants.listed(session) == [] and audit.head(session).number == 0


def test_the_check_lists_what_somebody_should_look_at(state: State) -> None:
    end = TODAY + timedelta(days=400)
    known = {COUNTY, EAST, VILLAGE}
    grants.give(state, "a", "inspector", [EAST], by="x")  # without an end
    grants.give(state, "b", "inspector", [WEST, VILLAGE], by="x", ends=end)  # WEST is not there
    grants.give(state, "c", "inspector", [EAST], by="x", ends=end)
    gone = grants.give(state, "d", "inspector", [WEST], by="x")
    grants.revoke(state, gone, by="x", why="y")
    now = datetime.now(UTC)
    with state.reading() as session:
        assert list(grants.doubtful(session, known)) == [
            Doubtful(1, "a", "no_end", ""),
            Doubtful(2, "b", "no_such_region", WEST),
        ]
        assert [d.trouble for d in grants.doubtful(session, set())] == ["no_end"]
    later = now + timedelta(days=100)
    with state.writing() as session:
        session.add(Session(key="k" * 64, subject="c", issued=now, last_use=later - timedelta(2)))
    with state.reading() as session:
        unseen = [d for d in grants.doubtful(session, known, later) if d.trouble == "unseen"]
    assert [d.subject for d in unseen] == ["a", "b"]
    assert unseen[0].what == f"{now.astimezone():%Y-%m-%d}"


def test_the_commands(kept_in: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(tmp_path)]
    until = ["--until", date(2099, 1, 1).isoformat()]
    assert main(["grant", "li", "inspector", EAST, "--name", "李四", *until, *home]) == 0
    assert main(["check", *home]) == 0
    assert main(["grant", "wang", "data_clerk", COUNTY, *home]) == 0
    assert "没有写到期日" in capsys.readouterr().err
    assert main(["check", *home]) == 3
    assert "第 2 号" in capsys.readouterr().out
    assert main(["revoke", "2", "--why", "调走", *home]) == 0
    assert main(["revoke", "2", "--why", "调走", *home]) == 2
    assert main(["revoke", "99", "--why", "调走", *home]) == 2
    assert main(["grant", "li", "inspector", "61", "6110x", *home]) == 2
    assert "地区代码" in capsys.readouterr().err
    assert main(["list", *home]) == 0
    said = capsys.readouterr().out
    assert "李四" in said and "督查" in said and "撤销" in said and "有效" in said
    assert main(["list", "li", *home]) == 0
    assert "wang" not in capsys.readouterr().out


def test_a_grant_for_a_zone_is_for_the_places_that_it_is_made_of() -> None:
    """Over the border of its townships, and of a zone that is not there for nothing."""
    zones = {"Z1": (VILLAGE, WEST), "Z2": (EAST,)}
    given_ = [a_grant("inspector", ("Z1", "Z9"), 0, None, False)]
    rights = together("li", "", given_, TODAY)
    assert rights.viewer(COUNTY, zones).scope == Scope.of([VILLAGE, WEST])
    assert not rights.viewer(COUNTY).scope.codes, "without the zones it gives nothing"
    assert not rights.may("see", VILLAGE), "nor does the code itself"
    assert rights.viewer(COUNTY, zones).root() == COUNTY
    both = [*given_, a_grant("inspector", (EAST,), 0, None, False)]
    assert together("li", "", both, TODAY).viewer(COUNTY, zones).scope == Scope.of([EAST, WEST])


def test_who_is_narrowed_to_places_sees_no_more_and_may_no_more() -> None:
    whole = [a_grant("township_leader", (EAST,), 0, None, False)]
    viewer = together("li", "", whole, TODAY).viewer(COUNTY)
    narrowed = viewer.narrowed(Scope.of([VILLAGE, WEST]))
    assert narrowed.scope == Scope.of([VILLAGE])
    assert narrowed.where("export") == viewer.where("export")
    assert viewer.narrowed(Scope.of([WEST])).scope == Scope(())
