"""村情: one village (or any place): indicators, groups, classes, standards, projects, problems."""

from views.context.stage import stage
from views.scenes import showing
from views.sections.village import page

showing.draw(stage("village"), page.blocks)
