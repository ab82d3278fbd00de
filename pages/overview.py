"""总览: how the place stands today, what changed, what is late, what needs a decision."""

from views.context.stage import stage
from views.parts import chart_blocks
from views.sections.overview import long_view, screen
from views.sections.overview.scene import Scene

s = stage("overview")
scene = Scene(s)
if s.view.part == screen.PROGRESS:
    screen.head(scene)
    chart_blocks.columns([1, 1], [lambda: long_view.poverty(s), lambda: long_view.watched(s)])
elif s.view.part == screen.BOARD:
    screen.whole_board(scene)
else:
    screen.today(scene)
