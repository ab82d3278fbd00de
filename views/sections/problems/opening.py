"""立为问题: a problem is written down, filled in already where it comes from what is on screen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

import glossary
from findings import texts, writing
from findings.texts import OTHER, SOURCES
from findings.writing import AlreadyOpen, Problem
from glossary import codes, label
from metrics.files import HouseholdFile, household_file, numbered, village_of
from metrics.fund_boards import line
from metrics.judgements import judgements
from metrics.notices import one as notice_owed
from metrics.project_file import project_file
from metrics.quality import Findings
from rules.phrases import Phrases
from state.database import kept_open
from store.settings import read_only
from views.browser import components
from views.browser.markup import h
from views.browser.notices import notice, remark
from views.context import witness
from views.context.refusal import Refusal
from views.context.stage import Stage
from views.context.view import Draft
from views.parts import finding_words, fund_line, pieces, problem_words
from views.sections.problems import steps

_OF_NOTICE = "check.notice_"
# What a problem of a kind was found by, unless somebody says otherwise.
SOURCE_OF = {"check": "check", "rule": "screening", "ledger": "screening", "sieve": "screening"}


def draft(stage: Stage, asked: Draft) -> None:
    """The form of a problem of a household, of one of its people, of a project, of a line of a
    fund, of a notice, or of anything else that a check looks at."""
    if asked.project:
        return _of_project(stage, asked)
    if asked.subject:
        return _of_subject(stage, asked)
    if fund_line.is_about_line(asked.kind):
        return _of_line(stage, asked)
    if asked.kind.startswith(_OF_NOTICE):
        return _of_notice(stage, asked)
    village = village_of(stage.reader, asked.household)
    if village is None:
        witness.refused(stage, Refusal("household", asked.household))
        return notice([stage.t("refused_hint")], key="draft_refused")
    file = household_file(stage.reader, asked.household)
    assert file is not None  # its village is seen
    person = next((each for number, each in numbered(file) if number == asked.member), None)
    if not problem_words.is_known(stage, asked.kind) or (asked.member and person is None):
        return notice([stage.t("draft_unknown")], key="draft_unknown")
    name = problem_words.kind(stage, asked.kind)
    about = person["name"] if person else asked.household
    _heading(stage, stage.href("household", id=asked.household), about, village, name)
    kind, about = ("member", person["member_id"]) if person else ("household", asked.household)
    title_text = "" if asked.kind == OTHER else _found(stage, file, asked, person) or name
    _form(
        stage,
        Problem(
            SOURCE_OF.get(asked.kind.partition(".")[0], "inspection"), asked.kind, kind,
            about, village, title_text, asked.household,
        ),
        str(asked),
    )  # fmt: skip
    return None


def _of_line(stage: Stage, asked: Draft) -> None:
    """The form of what a check found of a line; ``asked.household`` is its number."""
    found = line(stage.reader, asked.household)
    if found is None:
        witness.refused(stage, Refusal("line", asked.household))
        return notice([stage.t("refused_hint")], key="draft_refused")
    told = fund_line.told(found, asked.kind)
    if told is None:
        return notice([stage.t("draft_unknown")], key="draft_unknown")
    kind = problem_words.kind(stage, asked.kind)
    back = stage.href("funds", id=asked.household)
    _heading(stage, back, asked.household, found.facts["region_code"], kind)
    said = finding_words.sentence(stage, told)
    return _form(stage, fund_line.problem(found, asked.kind, said), str(asked))


def _of_notice(stage: Stage, asked: Draft) -> None:
    """The form of a problem of a notice that failed; what its check says stands in it already."""
    found = notice_owed(stage.reader, asked.household)
    every = found["findings"] if found else []
    told = [f for f in every if f"check.{f['check_key']}" == asked.kind]
    if found is None or not told:
        return notice([stage.t("draft_unknown")], key="draft_unknown")
    village, name = found["village_code"], problem_words.kind(stage, asked.kind)
    about = label("notice_list", found["notice_list"], stage.lang)
    part = f"made_{found['notice_list']}"
    back = stage.href("publish", region=village, part=part, year=found["year"], draft=None)
    _heading(stage, back, f"{about} {found['year']}", village, name)
    said = finding_words.sentence(stage, told[0])
    text = stage.t("rule_line", left=f"{name} ({about} {found['year']})", right=said)
    _form(stage, Problem("check", asked.kind, "notice", asked.household, village, text), str(asked))
    return None


def _of_project(stage: Stage, asked: Draft) -> None:
    """The form of a problem of a project; what its check says stands in it already."""
    file = project_file(stage.reader, asked.project)
    if file is None:
        witness.refused(stage, Refusal("project", asked.project))
        return notice([stage.t("refused_hint")], key="draft_refused")
    if not problem_words.is_known(stage, asked.kind):
        return notice([stage.t("draft_unknown")], key="draft_unknown")
    village, name = file.project["village_code"], problem_words.kind(stage, asked.kind)
    back = stage.href("projects", project=asked.project)
    _heading(stage, back, file.project["name"], village, name)
    told = [f for f in file.findings if f"check.{f['check_key']}" == asked.kind]
    said = finding_words.sentence(stage, told[0]) if told else ""
    text = stage.t("rule_line", left=name, right=said) if said else name
    source = SOURCE_OF.get(asked.kind.partition(".")[0], "inspection")
    _form(
        stage,
        Problem(source, asked.kind, "project", asked.project, village, text),
        str(asked),
    )
    return None


def _of_subject(stage: Stage, asked: Draft) -> None:
    """The form of what a check finds of a subject without a file of its own, such as an asset."""
    group, _, check = asked.kind.partition(".")
    if group != "check" or check not in stage.county.checks:
        return notice([stage.t("draft_unknown")], key="draft_unknown")
    row = Findings(stage.reader, stage.county.checks, None).one(check, asked.subject)
    if row is None:
        witness.refused(stage, Refusal("subject", asked.subject))
        return notice([stage.t("refused_hint")], key="draft_refused")
    name, subject = problem_words.kind(stage, asked.kind), finding_words.subject(stage, row)
    _heading(stage, stage.href("quality", check=check), subject, row["village_code"], name)
    said = stage.t("rule_line", left=name, right=finding_words.sentence(stage, row))
    about = subject if subject == asked.subject else f"{subject} ({asked.subject})"
    problem = Problem(
        "check", asked.kind, texts.subject_kind(row["level"]), asked.subject, row["village_code"],
        stage.t("rule_line", left=about, right=said), row["household_id"],
    )  # fmt: skip
    return _form(stage, problem, str(asked))


def _heading(stage: Stage, back: str, about: str, region: str, kind: str) -> None:
    """What a problem will be about, where and of what kind, with the way back."""
    here = h("span", stage.t("open_problem"), cls="muted")
    crumbs = pieces.crumbs(pieces.link(back, about), here)
    facts = [
        (stage.t("problem_about"), about),
        (stage.t("place"), stage.name(region)),
        (stage.t("problem_kind"), kind),
    ]
    title = h("h1", stage.t("open_problem"))
    components.paper(h("section", crumbs, title, pieces.facts(facts)), key="draft")


def _found(
    stage: Stage, file: HouseholdFile, asked: Draft, person: Mapping[str, Any] | None
) -> str:
    """A rule with what it answers at the data date; empty for what is no rule's answer."""
    member = person["member_id"] if person else None
    for one in judgements(file, stage.newest, stage.county.parameters):
        if (f"rule.{one.rule.key}", one.member_id) == (asked.kind, member):
            verdict = Phrases(stage.lang, glossary).verdict(one.met)
            return stage.t("rule_line", left=stage.named(one.rule), right=verdict)
    return ""


