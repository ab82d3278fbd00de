"""产业就业: who works and where, posts filled and in order, what workshops and leaders bring."""

from views.context.stage import stage
from views.parts import chart_blocks
from views.sections.work import lists, months, places, screen

s = stage("work")
here = screen.look(s)
screen.headline(s, here)
if s.view.part == screen.PLACES:
    places.every(s)
elif s.view.part == screen.MONTHS:
    months.by_month(s)
elif s.view.part:
    lists.listed(s)
else:
    chart_blocks.columns([1, 1], [lambda: screen.where(s, here), lambda: screen.posts(s, here)])
    chart_blocks.columns([1, 1], [lambda: screen.near(s, here), lambda: screen.against(s, here)])
    screen.sources(s)
