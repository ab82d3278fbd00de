"""Samples that are kept: all of a place, and one with how it was drawn."""

from __future__ import annotations

from urllib.parse import parse_qsl

from sampling import drawing, keeping
from sampling.designs import digest
from sampling.keeping import Kept
from sampling.questions import sample_code
from state.database import StateError, kept_open
from state.sample_tables import Sample
from views.browser import components
from views.browser.markup import Markup, h
from views.browser.notices import notice
from views.context import address, witness
from views.context.refusal import Refusal
from views.context.stage import Stage
from views.parts import pieces, sample_words, unrecorded
from views.sections.samples.drawing import design, groups

_PARTS = ("list", "results", "draw")


def every(stage: Stage) -> None:
    """The samples of the place, the newest first, each a click that opens it."""
    try:
        with kept_open(stage.county.home.path).reading() as session:
            found = keeping.listed(session, stage.viewer, stage.view.region)
    except StateError:
        return notice([stage.t("state_unread")], alert=True, key="samples_unread")
    title = pieces.heading(stage.t("samples_kept", count=f"{len(found):,}"), stage.t("samples_sub"))
    if not found:
        hint = h("p", stage.t("samples_none"), cls="sub")
        return components.paper(h("section", title, hint), key="kept")
    head = [stage.t(key) for key in ("sample", "sample_words", "sample_design", "sample_progress",
                                     "sample_seed", "sample_drawn_at")]  # fmt: skip
    rows = [_row(stage, *one) for one in found]
    table = pieces.table(head, rows, cls="data tight")
    return components.paper(h("section", title, h("div", table, cls="wide")), key="kept")


def _row(stage: Stage, sample: Sample, households: int, answered: int) -> tuple[pieces.Td, ...]:
    done = stage.t("sample_done", done=f"{answered:,}", of=f"{households:,}")
    way = pieces.link(href(stage, sample), sample_code(sample.number))
    return (
        pieces.Td(way, "firm"),
        pieces.Td(sample.words, "said"),
        pieces.Td(sample_words.design(stage, keeping.design_of(sample)), "said"),
        pieces.Td(done, "firm"),
        pieces.Td(str(sample.seed), "firm num"),
        pieces.Td(when(sample), "firm"),
    )


def href(stage: Stage, sample: Sample, part: str = "list") -> str:
    """The address of a sample: its filter, snapshot, design and seed stand in it."""
    found = dict(parse_qsl(sample.query))
    found.pop("lang", None)
    if sample.snapshot not in stage.bounds.snapshots:
        found.pop("snapshot", None)
    found |= {"sample": str(sample.number), "part": part}
    return address.href("samples", found if stage.lang == "zh" else found | {"lang": stage.lang})


def when(sample: Sample) -> str:
    return f"{sample.drawn_at.astimezone():%Y-%m-%d %H:%M}"


def one(stage: Stage, number: int) -> Kept | None:
    """A sample that the viewer may see; of any other, that there is nothing."""
    try:
        with kept_open(stage.county.home.path).reading() as session:
            found = keeping.one(session, stage.viewer, number)
    except StateError:
        notice([stage.t("state_unread")], alert=True, key="sample_unread")
        return None
    if found is None:
        witness.refused(stage, Refusal("sample", str(number)))
        notice([stage.t("refused_hint")], key="sample_refused")
        return None
    if not witness.listed(stage, len(found.households)):
        unrecorded.say(stage)
        return None
    return found


def head(stage: Stage, found: Kept) -> None:
    """What it is, and the ways to its parts."""
    sample = found.sample
    back = pieces.crumbs(
        pieces.link(stage.href("samples", sample=None, seed=None, part=None),
                    stage.t("page_samples")),
        h("span", sample_code(sample.number), cls="muted"),
    )  # fmt: skip
    said = stage.t(
        "sample_finding",
        words=sample.words,
        population=f"{sample.population:,}",
        size=f"{len(found.households):,}",
        design=sample_words.design(stage, found.design),
        done=f"{found.visited:,}",
    )
    shown = stage.view.part if stage.view.part in _PARTS else _PARTS[0]
    ways = [
        pieces.facet_way(
            stage.t(f"sample_part_{part}"), stage.href("samples", part=part), part == shown
        )
        for part in _PARTS
    ]
    html = h("section", back, h("h1", said), h("div", *ways, cls="facets"))
    components.paper(html, key="headline")
    if sample.snapshot != stage.view.snapshot:
        _other_snapshot(stage, sample)


def _other_snapshot(stage: Stage, sample: Sample) -> None:
    """That other data are shown than it was drawn from, and the way back to those."""
    if sample.snapshot in stage.bounds.snapshots:
        way = pieces.link(href(stage, sample), stage.t("sample_own_data"))
        box = h("p", stage.t("sample_other_data", date=sample.data_date), " ", way)
        components.paper(h("div", box, cls="banner notice"), key="other_data")
    else:
        notice([stage.t("sample_data_gone", date=sample.data_date)], key="data_gone")


def how(stage: Stage, found: Kept) -> None:
    """How it was drawn, so that anybody can draw it again."""
    sample = found.sample
    facts = [
        (stage.t("sample_words"), sample.words),
        (stage.t("sample_design"), sample_words.design(stage, found.design)),
        (stage.t("data_date"), str(sample.data_date)),
        (stage.t("snapshot"), str(sample.snapshot)),
        (stage.t("sample_drawn_by"), sample.drawn_by),
        (stage.t("sample_drawn_at"), when(sample)),
        (stage.t("sample_seed"), str(sample.seed)),
    ]
    steps = [
        stage.t("seed_from", entry=f"{sample.seed_entry:,}"),
        stage.t("seed_manifest", hash=sample.manifest),
        stage.t("seed_entry", hash=sample.seed_hash),
        stage.t("seed_order"),
        _example(stage, found),
    ]
    title = pieces.heading(stage.t("sample_how"), again(stage, found))
    lines = h("ul", *(h("li", step) for step in steps), cls="sub breaks")
    components.paper(
        h("section", title, pieces.facts(facts), lines, _strata(stage, found)), key="how"
    )


def _example(stage: Stage, found: Kept) -> str:
    one, seed = found.households[0], found.sample.seed
    hashed = digest(seed, one.household_id)
    return stage.t("seed_example", text=f"{seed}|{one.household_id}", hash=hashed)


def again(stage: Stage, found: Kept) -> str:
    """Whether drawing again by the kept seed gives the same households; empty where that cannot be
    told from this address."""
    sample = found.sample
    ours = (sample.snapshot, sample.region_code, sample.seed, found.design)
    view = stage.view
    asked = (view.snapshot, view.region, view.seed, design(stage))
    if ours != asked or not stage.scope.contains(sample.region_code):
        return ""
    drawn = drawing.draw(stage.reader, stage.households(), found.design, sample.seed, groups(stage))
    return stage.t("sample_same" if found.same(drawn) else "sample_differs")


def _strata(stage: Stage, found: Kept) -> Markup:
    kind = found.sample.kind
    head = [stage.t(key) for key in ("stratum", "stratum_population", "stratum_drawn")]
    rows = [
        (
            sample_words.stratum(stage, kind, one.key),
            pieces.number(stage, one.population, "households"),
            pieces.number(stage, one.drawn, "households"),
        )
        for one in found.strata.values()
    ]
    return pieces.table(head, rows, numeric=(1, 2), cls="data tight")
