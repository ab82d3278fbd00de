"""村集体经济: villages against the lines of income, its sources, 双委, differences of tables."""

from views.context.stage import stage
from views.parts import chart_blocks
from views.sections.village_income import contracts, differences, screen, sources, villages

s = stage("village_income")
here = screen.look(s)
match s.tab.key:
    case "villages":
        villages.listed(s, here)
    case "sources":
        screen.by_year(s)
        sources.by_kind(s)
        sources.payers(s)
    case "entrusted":
        contracts.summary(s)
        contracts.listed(s)
    case "differences":
        differences.summary(s)
        differences.listed(s)
    case _:
        screen.headline(s, here)
        chart_blocks.columns(
            [1, 1], [lambda: screen.aims(s, here), lambda: screen.distribution(s, here)]
        )
        screen.thresholds(s)
