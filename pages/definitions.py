"""指标口径: the county's book of rules, and every indicator, check, field and code."""

from views import county_folder, definitions, rulebook
from views.stage import stage

s = stage("definitions")
county_folder.say(s)
rulebook.chosen(s)
definitions.index(s)
rulebook.rules(s)
rulebook.parameters(s)
definitions.indicators(s)
definitions.checks(s)
definitions.fields(s)
definitions.codes(s)
