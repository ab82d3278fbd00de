"""户情: one household's whole file, from its members to the very values that met a rule."""

from metrics.files import household_file
from views.context.stage import stage
from views.sections.household import benefits, facts, inspections, judgements, plain_text

s = stage("household")
file = household_file(s.reader, s.view.id or "")
assert file is not None  # the frame refuses whoever sees no such household
facts.head(s, file)
plain_text.control(s)
judgements.choices(s, file)
judged = judgements.judged(s, file)
judgements.rules(s, file, judged)
facts.suspicions(s, file)
facts.income(s, file)
facts.members(s, file)
facts.guarantees(s, file)
inspections.checked(s, file)
benefits.benefits(s, file, judged)
inspections.screenings(s, file)
benefits.case(s, file, judged)
benefits.changes(s, file)
facts.ledger(s, file)
facts.help_given(s, file)
inspections.never_loaded(s)
