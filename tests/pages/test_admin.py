"""权限: grants given and taken back, what to look at of them, the audit searched and checked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from access import grants
from access.roles import ROLES
from access.viewer import Viewer
from findings import units
from glossary import term
from state import audit, words
from state.database import opened
from store.snapshots import Home
from tests import viewers
from tests.pages import taking
from tests.pages.conftest import Open, notices, opener, shown
from tests.small_county import COUNTY, EAST, WEST


@pytest.fixture
def open_admin(home: Home, monkeypatch: pytest.MonkeyPatch) -> Open:
    viewers.look(monkeypatch, viewers.role("administrator", subject="guan.li"))
    opens = opener(home, monkeypatch)
    return lambda **query: opens("admin", **query)


def test_a_grant_is_given_and_taken_back_on_the_page(open_admin: Open, home: Home) -> None:
    app = open_admin()
    assert app.button(key="give_yes").disabled
    app.text_input(key="give_subject_0").set_value("wang.wu")
    app.text_input(key="give_name_0").set_value("王五")
    app.selectbox(key="give_role_0").select("inspector")
    app.multiselect(key="give_places_0").set_value([WEST]).run()
    app.button(key="give_yes").click().run()
    with opened(home.path) as state, state.reading() as session:
        (grant,) = grants.listed(session)
    assert (grant.subject, grant.role, grant.codes, grant.given_by) == (
        "wang.wu", "inspector", (WEST,), "guan.li",
    )  # fmt: skip
    text = shown(app)
    assert "王五 wang.wu" in text and term("doubt_no_end", "zh") in text
    app.selectbox(key="revoke_number").select(grant.number)
    app.text_input(key="revoke_why").set_value("调走").run()
    app.button(key="revoke_yes").click().run()
    with opened(home.path) as state, state.reading() as session:
        assert grants.listed(session)[0].revoked_by == "guan.li"
        kinds = [(e.kind, e.actor) for e in audit.entries(session, home.path)]
    assert ("grant", "guan.li") in kinds and ("revocation", "guan.li") in kinds
    assert term("grant_revoked", "zh") in shown(app)


def test_people_are_put_into_units_and_taken_out(open_admin: Open, home: Home) -> None:
    with opened(home.path) as state:
        grants.give(state, "wang.wu", "township_leader", [WEST], by="a", name="王五")
    app = open_admin()
    for key, left in (("units_in", [("县水利局", "王五")]), ("units_out", [])):
        app.text_input(key="units_unit").set_value("县水利局")
        app.selectbox(key="units_subject").select("wang.wu").run()
        app.button(key=key).click().run()
        assert term("units_done", "zh") in notices(app)
        with opened(home.path) as state, state.reading() as session:
            assert [(unit, person.name) for unit, person in units.members(session)] == left
    with opened(home.path) as state, state.reading() as session:
        kinds = [e.kind for e in audit.entries(session, home.path) if e.actor == "guan.li"]
    assert kinds.count("unit") == 2


def test_who_lost_the_right_meanwhile_gives_nobody_anything(
    open_admin: Open, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_admin()
    app.text_input(key="give_subject_0").set_value("wang.wu")
    app.selectbox(key="give_role_0").select("inspector")
    app.multiselect(key="give_places_0").set_value([WEST]).run()
    answers = iter([viewers.role("administrator", subject="guan.li")])
    last: Viewer = viewers.viewer(subject="guan.li")
    monkeypatch.setattr("views.context.visitor.viewer", lambda *_: next(answers, last))
    app.button(key="give_yes").click().run()
    with opened(home.path) as state, state.reading() as session:
        assert not grants.listed(session)


def test_what_should_be_looked_at_is_listed(open_admin: Open, home: Home) -> None:
    with opened(home.path) as state:
        grants.give(state, "li", "inspector", ["619925999"], by="a", ends=date(2099, 1, 1))
    (home.path / "county").mkdir()
    (home.path / "county" / "groups.yaml").write_text(
        "groups:\n  a: {role: king, regions: 1}\n  b: {role: inspector, regions: 619925888}\n"
    )
    text = shown(open_admin())
    for code in ("619925999", "619925888"):
        assert term("doubt_no_such_region", "zh", what=code) in text
    assert "king" in text


def test_the_audit_is_searched_checked_and_exported(open_admin: Open, home: Home) -> None:
    with opened(home.path) as state, state.writing() as session:
        for number in range(60):
            about = {"household": f"H{number:02d}", "reason": "入户核实"}
            audit.append(session, "plain_text", f"user{number % 2}", about)
    app = open_admin(part="audit")
    text = shown(app)
    assert "第1页,共2页" in text and "H59" in text and "H01" not in text
    app.text_input(key="audit_who").set_value("user1").run()
    app.text_input(key="audit_text").set_value("h07").run()
    text = shown(app)
    assert "H07" in text and "H59" not in text
    texts = taking.texts(taking.read(taking.click(app)))
    assert any("H07" in each for each in texts) and not any("H59" in each for each in texts)
    app.button(key="audit_check").click().run()
    assert any("全部对得上" in said for said in notices(app))


def test_a_broken_chain_is_named(open_admin: Open, home: Home) -> None:
    from sqlalchemy import update

    from state.tables import AuditEntry

    with opened(home.path) as state, state.writing() as session:
        for number in range(3):
            audit.append(session, "login", "li", {"n": number})
        session.execute(update(AuditEntry).where(AuditEntry.number == 2).values(actor="x"))
    app = open_admin(part="audit")
    app.button(key="audit_check").click().run()
    assert term("audit_altered", "zh", number=2) in notices(app)


def test_every_kind_outcome_and_role_has_its_words() -> None:
    for kind in audit.KINDS:
        assert term(f"kind_{kind}", "zh") == words.KINDS[kind] and term(f"kind_{kind}", "en")
    for outcome in audit.OUTCOMES:
        assert term(f"outcome_{outcome}", "zh") == words.OUTCOMES[outcome]
    for role in ROLES:
        assert term(f"role_{role}", "zh") and term(f"role_{role}", "en")


@pytest.mark.parametrize("place", [COUNTY, EAST])
def test_nobody_but_a_countys_administrator_opens_it(
    home: Home, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    opens: Callable = opener(home, monkeypatch)
    for role in ROLES:
        viewers.look(monkeypatch, viewers.role(role, place))
        refused = notices(opens("admin")) == [term("refused_hint", "zh")]
        assert refused == (role != "administrator" or place != COUNTY), role
