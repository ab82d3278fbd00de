"""动态管理: who moved on the register between two years or two snapshots, and what was recorded."""

from functools import partial

from views import blocks, dynamics, ends, exits, moved
from views.stage import stage

s = stage("dynamics")
ends.choices(s)
found = ends.ends(s)
if found is None:
    ends.alone(s)
else:
    dynamics.headline(s, found)
    if s.view.part:
        moved.show(s, found)
    else:
        blocks.columns(
            [1, 1], [lambda: dynamics.flow(s, found), lambda: dynamics.members(s, found)]
        )
        stocks = [partial(dynamics.stock, s, found, key) for key in dynamics.STOCKS]
        blocks.columns([1, 1], stocks)
        dynamics.matrix(s, found)
        dynamics.records(s, found)
        exits.reconciled(s)
