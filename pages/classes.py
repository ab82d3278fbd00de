"""户分三类: classes by place, who moved between them, the main measures, the nine verifications."""

from views.context.stage import stage
from views.parts import chart_blocks
from views.sections.classes import labour_classes, nine_verifications

s = stage("classes")
chart_blocks.opens_with(s)
match s.tab.key:
    case "measures":
        labour_classes.measures(s)
    case "moves":
        labour_classes.choices(s)
        labour_classes.moved(s)
    case "nine":
        nine_verifications.progress(s)
    case "list":
        nine_verifications.listed_households(s)
    case _:
        labour_classes.table(s)
