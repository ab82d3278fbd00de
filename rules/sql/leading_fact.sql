-- leading_fact: one row a village as of the data date: how many leaders it has, and whether it is, or
-- was, a poor village.
SELECT
  g.region_code AS village_code,
  SUBSTRING(g.region_code, 1, 9) AS township_code,
  SUBSTRING(g.region_code, 1, 6) AS county_code,
  d.data_year AS year,
  v.poor_village,
  CASE WHEN l.leaders THEN COALESCE(a.leaders, 0) END AS village_leaders
FROM region AS g
CROSS JOIN data_date AS d
CROSS JOIN (SELECT COUNT(*) > 0 AS leaders FROM leader) AS l
LEFT JOIN (
  SELECT village_code, COUNT(*) AS leaders FROM leader GROUP BY village_code
) AS a ON a.village_code = g.region_code
LEFT JOIN (
  SELECT village_code, BOOL_OR(poor_village) AS poor_village FROM village_year GROUP BY village_code
) AS v ON v.village_code = g.region_code
WHERE g.level = 'village'
