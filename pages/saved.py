"""收藏与分享: the links that the viewer made, the views that they keep."""

from views.context.stage import stage
from views.sections.saved import links, saved_views

s = stage("saved")
saved_views.show(s)
links.show(s)
