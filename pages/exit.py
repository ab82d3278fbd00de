"""退出验收: standards for households, villages, the county; what mending one would do."""

from views.context.stage import stage
from views.parts import chart_blocks, what_if
from views.sections.exit import households as exits
from views.sections.exit import villages_and_county

s = stage("exit")
exits.choices(s)
chart_blocks.opens_with(s)
exits.households(s)
exits.by_place(s)
exits.inspections(s)
villages_and_county.villages(s)
villages_and_county.county(s)
what_if.section(s, what_if.EXIT)
