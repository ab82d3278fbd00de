"""六类风险: the six groups by place, their overlap, the ledgers' state, ledgers against rules."""

from views import blocks, risk_groups, whatif
from views.stage import stage

s = stage("risk_groups")
risk_groups.heat(s)
risk_groups.of_data_date(s)
blocks.columns([1, 1], [lambda: risk_groups.states(s), lambda: risk_groups.overlap(s)])
risk_groups.check(s)
whatif.section(s, whatif.GROUPS)
