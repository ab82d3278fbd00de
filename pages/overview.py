"""总览: how the place stands today, what changed, what is late, what needs a decision."""

from views.context.stage import stage
from views.scenes import showing
from views.sections.overview import screen

showing.draw(stage("overview"), screen.blocks)
