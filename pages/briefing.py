"""简报: the office's papers of a place, a view or a meeting, made at a click."""

from views.context.stage import stage
from views.sections.briefing import choose

s = stage("briefing")
choose.show(s)
