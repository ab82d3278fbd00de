"""台历: what was due month by month, what came, who waits, and what nobody wrote down."""

from views.context.stage import stage
from views.parts import chart_blocks
from views.sections.calendars import homes, lists, screen, strip, tables

s = stage("calendar")
here = screen.look(s)
screen.headline(s, here)
if s.view.part == screen.BY_KIND:
    tables.kinds(s)
elif s.view.part == screen.HOMES:
    homes.every(s)
elif s.view.part == screen.UNTOLD:
    tables.untold(s)
elif s.view.part:
    lists.listed(s)
else:
    chart_blocks.columns([5, 2], [lambda: strip.draw(s), lambda: tables.places(s)])
    screen.sheets(s)
    screen.sources(s)
