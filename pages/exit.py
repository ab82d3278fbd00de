"""退出验收: standards for households, villages, the county; what mending one would do."""

from views.context.stage import stage
from views.parts import chart_blocks, what_if
from views.sections.exit import households as exits
from views.sections.exit import villages_and_county

s = stage("exit")
if s.tab.key != "what":
    exits.choices(s)
chart_blocks.opens_with(s)
match s.tab.key:
    case "places":
        exits.by_place(s)
    case "inspections":
        exits.inspections(s)
    case "villages":
        villages_and_county.villages(s)
    case "county":
        villages_and_county.county(s)
    case "what":
        what_if.section(s, what_if.EXIT)
    case _:
        exits.households(s)
