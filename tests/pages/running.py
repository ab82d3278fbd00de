"""Pages of the dashboard run in this process, as a link opens them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from views.context.sitemap import BY_KEY

ROOT = Path(__file__).parents[2]
_DECLARE = PagesManager.__init__


def _declared(self: PagesManager, *args: object, **kwargs: object) -> None:
    _DECLARE(self, *args, **kwargs)  # type: ignore[arg-type]
    PagesManager.uses_pages_directory = False  # as server.py has it


def opened(
    page: str = "overview", /, session: Mapping[str, Any] | None = None, **query: str
) -> AppTest:
    """A page by its key with query parameters, over the home of ``TAIZHANG_HOME``.

    ``session`` is what the session holds already.
    """
    PagesManager.__init__ = _declared  # type: ignore[method-assign]
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=300)
    # A link is the session's first run, on its page at once: ``switch_page`` would need one before.
    app._page_hash = calc_hash(BY_KEY[page].path)
    for key, value in (session or {}).items():
        app.session_state[key] = value
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()
