"""The pages: those of each workplace, and how they are found. One entry a page, where it stands."""

from __future__ import annotations

from access.viewer import Viewer
from views.context import pages_check, pages_look, pages_manage
from views.context.page_spec import PageSpec

PAGES: tuple[PageSpec, ...] = (*pages_look.PAGES, *pages_check.PAGES, *pages_manage.PAGES)

BY_KEY: dict[str, PageSpec] = {page.key: page for page in PAGES}
BY_PATH: dict[str, PageSpec] = {page.path: page for page in PAGES}


def menu(viewer: Viewer) -> list[PageSpec]:
    """The menu's pages that a viewer may use."""
    return [page for page in PAGES if not page.hidden and page.opens_to(viewer)]
