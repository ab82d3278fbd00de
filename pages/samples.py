"""抽样: households drawn from a filter, their sheets, what came back, and what it says of all."""

from views.context.stage import stage
from views.sections.problems import steps
from views.sections.samples import drawing, kept, listed, results

s = stage("samples")
steps.told()
if s.view.sample is None:
    drawing.show(s)
    kept.every(s)
else:
    found = kept.one(s, s.view.sample)
    if found is not None:
        kept.head(s, found)
        if s.view.part == "results":
            results.show(s, found)
        elif s.view.part == "draw":
            kept.how(s, found)
        else:
            listed.show(s, found)
