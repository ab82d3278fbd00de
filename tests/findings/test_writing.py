"""What is written of a finding: whole, once, by who may, with its entry, in either database."""

from __future__ import annotations

import threading
from datetime import date
from pathlib import Path

import pytest

from findings import asking, evidence, machine, many, texts, units, writing
from findings.asking import Filter
from findings.evidence import Evidence
from findings.texts import Unusable
from findings.writing import AlreadyOpen, Given, Measure, NoFinding, NotTaken
from state import audit, dump
from state.database import State, StateError, opened
from state.migrations import HEAD
from tests import viewers
from tests.findings.conftest import (
    DUE,
    PROOF,
    WATER,
    closed,
    inspector,
    leader,
    mended,
    problem,
    township,
)
from tests.small_county import COUNTY, EAST, WEST

PNG = b"\x89PNG\r\n\x1a\n" + bytes(2_000)
TODAY = date(2026, 4, 2)


def entries(state: State) -> list[tuple[str, str, str]]:
    with state.reading() as session:
        assert audit.check(session, state.home)[0] is None
        found = list(audit.entries(session, state.home))
    return [(e.kind, e.actor, str(e.about.get("step"))) for e in found]


def test_a_finding_goes_from_found_to_closed_and_every_step_is_kept(state: State) -> None:
    number = closed(state)
    with state.reading() as session:
        found = asking.one(session, inspector(), number)
        assert found is not None and (found.state, found.code) == ("closed", f"W{number}")
        assert [(step.step, step.by) for step in found.steps] == [
            ("open", "du.cha"), ("assign", "du.cha"), ("mend", "zhen.zhang"),
            ("verify", "du.cha"), ("close", "xian.zhang"),
        ]  # fmt: skip
        assert [step.at for step in found.steps] == sorted(step.at for step in found.steps)
        (measure,) = found.steps[1].measures
        assert (measure.text, [u.unit for u in measure.units]) == (WATER.text, list(WATER.units))
        assert [e.text for e in found.steps[2].evidence] == [PROOF.text]
        assert found.closed_at == found.steps[-1].at and found.due == DUE
        assert found.open_key is None
        entry_numbers = [step.entry for step in found.steps]
    assert entries(state) == [("finding", step.by, step.step) for step in found.steps]
    assert entry_numbers == [1, 2, 3, 4, 5]


def test_nobody_verifies_or_closes_what_they_mended(state: State) -> None:
    number = writing.open_finding(state, inspector(), problem())
    both = viewers.viewer(
        viewers.grant("inspector", WEST), viewers.grant("township_leader", WEST), subject="li"
    )
    writing.take(state, both, number, "assign", Given(measures=(WATER,)))
    writing.take(state, both, number, "mend", Given(evidence=(PROOF,)))
    for step, by, why in (("verify", both, "not_mender"), ("verify", inspector(), None),
                          ("close", both, "not_mender")):  # fmt: skip
        if why is None:
            writing.take(state, by, number, step, Given())  # type: ignore[arg-type]
            continue
        before = entries(state)
        with pytest.raises(NotTaken) as raised:
            writing.take(state, by, number, step, Given())  # type: ignore[arg-type]
        assert raised.value.why == why and entries(state) == before


def test_without_evidence_nothing_is_closed(state: State) -> None:
    number = writing.open_finding(state, inspector(), problem())
    writing.take(state, inspector(), number, "assign", Given(measures=(WATER,)))
    writing.take(state, township(), number, "mend", Given("做完了"))
    writing.take(state, inspector(), number, "verify", Given())
    with pytest.raises(NotTaken, match="evidence"):
        writing.take(state, leader(), number, "close", Given())
    writing.take(state, leader(), number, "close", Given(evidence=(PROOF,)))


def test_of_another_township_there_is_no_finding(state: State) -> None:
    number = writing.open_finding(state, inspector(), problem("H01"))
    assert township(WEST).scope.codes == (WEST,)
    with pytest.raises(NoFinding):
        writing.take(state, township(WEST), number, "mend", Given())
    with pytest.raises(NotTaken, match="right"):
        writing.open_finding(state, inspector(WEST), problem("H02"))
    with pytest.raises(NoFinding):
        writing.take(state, inspector(), 999, "assign", Given(measures=(WATER,)))
    with pytest.raises(NotTaken, match="right"):
        writing.take(state, township(EAST), number, "reject", Given("x"))


