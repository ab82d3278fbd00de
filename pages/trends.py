"""趋势: an indicator over the years, places compared, people leaving and falling back."""

from views.browser import components
from views.context.stage import stage
from views.parts import chart_blocks, exit_balance, threshold_sources
from views.sections import trends, village_changes
from views.sections.overview.long_view import trend

s = stage("trends")
indicator = s.indicator
assert indicator is not None
years = s.county.cube.years(indicator.key)
if s.tab.key == "flows":
    trends.leaving_and_falling_back(s)
    exit_balance.reconciled(s)
else:
    if len(years) < 2:
        trends.one_year(s, indicator, years)
    elif s.tab.key == "places":
        trends.multiples(s, indicator)
        if indicator.key in village_changes.COMPARED:
            village_changes.changed_villages(s, indicator)
    else:
        chart_blocks.show(trend(s, indicator), "trend", s)
        trends.compared(s, indicator)
    components.paper(threshold_sources.of_indicator(s, indicator, s.view.year), key="sources")
