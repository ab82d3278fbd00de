"""会议: what is shown in which order, presented over the whole window, and what was decided."""

from views.context.stage import stage
from views.sections.meeting import listed, plan, presenting

s = stage("meeting")
if s.view.meeting is None:
    listed.show(s)
elif s.view.item is None:
    plan.show(s, s.view.meeting)
else:
    presenting.show(s, s.view.meeting, s.view.item)
