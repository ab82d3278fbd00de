"""防返贫监测: open cases with their clocks, releases checked, who would move by another line."""

from views.browser import components
from views.context.stage import stage
from views.parts import chart_blocks, what_if
from views.sections.monitoring import open_cases, releases

s = stage("monitoring")
found = open_cases.cases(s)
open_cases.choices(s)
open_cases.headline(s, found)
if s.view.part:
    releases.back(s)
    releases.cases_listed(s, found, s.view.part)
else:
    chart_blocks.columns(
        [1, 1], [lambda: open_cases.stages(s, found), lambda: open_cases.causes(s, found)]
    )
    chart_blocks.columns([3, 2], [lambda: open_cases.places(s, found), lambda: open_cases.kinds(s)])
    chart_blocks.columns(
        [1, 1], [lambda: releases.conditions(s, found), lambda: releases.years(s, found)]
    )
    what_if.section(s, what_if.MONITORING)
    components.paper(releases.stress_link(s), key="to_stress")
    releases.cases_listed(s, found, "open")
