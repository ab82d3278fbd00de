"""退出验收: standards for households, villages, the county; what mending one would do."""

from views import blocks, exit_places, whatif
from views import exit as exits
from views.stage import stage

s = stage("exit")
exits.choices(s)
blocks.opens_with(s)
exits.households(s)
exits.by_place(s)
exits.inspections(s)
exit_places.villages(s)
exit_places.county(s)
whatif.section(s, whatif.EXIT)
