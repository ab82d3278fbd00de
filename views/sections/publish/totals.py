"""How many a list has by place, as the public may read it: small counts are hidden."""

from __future__ import annotations

from metrics import disclosure
from metrics.disclosure import OF_PEOPLE, Summed
from metrics.small_counts import LEAST
from papers import fonts
from papers.notices import notice_pdf
from views.browser import components
from views.browser.markup import h
from views.context.stage import Stage
from views.parts import download, pieces
from views.parts.download import Outgoing
from views.parts.workbook import file_name


def _of(stage: Stage, key: str) -> Summed | None:
    """The list by the places inside the one shown; None in a village, whose list is its own."""
    places = stage.county.children(stage.view.region, stage.scope)
    if not places:
        return None
    return disclosure.summary(
        stage.reader, key, stage.view.region, stage.view.year, len(places[0].code)
    )


def draw(stage: Stage, key: str) -> None:
    """The totals by place, and a sheet of them alone, without names, for the level above."""
    found = _of(stage, key)
    if found is None or not found.by_place:
        return
    head = (stage.t("place"), stage.t("disclosed_rows"))
    rows = [(_place(stage, code), _shown(stage, n)) for code, n in found.by_place.items()]
    rows.append((h("b", stage.t("publish_total")), _shown(stage, found.in_all)))
    table = pieces.table(head, rows, numeric=(1,), cls="data tight")
    title = stage.t("publish_totals")
    html = h("section", pieces.folded(title, _hint(stage, key), table))
    components.paper(html, key="totals")
    if fonts.drawing() is None:
        return
    name = file_name(stage, title, stage.t(f"disclosed_{key}")).removesuffix(".xlsx")
    download.button(
        stage, stage.t("publish_totals_pdf"), lambda out: _pdf(out, key), f"{name}.pdf",
        len(found.by_place), key="totals_pdf", media_type="application/pdf",
    )  # fmt: skip


def _place(stage: Stage, code: str) -> str:
    """A place inside; the one shown for what is its own, as money that no township has."""
    return stage.name(code) if code in stage.county.places else stage.place.name


def _hint(stage: Stage, key: str) -> str:
    return stage.t("publish_hidden", least=LEAST) if key in OF_PEOPLE else ""


def _shown(stage: Stage, count: int | None) -> str:
    return stage.t("publish_few") if count is None else f"{count:,}"


def _pdf(out: Outgoing, key: str) -> bytes:
    """The totals for who takes them out, as they may see them then."""
    stage = out.stage
    found = _of(stage, key)
    assert found is not None  # the button stands in places that have others inside
    rows = [[_place(stage, code), _shown(stage, n)] for code, n in found.by_place.items()]
    rows.append([stage.t("publish_total"), _shown(stage, found.in_all)])
    told = {
        "lang": stage.lang,
        "title": stage.t(
            "publish_title",
            place=stage.official(stage.view.region),
            year=stage.view.year,
            list=stage.t(f"disclosed_{key}"),
        ),
        "mark": out.mark,
        "tag": stage.simulated,
        "preface": [stage.t("publish_totals_preface", date=stage.county.data_date),
                    *filter(None, [_hint(stage, key)])],
        "heads": ["", stage.t("place"), stage.t("disclosed_rows")],
        "rows": [[str(number), *row] for number, row in enumerate(rows, 1)],
        "blocks": [],
        "signs": [stage.t("publish_object"), stage.t("publish_sign")],
    }  # fmt: skip
    return notice_pdf(told)
