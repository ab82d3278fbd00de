"""项目库: projects from plan to effect on one screen; sheets, lists, assets, upkeep, one's file."""

from views.context.stage import stage
from views.sections.projects import one, overview, parts

PARTS = {
    None: overview.show,
    "schedule": parts.schedule,
    "list": parts.every,
    "assets": parts.of_assets,
    "upkeep": parts.of_upkeep,
    "points": parts.of_shops,
}

s = stage("projects")
if s.view.project is not None:
    one.show(s, s.view.project)
else:
    PARTS[s.view.part](s)
