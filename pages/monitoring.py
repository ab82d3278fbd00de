"""防返贫监测: open cases with their clocks, releases checked, who would move by another line."""

from views import blocks, components, monitoring, releases, whatif
from views.stage import stage

s = stage("monitoring")
found = monitoring.cases(s)
monitoring.choices(s)
monitoring.headline(s, found)
if s.view.part:
    releases.back(s)
    releases.cases_listed(s, found, s.view.part)
else:
    blocks.columns(
        [1, 1], [lambda: monitoring.stages(s, found), lambda: monitoring.causes(s, found)]
    )
    blocks.columns([3, 2], [lambda: monitoring.places(s, found), lambda: monitoring.kinds(s)])
    blocks.columns(
        [1, 1], [lambda: releases.conditions(s, found), lambda: releases.years(s, found)]
    )
    whatif.section(s, whatif.MONITORING)
    components.paper(releases.stress_link(s), key="to_stress")
    releases.cases_listed(s, found, "open")
