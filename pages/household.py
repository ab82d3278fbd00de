"""户情: one household's whole file, from its members to the very values that met a rule."""

from metrics.files import household_file
from views import file_rules, file_support, file_work, household
from views.stage import stage

s = stage("household")
file = household_file(s.reader, s.view.id) if s.view.id else None
if file is None:
    household.none(s)
else:
    household.head(s, file)
    file_rules.choices(s, file)
    judged = file_rules.judged(s, file)
    file_rules.rules(s, file, judged)
    household.suspicions(s, file)
    household.income(s, file)
    household.members(s, file)
    household.guarantees(s, file)
    file_work.checked(s, file)
    file_support.benefits(s, file, judged)
    file_work.screenings(s, file)
    file_support.case(s, file, judged)
    file_support.changes(s, file)
    household.ledger(s, file)
    household.help_given(s, file)
    file_work.never_loaded(s)
