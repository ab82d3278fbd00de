"""帮扶走访、驻村: to whom nobody came, who helps too many, and who was not in the village."""

from views.context.stage import stage
from views.parts import chart_blocks
from views.sections.visits import lists, places, screen

s = stage("visits")
here = screen.look(s)
screen.headline(s, here)
if s.view.part == screen.PLACES:
    places.every(s)
elif s.view.part:
    lists.listed(s)
else:
    chart_blocks.columns([1, 1], [lambda: screen.standards(s, here), lambda: screen.stays(s, here)])
    chart_blocks.columns([1, 1], [lambda: screen.heaviest(s), lambda: screen.watched(s, here)])
    screen.sources(s)
