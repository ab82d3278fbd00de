"""数据核查: suspicious data by check and place, beside another snapshot's, listed for the field."""

from metrics.quality import asked
from views.context.stage import stage
from views.sections.quality import page, tables

s = stage("quality")
found = page.compared(s)
tally = found.tally(s.view.region)
told = asked(s.reader, s.view.region)
page.filter_row(s)
page.headline(s, found, tally)
match s.tab.key:
    case "checks":
        tables.by_check(s, tally, told, found.compared)
    case "places":
        tables.matrix(s, tally)
    case "list":
        if s.view.check:
            tables.chosen(s, s.county.checks[s.view.check], tally, told)
        page.listed(s, found)
    case _:
        tables.most_found(s, tally, told, found.compared)
