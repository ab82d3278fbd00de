"""村情: one village (or any place): indicators, groups, classes, standards, projects, problems."""

from views.context.stage import stage
from views.sections.village import exit_standards, facts, problems

s = stage("village")
facts.head(s)
problems.here(s)
exit_standards.village_standards(s)
exit_standards.household_standards(s)
exit_standards.classes_here(s)
facts.groups_here(s)
facts.indicators_here(s)
facts.projects(s)
