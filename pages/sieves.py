"""过筛子: fourteen screenings by unit in charge and by place, and the list of what they found."""

from views import sieves
from views.stage import stage

s = stage("sieves")
sieves.headline(s)
sieves.by_unit(s)
sieves.by_place(s)
sieves.findings(s)
