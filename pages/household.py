"""户情: one household's whole file, from its members to the very values that met a rule."""

from metrics.files import household_file
from views.context.stage import stage
from views.parts import follow_up
from views.sections.household import (
    benefits,
    calendar,
    concerns,
    department_lists,
    facts,
    funds,
    homes,
    inspections,
    judgements,
    plain_text,
    problems,
    projects,
    visits,
    work,
)

s = stage("household")
file = household_file(s.reader, s.view.id or "")
assert file is not None  # the frame refuses whoever sees no such household
follow = follow_up.of_household(s, file)
facts.head(s, file)
plain_text.control(s)
problems.followed(s, follow)
judgements.choices(s, file)
judged = judgements.judged(s, file)
judgements.rules(s, file, judged, follow)
facts.suspicions(s, file, follow)
fold = concerns.Concerns(s, file, judged).folded
with fold("family"):
    facts.members(s, file)
    facts.income(s, file)
    work.working(s, file)
with fold("guarantees"):
    facts.guarantees(s, file)
    inspections.checked(s, file)
    benefits.benefits(s, file, judged)
    homes.homed(s, file)
with fold("help"):
    calendar.months(s, file, follow)
    facts.help_given(s, file)
    projects.benefits_from(s, file)
    funds.receipts(s, file)
    visits.visited(s, file)
with fold("watch"):
    benefits.case(s, file, judged)
    inspections.screenings(s, file, follow)
    facts.ledger(s, file, follow)
    department_lists.listed(s, file)
with fold("changes"):
    benefits.changes(s, file)
inspections.never_loaded(s)
