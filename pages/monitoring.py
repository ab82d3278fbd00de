"""防返贫监测: open cases with their clocks, releases checked, who would move by another line."""

from views.browser import components
from views.context.stage import stage
from views.parts import chart_blocks, what_if
from views.sections.monitoring import open_cases, releases

s = stage("monitoring")
found = open_cases.cases(s)
if s.tab.key in ("releases", "open"):
    open_cases.choices(s)
match s.tab.key:
    case "places":
        open_cases.places(s, found)
    case "releases":
        releases.conditions(s, found)
        releases.years(s, found)
    case "what":
        what_if.section(s, what_if.MONITORING)
        components.paper(releases.stress_link(s), key="to_stress")
    case "open":
        open_cases.headline(s, found)
        releases.cases_listed(s, found, s.view.part or "open")
    case _:
        open_cases.headline(s, found)
        chart_blocks.columns(
            [1, 1], [lambda: open_cases.stages(s, found), lambda: open_cases.causes(s, found)]
        )
        open_cases.kinds(s)