def test_the_same_problem_is_not_opened_twice_while_it_is_open(state: State) -> None:
    number = writing.open_finding(state, inspector(), problem())
    with pytest.raises(AlreadyOpen) as raised:
        writing.open_finding(state, leader(), problem(title="别的说法"))
    assert (raised.value.number, raised.value.code) == (number, f"W{number}")
    other = writing.open_finding(state, inspector(), problem(kind="rule.exit_water"))
    assert other != number
    second = viewers.role("inspector", subject="er.cha")
    writing.take(state, second, number, "reject", Given("查无此事"))
    again = writing.open_finding(state, inspector(), problem())
    with pytest.raises(AlreadyOpen) as raised:
        writing.take(state, inspector(), number, "reopen", Given("又出现"))
    assert raised.value.number == again


def test_many_who_open_the_same_at_once_open_one(state: State) -> None:
    told: list[object] = []

    def work() -> None:
        try:
            told.append(writing.open_finding(state, inspector(), problem()))
        except AlreadyOpen as error:
            told.append(error.number)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 6 and len(set(told)) == 1


def test_problems_without_a_kind_are_told_apart_by_their_words(state: State) -> None:
    first = writing.open_finding(state, inspector(), problem(kind="other", title="路灯不亮"))
    second = writing.open_finding(state, inspector(), problem(kind="other", title="水管破裂"))
    assert first != second
    with pytest.raises(AlreadyOpen):
        writing.open_finding(state, inspector(), problem(kind="other", title="路灯不亮"))


def test_a_file_is_kept_whole_and_given_to_who_sees_the_finding(state: State) -> None:
    number = mended(state, "H05", evidence.of_file("现场 照片.PNG", PNG))
    with state.reading() as session:
        key = (number, 3, 1)
        held = asking.file(session, inspector(WEST), key)
        assert held is not None and held.content == PNG and held.media_type == "image/png"
        assert asking.file(session, inspector(EAST), key) is None
        assert asking.file(session, viewers.viewer(), key) is None
        about = list(audit.entries(session, state.home))[2].about
    assert about["evidence"] == [held.sha256]


