"""权限: who may do what where, and what was done: for administrators alone."""

from views.context.stage import stage
from views.sections.admin import entries, grants, people_of_units

s = stage("admin")
if s.tab.key == "audit" or not s.may("manage_rights"):
    entries.show(s)
else:
    grants.show(s)
    people_of_units.show(s)
