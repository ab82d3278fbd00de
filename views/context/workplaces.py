"""The menu's workplaces of a viewer: their own first, what is saved last."""

from __future__ import annotations

from collections.abc import Sequence

from access.viewer import Viewer
from views.context.page_keys import CHECK, LOOK, MANAGE, SAVED, WORKPLACES
from views.context.page_spec import PageSpec
from views.context.sitemap import menu


def first_workplace(viewer: Viewer) -> str:
    """The workplace that a viewer's rights are for, which stands open in their menu.

    Who loads files or gives rights keeps things, who sees people whole checks; everybody else, and
    whoever merely reached the server, looks.
    """
    if not viewer.known:
        return LOOK
    if viewer.loads or viewer.where("manage_rights").codes:
        return MANAGE
    return CHECK if viewer.where("reveal").codes else LOOK


def workplaces(viewer: Viewer) -> dict[str, list[PageSpec]]:
    """The menu's pages that a viewer may use by workplace, theirs first, what is saved last; none
    without a page."""
    pages, first = menu(viewer), first_workplace(viewer)
    order = (first, *(one for one in WORKPLACES if one != first), SAVED)
    found = {one: [page for page in pages if page.section == one] for one in order}
    return {one: listed for one, listed in found.items() if listed}


def grouped(pages: Sequence[PageSpec]) -> list[tuple[str, list[PageSpec]]]:
    """A workplace's pages by the heading they stand under, those without one first (there may be
    none of them)."""
    found: dict[str, list[PageSpec]] = {"": []}
    for page in pages:
        found.setdefault(page.group, []).append(page)
    return list(found.items())
