"""台账: what is filtered, a row a household, entry, person or project: what is counted."""

from metrics import lists
from metrics.paging import page_count
from metrics.subjects import HOUSEHOLD, PROJECT
from views.context import witness
from views.context.stage import stage
from views.parts import unrecorded
from views.sections.ledgers import households as ledgers
from views.sections.ledgers import projects, subjects

s = stage("ledgers")
if s.subject != PROJECT:
    ledgers.filter_row(s)
if s.subject == HOUSEHOLD:
    wanted = s.households()
    households, people = lists.counted(s.reader, wanted)
    ledgers.sentence(s, ledgers.of_households(s, households, people))
    if s.view.against is None:  # what differs is told of this very filter
        ledgers.facet_links(s)
    if households and not witness.listed(s, households):
        unrecorded.say(s)
    elif households:
        pages = page_count(households)
        page = min(s.view.page, pages)
        rows = lists.page_of_households(s.reader, wanted, s.county.rules, s.view.sort, page)
        ledgers.households(s, rows)
        ledgers.turn_pages(s, page, pages)
        ledgers.export(s, wanted, households)
    else:
        ledgers.nothing(s)
elif s.subject == PROJECT:
    projects.show(s)
else:
    subjects.show(s)
