"""台账: households filtered, counted by facet, listed a page at a time, exported."""

from metrics import lists
from views import ledgers
from views.stage import stage

s = stage("ledgers")
wanted = s.households()
rules = s.county.rules
ledgers.filter_row(s)
households, people = lists.counted(s.reader, wanted)
ledgers.sentence(s, households, people)
ledgers.facet_links(s)
if households:
    pages = -(-households // lists.PAGE_ROWS)
    page = min(s.view.page, pages)
    rows = lists.page_of_households(s.reader, wanted, rules, s.view.sort, page)
    ledgers.households(s, rows)
    ledgers.turn_pages(s, page, pages)
    ledgers.export(s, wanted)
else:
    ledgers.nothing(s)
