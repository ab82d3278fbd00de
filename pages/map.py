"""地图: places coloured by an indicator and year; a click opens one, a table says the same."""

from views.context.stage import stage
from views.sections import map

s = stage("map")
indicator = s.indicator
assert indicator is not None
map.draw(s, indicator)
