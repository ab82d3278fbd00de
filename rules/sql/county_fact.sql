-- county_fact: one row a county and year, what stands of the standards for a county's exit.
SELECT
  known.*,
  CASE WHEN follows THEN (rural_income_yuan / earlier_income_yuan - 1) * 100 END
    AS income_growth_percent,
  CASE WHEN follows THEN (national_rural_income_yuan / earlier_national_yuan - 1) * 100 END
    AS national_growth_percent
FROM (
  SELECT
    v.county_code,
    v.year,
    v.poor_people,
    COALESCE(c.rural_population, v.population) AS rural_population,
    100.0 * v.poor_people / NULLIF(COALESCE(c.rural_population, v.population), 0)
      AS poverty_rate_percent,
    c.rural_income_yuan,
    c.national_rural_income_yuan,
    NULLIF(LAG(c.rural_income_yuan) OVER (PARTITION BY v.county_code ORDER BY v.year), 0)
      AS earlier_income_yuan,
    NULLIF(LAG(c.national_rural_income_yuan) OVER (PARTITION BY v.county_code ORDER BY v.year), 0)
      AS earlier_national_yuan,
    LAG(v.year) OVER (PARTITION BY v.county_code ORDER BY v.year) = v.year - 1 AS follows
  FROM (
    SELECT county_code, year, SUM(poor_people) AS poor_people, SUM(population) AS population
    FROM village_fact
    GROUP BY county_code, year
  ) AS v
  LEFT JOIN county_year AS c ON c.region_code = v.county_code AND c.year = v.year
) AS known