def test_a_backup_of_the_rows_holds_the_files(state: State, tmp_path: Path) -> None:
    number = mended(state, "H05", evidence.of_file("a.png", PNG), PROOF)
    with state.reading() as session:
        told = list(dump.lines(session, HEAD))
    with opened(tmp_path / "other") as other:
        if other.engine.dialect.name == "postgresql":
            return  # one database a run: the rows are there already
        dump.load(other, told)
        with other.reading() as session:
            held = asking.file(session, inspector(), (number, 3, 1))
            assert held is not None and held.content == PNG
            assert list(dump.lines(session, HEAD)) == told


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.png", b"<svg>", "file_kind"),
        ("a.html", PNG, "file_kind"),
        ("a.png", PNG + bytes(evidence.MOST), "file_size"),
    ],
)
def test_a_file_of_another_kind_or_size_is_refused(name: str, content: bytes, why: str) -> None:
    with pytest.raises(Unusable) as raised:
        evidence.of_file(name, content)
    assert raised.value.why == why


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " \n "}, "title"),
        ({"title": "字" * 501}, "title"),
        ({"source": "rumour"}, "source"),
        ({"kind": "rule."}, "kind"),
        ({"kind": "rule.x;DROP"}, "kind"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_its_field(
    state: State, change: dict[str, str], field: str
) -> None:
    with pytest.raises(Unusable) as raised:
        writing.open_finding(state, inspector(), problem(**change))  # type: ignore[arg-type]
    assert raised.value.field == field and entries(state) == []


def test_a_measure_without_a_unit_is_nobodys(state: State) -> None:
    number = writing.open_finding(state, inspector(), problem())
    for measures in ((), (Measure("做", ()),), (Measure("", ("镇",)),)):
        with pytest.raises((NotTaken, Unusable)):
            writing.take(state, inspector(), number, "assign", Given(measures=measures))
    with state.reading() as session:
        found = asking.one(session, inspector(), number)
        assert found is not None and found.state == "found"


def test_what_cannot_be_written_down_is_not_done(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = writing.open_finding(state, inspector(), problem())

    def full(*_: object, **__: object) -> None:
        raise StateError("full")

    with monkeypatch.context() as patch:
        patch.setattr(audit, "append", full)
        with pytest.raises(StateError):
            writing.take(state, inspector(), number, "assign", Given(measures=(WATER,)))
        with pytest.raises(StateError):
            writing.open_finding(state, inspector(), problem("H06"))
    with state.reading() as session:
        (only,) = asking.every(session, inspector(), Filter(COUNTY, TODAY))
        assert (only.number, only.state, len(only.steps)) == (number, "found", 1)


def test_a_reassigned_finding_keeps_what_was_assigned_before(state: State) -> None:
    number = writing.open_finding(state, inspector(), problem())
    writing.take(state, inspector(), number, "assign", Given(measures=(WATER,)))
    other = Measure("改走另一条管线", ("县住建局",))
    later = date(2026, 5, 31)
    given = Given(measures=(other,), responsible="王试", due=later)
    writing.take(state, inspector(), number, "assign", given)
    with state.reading() as session:
        found = asking.one(session, inspector(), number)
        assert found is not None and (found.due, found.responsible) == (later, "王试")
        assert [[m.text for m in step.measures] for step in found.steps] == [
            [], [WATER.text], [other.text],
        ]  # fmt: skip
        assert asking.units_of(session, [found]) == {number: ("县住建局",)}


def test_a_code_of_ours_leaves_those_of_the_office_alone(state: State) -> None:
    writing.open_finding(state, inspector(), problem(code="W2"))
    second = writing.open_finding(state, inspector(), problem("H06"))
    with state.reading() as session:
        found = asking.one(session, inspector(), second)
    assert second == 2 and found is not None and found.code == "W2-1"


def test_a_unit_is_worked_in_by_people_who_are_known(state: State) -> None:
    from access import grants

    grants.give(state, "zhang", "township_leader", [WEST], by="a", name="张试")
    units.put(state, "西川镇", "zhang", by="guan")
    units.put(state, "西川镇", "zhang", by="guan")
    with pytest.raises(Unusable):
        units.put(state, "西川镇", "nobody", by="guan")
    with state.reading() as session:
        assert [(u, p.name) for u, p in units.members(session)] == [("西川镇", "张试")]
    units.put(state, "西川镇", "zhang", by="guan", works=False)
    with state.reading() as session:
        assert units.members(session) == []
    assert [kind for kind, _, _ in entries(state)] == ["grant", "unit", "unit"]


def test_evidence_of_text_is_within_bounds() -> None:
    assert evidence.of_text(" a\r\nb\x00 ") == Evidence("a\nb")
    with pytest.raises(Unusable):
        evidence.of_text("")


def test_the_machine_and_the_rows_say_the_same_state(state: State) -> None:
    for number in (mended(state), closed(state, "H06")):
        with state.reading() as session:
            found = asking.one(session, inspector(), number)
            assert found is not None
            assert machine.state_of(writing.course_of(found)) == found.state


def test_many_are_opened_at_once_each_with_its_entry_and_none_twice(state: State) -> None:
    writing.open_finding(state, inspector(), problem("H05"))
    done = many.open_many(state, inspector(), [problem(h) for h in ("H01", "H05", "H06", "H01")])
    assert (done.opened, done.standing) == (2, 2)
    assert entries(state) == [("finding", "du.cha", "open")] * 3
    again = many.open_many(state, inspector(), [problem(h) for h in ("H01", "H06")])
    assert (again.opened, again.standing) == (0, 2)


def test_of_many_none_is_opened_where_one_may_not_be(state: State) -> None:
    with pytest.raises(NotTaken):
        many.open_many(state, inspector(WEST), [problem("H05"), problem("H01")])
    with pytest.raises(Unusable):
        many.open_many(state, inspector(), [problem("H05"), problem("H06", title="")])
    with pytest.raises(Unusable, match="problems: many"):
        many.open_many(state, inspector(), [problem()] * (texts.AT_ONCE + 1))
    assert entries(state) == []
