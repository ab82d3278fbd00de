"""问题台账: problems found, who mends them until when, and whether they are closed."""

from views.context.stage import stage
from views.sections.problems import book, listed, one, opening, overview, steps, week

s = stage("problems")
steps.told()
if s.view.draft is not None:
    opening.draft(s, s.view.draft)
elif s.view.finding is not None:
    one.show(s, s.view.finding)
elif s.view.part == week.PART:
    week.show(s)
else:
    found = overview.asked(s)
    if found is not None:
        overview.headline(s, found)
        overview.standing(s, found)
        overview.filters(s, found)
        if listed.show(s, found):
            book.export(s, found)
        opening.of_place(s)
        book.load(s)
