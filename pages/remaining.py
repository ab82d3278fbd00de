"""剩余贫困画像: who is left poor or monitored and why, beside another township or year."""

from views.context.stage import stage
from views.parts import chart_blocks
from views.sections import remaining, remaining_tables

s = stage("remaining")
found = remaining.compared(s)
remaining.choices(s, found)
if remaining.headline(s, found):
    remaining.traits(s, found)
    remaining.causes(s, found)
    chart_blocks.columns(
        [1, 1],
        [
            lambda: remaining_tables.detail(s, found),
            lambda: remaining_tables.by_place(s, found),
        ],
    )
