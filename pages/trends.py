"""趋势: an indicator over the years, places compared, people leaving and falling back."""

from views.context.stage import stage
from views.scenes import showing
from views.sections import trends

showing.draw(stage("trends"), trends.blocks)
