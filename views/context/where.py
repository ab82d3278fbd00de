"""Which page this is and what it is about: one wording for the head, the title and shared links."""

from __future__ import annotations

from typing import Any

from views.context.address import is_file
from views.context.stage import Stage


def page(stage: Stage) -> str:
    """The page's name."""
    return stage.t(stage.spec.title)


def subject(stage: Stage) -> list[str]:
    """Place and year of what is shown, as far as the page goes by them."""
    keys, found = stage.spec.keys, []
    if stage.stop is not None:
        return []
    if "region" in keys and not is_file(keys):  # a household's own file says which it is
        found.append(place(stage, stage.view.region))
    if "year" in keys and stage.view.against is None:
        found.append(year(stage, stage.view.year))
    return found


def place(stage: Stage, code: str) -> str:
    """A place with the one that it lies in, the county alone by its own name.

    Of a place of which the viewer sees a part it says so.
    """
    here = stage.county.places[code]
    if stage.zone is not None:
        return stage.zone_and(here)
    over = stage.county.places.get(here.parent or "")
    name = here.name
    if over is not None and over.level != "county" and over.code in stage.bounds.places:
        name = f"{over.name}{' ' if stage.lang == 'en' else ''}{name}"
    return name if stage.scope.contains(code) else stage.t("part_of_place", name=name)


def year(stage: Stage, number: int) -> str:
    """A year in words."""
    return f"{number}{stage.t('of_year')}".strip()


def title(stage: Stage) -> str:
    """All of it in one line, for the browser's title and the text of a shared link."""
    return " · ".join([page(stage), *subject(stage), stage.t("app_title")])


def handed_on(stage: Stage) -> str:
    """What was chosen before and makes no difference on this page; empty where nothing was."""
    words = [_carried(stage, key, value) for key, value in stage.carried.items()]
    return stage.t("handed_on", chosen=" · ".join(words)) if words else ""


def _carried(stage: Stage, key: str, value: Any) -> str:
    if key == "zone":
        return stage.county.zones[value].name(stage.scope)
    return place(stage, value) if key == "region" else year(stage, value)
