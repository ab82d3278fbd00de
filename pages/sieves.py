"""过筛子: fourteen screenings by unit in charge and by place, and the list of what they found."""

from views.context.stage import stage
from views.sections import screenings

s = stage("sieves")
screenings.headline(s)
screenings.by_unit(s)
screenings.by_place(s)
screenings.findings(s)
