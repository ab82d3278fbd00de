"""地图: places coloured by an indicator and year; a click opens one, a table says the same."""

from views import maps
from views.stage import stage

s = stage("map")
indicator = s.indicator
assert indicator is not None
maps.draw(s, indicator)
