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
if len(years) > 1:
    chart_blocks.show(trend(s, indicator), "trend", s)
    trends.compared(s, indicator)
    trends.multiples(s, indicator)
    if indicator.key in village_changes.COMPARED:
        village_changes.changed_villages(s, indicator)
else:
    trends.one_year(s, indicator, years)
components.paper(threshold_sources.of_indicator(s, indicator, s.view.year), key="sources")
trends.leaving_and_falling_back(s)
exit_balance.reconciled(s)
