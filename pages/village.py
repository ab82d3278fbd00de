"""村情: one village (or any place): its indicators, its households by group, its projects."""

from views import village
from views.stage import stage

s = stage("village")
village.head(s)
village.indicators_here(s)
village.groups_here(s)
village.projects(s)
