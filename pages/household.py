"""户情: one household's whole file, from its members to the very values that met a rule."""

from metrics.files import household_file
from views import household
from views.stage import stage

s = stage("household")
file = household_file(s.reader, s.view.id) if s.view.id else None
if file is None:
    household.none(s)
else:
    household.head(s, file)
    household.groups(s, file)
    household.suspicions(s, file)
    household.income(s, file)
    household.members(s, file)
    household.guarantees(s, file)
    household.ledger(s, file)
    household.help_given(s, file)