def of_place(stage: Stage) -> None:
    """The form of a problem of the place shown: of a meeting, a petition, a screening."""
    if read_only():
        return remark(stage.t("problems_read_only"), key="read_only")
    region = stage.view.region
    if not stage.viewer.may("open_findings", region):
        return None
    kinds = [OTHER, *(f"{group}.{key}" for group in ("sieve", "gap") for key in codes()[group])]
    with st.expander(stage.t("open_problem_here", place=stage.place.name), key="open_here"):
        kind = st.selectbox(stage.t("problem_kind"), kinds, key="open_kind", width=320,
                            format_func=lambda key: problem_words.kind(stage, key))  # fmt: skip
        _form(stage, Problem("inspection", kind, "place", region, region, ""), f"here_{region}")
    return None


def _form(stage: Stage, problem: Problem, mark: str) -> None:
    if read_only():
        return remark(stage.t("problems_read_only"), key="read_only")
    if not stage.viewer.may("open_findings", problem.region_code):
        return remark(stage.t("not_taken_right"), key="no_right")
    title = st.text_area(stage.t("problem_title"), problem.title, key=f"title_{mark}",
                         max_chars=texts.TITLE, height=80)  # fmt: skip
    remark(stage.t("no_names"), key="no_names")
    with st.container(horizontal=True, vertical_alignment="bottom", key="open_row"):
        source = st.selectbox(
            stage.t("problem_source"), SOURCES, SOURCES.index(problem.source),
            key=f"source_{mark}", format_func=lambda key: stage.t(f"source_{key}"), width=170,
        )  # fmt: skip
        due = st.date_input(stage.t("due_on"), None, key=f"due_{mark}", width=170)
        responsible = st.text_input(stage.t("responsible"), key=f"responsible_{mark}", width=200,
                                    max_chars=texts.NAME)  # fmt: skip
        clicked = st.button(stage.t("do_open"), type="primary", key=f"do_open_{mark}")
    if clicked:
        asked = Problem(
            source, problem.kind, problem.subject_kind, problem.subject_id, problem.region_code,
            title, problem.household_id, responsible, due,
        )  # fmt: skip
        _open(stage, asked)
    return None


def _open(stage: Stage, problem: Problem) -> None:
    """Write it down for who clicks and go to it; to the one that there is, if it is followed."""
    try:
        viewer = steps.viewer_now(stage)
        number = writing.open_finding(kept_open(stage.county.home.path), viewer, problem)
    except AlreadyOpen as error:
        href = stage.href("problems", draft=None, finding=error.number)
        said = stage.t("already_open", code=error.code)
        link = pieces.link(href, stage.t("already_open_go", code=error.code))
        box = h("div", h("p", said, " ", link), cls="banner notice alert", role="alert")
        components.paper(box, key="twice")
        return
    except (ValueError, LookupError, OSError) as error:
        notice([steps.why(stage, error)], alert=True, key="open_refused")
        return
    steps.say(stage.t("problem_opened"))
    components.go(stage.href("problems", draft=None, finding=number))
