"""权限: who may do what where, and what was done: for administrators alone."""

from views.context.stage import stage
from views.sections.admin import entries, grants, people_of_units

s = stage("admin")
grants.show(s)
people_of_units.show(s)
entries.show(s)
