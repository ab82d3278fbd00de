"""幸福院: what the homes owe, who lives there and who should, and what each household has."""

from views.context.stage import stage
from views.parts import chart_blocks
from views.sections.homes import buildings, lists, package, screen

s = stage("homes")
here = screen.look(s)
screen.headline(s, here)
if s.view.part == screen.EVERY_HOME:
    buildings.every(s)
elif s.view.part == screen.BY_PLACE:
    package.items(s, here.answers)
    package.places(s)
elif s.view.part:
    lists.listed(s)
else:
    chart_blocks.columns(
        [1, 1], [lambda: screen.standards(s, here), lambda: screen.package(s, here)]
    )
    buildings.worst(s)
    screen.sources(s)
