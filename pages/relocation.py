"""易地搬迁: who is settled, what blocks the others, the sites and whence their people came."""

from views.context.stage import stage
from views.parts import chart_blocks
from views.sections.relocation import households, origins, screen, sites

s = stage("relocation")
here = screen.look(s)
screen.headline(s, here)
if s.view.part == screen.SITES:
    sites.every(s)
elif s.view.part == screen.ORIGINS:
    origins.draw(s)
elif s.view.part:
    households.listed(s)
else:
    chart_blocks.columns(
        [1, 1], [lambda: screen.standards(s, here), lambda: screen.of_sites(s, here)]
    )
    sites.worst(s)
    screen.sources(s)
