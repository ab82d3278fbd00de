"""指标口径: the county's book of rules, and every indicator, check, field and code."""

from views.context.stage import stage
from views.parts import county_folder_notice
from views.sections.definitions import registries, rulebook

s = stage("definitions")
county_folder_notice.say(s)
rulebook.chosen(s)
registries.index(s)
rulebook.rules(s)
rulebook.parameters(s)
registries.indicators(s)
registries.checks(s)
registries.fields(s)
registries.codes(s)
