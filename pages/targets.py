"""目标: which targets are reached, will be, or are behind; who is ahead and who is tied."""

from views.context.stage import stage
from views.parts import chart_blocks
from views.sections.targets import course, places, screen

s = stage("targets")
here = screen.look(s)
screen.headline(s, here)
if s.view.part == screen.PLACES:
    places.ranked(s, here)
elif s.view.part == screen.ALL:
    screen.every(s, here)
elif here.paces:
    chart_blocks.columns(
        [1.1, 1], [lambda: screen.foremost(s, here), lambda: course.draw(s, here.chosen)]
    )
