"""户情: one household's whole file, from its members to the very values that met a rule."""

from metrics.files import household_file
from views.context.stage import stage
from views.parts import follow_up
from views.sections.household import (
    benefits,
    facts,
    inspections,
    judgements,
    plain_text,
    problems,
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
facts.income(s, file)
facts.members(s, file)
facts.guarantees(s, file)
inspections.checked(s, file)
benefits.benefits(s, file, judged)
inspections.screenings(s, file, follow)
benefits.case(s, file, judged)
benefits.changes(s, file)
facts.ledger(s, file, follow)
facts.help_given(s, file)
inspections.never_loaded(s)
