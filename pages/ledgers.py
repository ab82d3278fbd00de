"""台账: what is filtered, a row a household, entry, person or project: what is counted."""

from metrics.subjects import HOUSEHOLD, PROJECT
from views.context.stage import stage
from views.scenes import showing
from views.sections.ledgers import conditions, households, listing, projects, subjects
from views.sections.problems import steps

s = stage("ledgers")
steps.told()
if s.subject != PROJECT:
    households.filter_row(s, conditions.choice(s))
if s.subject == PROJECT:
    projects.show(s)
elif not conditions.panel(s):  # what they ask for cannot be read, and the panel says so
    pass
elif s.subject == HOUSEHOLD:
    page = listing.Page()
    showing.draw(s, page.blocks, page.below)
else:
    subjects.show(s)
