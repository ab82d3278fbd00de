"""趋势: an indicator over the years, places compared, people leaving and falling back."""

from views import blocks, components, exits, sources, trends
from views.overview import trend
from views.stage import stage

s = stage("trends")
indicator = s.indicator
assert indicator is not None
years = s.county.cube.years(indicator.key)
if len(years) > 1:
    blocks.show(trend(s, indicator), "trend", s)
    trends.compared(s, indicator)
    trends.multiples(s, indicator)
else:
    trends.one_year(s, indicator, years)
components.paper(sources.of_indicator(s, indicator, s.view.year), key="sources")
trends.leaving_and_falling_back(s)
exits.reconciled(s)
