"""台账: what is filtered, a row a household, entry, person or project: what is counted."""

from metrics import lists
from metrics.paging import page_count
from metrics.subjects import HOUSEHOLD, PROJECT
from views.context import witness
from views.context.stage import stage
from views.parts import unrecorded
from views.parts.list_columns import Columns
from views.sections.ledgers import acting, conditions, printing, projects, subjects, table
from views.sections.ledgers import households as ledgers
from views.sections.problems import steps

s = stage("ledgers")
steps.told()
if s.subject != PROJECT:
    ledgers.filter_row(s, conditions.choice(s))
if s.subject == PROJECT:
    projects.show(s)
elif not conditions.panel(s):  # what they ask for cannot be read, and the panel says so
    pass
elif s.subject == HOUSEHOLD:
    wanted = s.households()
    households, people = lists.counted(s.reader, wanted)
    ledgers.sentence(s, ledgers.of_households(s, households, people))
    # What differs is told of this very filter; while a condition is chosen, its values are offered.
    if s.view.against is None and s.view.facet is None:
        ledgers.facet_links(s)
    if households and not witness.listed(s, households):
        unrecorded.say(s)
    elif households:
        pages = page_count(households)
        page = min(s.view.page, pages)
        further = Columns(s).further
        rows = lists.page_of_households(
            s.reader, wanted, s.county.rules, s.view.sort, page, further
        )
        acts, about = acting.may(s), acting.count(s, households)
        if acts:
            acting.bar(s, about)
        table.show(s, rows, picks=acts)
        ledgers.turn_pages(s, page, pages)
        ledgers.export(s, acting.meant(s), about)
        printing.files(s, acting.meant(s), about)
        acting.open_problems(s, about)
    else:
        ledgers.nothing(s)
else:
    subjects.show(s)
