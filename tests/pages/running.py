"""Pages of the dashboard run in this process, as a link opens them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest, local_script_runner
from streamlit.testing.v1.local_script_runner import LocalScriptRunner
from streamlit.util import calc_hash

from views.context.sitemap import BY_KEY

# What goes to the program's own scripts and is not shown as it is.
TOLD_TO_SCRIPTS = ("taizhang_surroundings", "taizhang_lookup", "taizhang_ready_ahead")
ROOT = Path(__file__).parents[2]
_DECLARE = PagesManager.__init__
# Every AppTest would look through all installed packages for components: two thirds of what a run
# of the overview costs, and what is installed stays.
_INSTALLED = cache(manifest_scanner.scan_component_manifests)
_WAIT = local_script_runner.require_widgets_deltas


def _declared(self: PagesManager, *args: object, **kwargs: object) -> None:
    _DECLARE(self, *args, **kwargs)  # type: ignore[arg-type]
    PagesManager.uses_pages_directory = False  # as server.py has it


def _joined(runner: LocalScriptRunner, timeout: float = 3) -> None:
    """Wait for the end of a run: the original asks every millisecond, and holds it up each time."""
    thread = runner._script_thread
    if thread is not None:
        thread.join(timeout)
    # It has ended, or the original says that it has not.
    _WAIT(runner, 1 if runner.script_stopped() else 0)


def opened(
    page: str = "overview", /, session: Mapping[str, Any] | None = None, **query: str
) -> AppTest:
    """A page by its key with query parameters, over the home of ``TAIZHANG_HOME``.

    ``session`` is what the session holds already.
    """
    PagesManager.__init__ = _declared  # type: ignore[method-assign]
    manifest_scanner.scan_component_manifests = _INSTALLED
    local_script_runner.require_widgets_deltas = _joined
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=300)
    # A link is the session's first run, on its page at once: ``switch_page`` would need one before.
    app._page_hash = calc_hash(BY_KEY[page].path)
    for key, value in (session or {}).items():
        app.session_state[key] = value
    for key, value in query.items():
        app.query_params[key] = value
    return app.run()


def told(app: AppTest) -> list[str]:
    """What our components were told in a run, one text each in order: markup, figures, addresses.

    A scene is told by its blocks, as the browser has them after the run.
    """
    found: list[str] = []
    for element in app.get("bidi_component"):
        proto = element.proto
        if proto.component_name == "taizhang_scene":
            sent = app.session_state["scenes_sent"].shown
            found += [b.data for b in sent.every() if b.kind != "box" and b not in sent.frame]
        elif proto.component_name not in TOLD_TO_SCRIPTS:
            found.append(proto.bytes.decode())
    return found
