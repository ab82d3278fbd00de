"""多维贫困: headcount H, intensity A, M0 = H x A and what each dimension contributes."""

from views.context.stage import stage
from views.parts import chart_blocks, what_if
from views.sections.deprivation import screen, tables

s = stage("deprivation")
here = screen.look(s)
screen.headline(s, here)
if s.view.part == screen.PLACES:
    tables.places(s, here)
elif s.view.part == screen.YEARS:
    tables.years(s)
elif s.view.part == screen.TRY:
    tables.tried(s, here)
    what_if.section(s, what_if.DEPRIVATION)
else:
    chart_blocks.columns(
        [1, 1], [lambda: screen.dimensions(s, here), lambda: screen.of_places(s, here)]
    )
    tables.worst(s)
    screen.sources(s)
