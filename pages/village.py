"""村情: one village (or any place): indicators, groups, classes, standards of exit, projects."""

from views import village, village_exit
from views.stage import stage

s = stage("village")
village.head(s)
village_exit.village_standards(s)
village_exit.household_standards(s)
village_exit.classes_here(s)
village.groups_here(s)
village.indicators_here(s)
village.projects(s)
