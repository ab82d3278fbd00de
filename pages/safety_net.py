"""兜底保障: each benefit against its conditions, by place, and every case with what explains it."""

from metrics.safety_net import counts
from views.context.stage import stage
from views.sections import safety_net

s = stage("safety_net")
match s.tab.key:
    case "places":
        safety_net.by_place(s)
    case "list":
        year = s.county.data_date.year
        safety_net.cases(s, counts(s.reader, year, s.place.level, region=s.view.region))
    case _:
        safety_net.benefits(s)
        safety_net.unsecured(s)
