"""Where the address of a short link leads whoever opens it."""

from __future__ import annotations

from access.identity import Guest
from state import links
from state.database import StateError, kept_open
from store.snapshots import NoSnapshot, SnapshotDamaged
from views.context import address, mending, possible, sharing, sitemap, visitor
from views.context.counties import county, home
from views.context.refusal import refusal_of
from views.context.stage import staged


def lead(guest: Guest, text: str) -> str:
    """The address of the view of a link, for who asks; ``text`` is the code as it came.

    Of a link that there is not, that was withdrawn, or of a view that they may not see, it is one
    that holds nothing but that text, and shows the one page for all of these.
    """
    found = (links.code_of(one) for one in mending.readings(text))
    code = next((one for one in found if one), "")
    view = _view(guest, code) if code else None
    first = sitemap.BY_KEY["overview"].path
    return view or address.href(first, {"link": code or text[: links.LENGTH]})


def _view(guest: Guest, code: str) -> str | None:
    place = home()
    try:
        link = links.find(kept_open(place.path), code)
        written = None if link is None else sharing.written(link)
        if link is None or written is None:
            return None
        spec, query = written
        # Of a snapshot that was removed the page says so, to whoever might see it in today's.
        opened = county(link.snapshot if link.snapshot in place.numbers() else None)
        viewer = visitor.viewer_of(guest, opened.code, opened.simulated, opened.zones)
    except (StateError, NoSnapshot, SnapshotDamaged):
        return None
    bounds = possible.bounds(opened, viewer, spec)
    query = {**sharing.seen_of(query, bounds.root), "link": code}
    refused = refusal_of(staged(spec, query, opened, viewer, bounds))
    return None if refused else address.href(spec.path, query)
