"""指标口径: the county's book of rules, and every indicator, check, field and code."""

from views.context.stage import stage
from views.parts import county_folder_notice
from views.sections.definitions import registries, rulebook

s = stage("definitions")
county_folder_notice.say(s)
match s.tab.key:
    case "parameters":
        rulebook.parameters(s)
    case "indicators":
        registries.indicators(s)
    case "checks":
        registries.checks(s)
    case "terms":
        registries.fields(s)
    case "codes":
        registries.codes(s)
    case _:
        rulebook.chosen(s)
        registries.index(s)
        rulebook.rules(s)
