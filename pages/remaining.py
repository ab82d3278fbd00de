"""剩余贫困画像: who is left poor or monitored and why, beside another township or year."""

from views import blocks, remaining
from views.stage import stage

s = stage("remaining")
found = remaining.compared(s)
remaining.choices(s, found)
if remaining.headline(s, found):
    blocks.columns([1, 1], [lambda: remaining.traits(s, found), lambda: remaining.causes(s, found)])
    remaining.detail(s, found)
    remaining.by_place(s, found)
