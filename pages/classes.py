"""户分三类: classes by place, who moved between them, the main measures, the nine verifications."""

from views import blocks, classes, nine_checks
from views.stage import stage

s = stage("classes")
blocks.opens_with(s)
classes.table(s)
classes.choices(s)
classes.moved(s)
classes.measures(s)
nine_checks.progress(s)
nine_checks.listed_households(s)
