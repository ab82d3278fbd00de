"""四大战区 三级网格: what each zone has open of the five supervised matters, like with like."""

from views.context.stage import stage
from views.sections.zones import lists, matters, promised, screen

s = stage("zones")
here = screen.look(s)
screen.headline(s, here)
if s.tab.key == "matters":
    matters.draw(s, here)
elif s.tab.key == "grids":
    lists.grids(s)
elif s.tab.key == "members":
    lists.members(s)
else:
    screen.ranking(s, here)
    promised.draw(s, here)
    screen.sources(s)
