"""部门比对: people of whom other departments' lists and the register say different things."""

from views.context.stage import stage
from views.parts import chart_blocks
from views.sections.compare_lists import listing, places, screen

s = stage("compare_lists")
here = screen.look(s)
screen.headline(s, here)
if s.view.part == screen.PLACES:
    places.every(s)
elif s.view.part:
    listing.listed(s, here.outcomes)
else:
    chart_blocks.columns([1, 1], [lambda: screen.odd(s, here), lambda: screen.lists(s, here)])
    screen.outcomes(s, here)
    screen.sources(s)
