"""过筛子: fourteen screenings by unit in charge and by place, and the list of what they found."""

from views.context.stage import stage
from views.sections import gaps, screenings

s = stage("sieves")
screenings.headline(s)
match s.tab.key:
    case "places":
        screenings.by_place(s)
    case "gaps":
        gaps.draw(s, screenings.clock(s))
    case "matrix":
        gaps.matrix(s)
    case "list":
        screenings.findings(s)
    case _:
        screenings.by_unit(s)
