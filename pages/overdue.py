"""督办: all that is overdue or not mended, of five systems at once, by days, unit and township."""

from views.context.stage import stage
from views.sections.overdue import listed, standing

s = stage("overdue")
found = standing.asked(s)
standing.headline(s, found)
if s.view.part:
    listed.show(s, found)
else:
    standing.places_and_units(s, found)
