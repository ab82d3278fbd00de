"""压力推演: how far each household stands from the line, and who one shock would take under it."""

from views.context.stage import stage
from views.sections import stress

s = stage("stress")
given = stress.tried(s)
stress.headline(s, given)
stress.controls(s, given)
match s.tab.key:
    case "places":
        stress.places(s, given)
    case "falls":
        stress.households(s, given)
    case _:
        stress.picture(s, given)
