"""动态管理: who moved on the register between two years or two snapshots, and what was recorded."""

from functools import partial

from views.browser import components
from views.context.stage import stage
from views.parts import chart_blocks, exit_balance
from views.sections.dynamics import balances, ends, lists

s = stage("dynamics")
ends.choices(s)
found = ends.ends(s)
if found is None:
    ends.alone(s)
else:
    balances.headline(s, found)
    if s.view.part == "records":
        balances.matrix(s, found)
        balances.records(s, found)
        if (exits := exit_balance.reconciled(s)) is not None:
            components.paper(exits, key="exits")
    elif s.view.part:
        lists.show(s, found)
    else:
        chart_blocks.columns(
            [1, 1], [lambda: balances.flow(s, found), lambda: balances.members(s, found)]
        )
        stocks = [partial(balances.stock, s, found, key) for key in balances.STOCKS]
        chart_blocks.columns([1, 1], stocks)
