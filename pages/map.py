"""地图: places coloured by an indicator and year; a click opens one, a table says the same."""

from views.context.stage import stage
from views.scenes import showing
from views.sections.map import page

showing.draw(stage("map"), page.blocks)
