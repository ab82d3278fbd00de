"""村情: one village (or any place): indicators, groups, classes, standards of exit, projects."""

from views.context.stage import stage
from views.sections.village import exit_standards, facts

s = stage("village")
facts.head(s)
exit_standards.village_standards(s)
exit_standards.household_standards(s)
exit_standards.classes_here(s)
facts.groups_here(s)
facts.indicators_here(s)
facts.projects(s)
