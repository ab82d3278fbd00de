"""数据核查: suspicious data by check and place, beside another snapshot's, listed for the field."""

from metrics.quality import asked
from views import check_tables, quality
from views.stage import stage

s = stage("quality")
found = quality.compared(s)
tally = found.tally(s.view.region)
told = asked(s.reader, s.view.region)
quality.filter_row(s)
quality.headline(s, found, tally)
if s.view.check:
    check_tables.chosen(s, s.county.checks[s.view.check], tally, told)
elif not (s.view.severity or s.view.change):
    check_tables.by_check(s, tally, told, found.compared)
    check_tables.matrix(s, tally)
quality.listed(s, found)
