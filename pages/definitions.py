"""指标口径: every indicator, rule, threshold, field and code, from the registries themselves."""

from views import definitions
from views.stage import stage

s = stage("definitions")
definitions.indicators(s)
definitions.rules(s)
definitions.checks(s)
definitions.parameters(s)
definitions.fields(s)
definitions.codes(s)
