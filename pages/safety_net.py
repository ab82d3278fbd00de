"""兜底保障: each benefit against its conditions, by place, and every case with what explains it."""

from metrics.safety_net import counts
from views.context.stage import stage
from views.sections import safety_net

s = stage("safety_net")
year = s.county.data_date.year
here = counts(s.reader, year, s.place.level, region=s.view.region)
if s.view.part:
    safety_net.cases(s, here)
safety_net.benefits(s)
safety_net.unsecured(s)
safety_net.by_place(s)
if not s.view.part:
    safety_net.cases(s, here)
