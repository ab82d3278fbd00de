"""压力推演: how far each household stands from the line, and who one shock would take under it."""

from views import stress
from views.stage import stage

s = stage("stress")
given = stress.tried(s)
stress.headline(s, given)
stress.controls(s, given)
stress.picture(s, given)
stress.places(s, given)
stress.households(s, given)
