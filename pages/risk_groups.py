"""六类风险: the six groups by place, their overlap, the ledgers' state, ledgers against rules."""

from views.context.stage import stage
from views.parts import chart_blocks, what_if
from views.sections import risk_groups

s = stage("risk_groups")
match s.tab.key:
    case "ledgers":
        risk_groups.of_data_date(s)
        chart_blocks.columns(
            [1, 1], [lambda: risk_groups.states(s), lambda: risk_groups.overlap(s)]
        )
        risk_groups.check(s)
    case "what":
        what_if.section(s, what_if.GROUPS)
    case _:
        risk_groups.heat(s)
