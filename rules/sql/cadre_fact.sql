-- cadre_fact: one row a cadre as of the data date: the households that they help, and what the four
-- whole weeks before the data date's own hold of nights and days in villages. A stay belongs to the
-- week of its beginning; it counts with its nights and, beside them, the day of leaving.
SELECT
  c.cadre_id,
  c.village_code,
  SUBSTRING(c.village_code, 1, 9) AS township_code,
  SUBSTRING(c.village_code, 1, 6) AS county_code,
  d.data_year AS year,
  c.cadre_role,
  c.cadre_role = 'county_cadre' AS is_county_cadre,
  c.cadre_role = 'helper' AS is_helper,
  c.cadre_role IN ('team_member', 'first_secretary') AS is_team_member,
  CASE WHEN l.pairings THEN COALESCE(p.households, 0) END AS helped_households,
  CASE WHEN l.visits THEN COALESCE(v.visits, 0) END AS visits_in_quarter,
  CASE WHEN l.stays THEN COALESCE(s.nights, 0) / 4.0 END AS nights_a_week,
  CASE WHEN l.stays THEN COALESCE(s.nights + s.stays, 0) / 4.0 END AS days_a_week
FROM cadre AS c
CROSS JOIN data_date AS d
CROSS JOIN (
  SELECT
    (SELECT COUNT(*) FROM pairing) > 0 AS pairings,
    (SELECT COUNT(*) FROM visit) > 0 AS visits,
    (SELECT COUNT(*) FROM stay) > 0 AS stays
) AS l
LEFT JOIN (
  SELECT p.cadre_id, COUNT(*) AS households
  FROM pairing AS p
  CROSS JOIN data_date AS d
  WHERE COALESCE(p.unpaired_on > d.data_day, TRUE)
  GROUP BY p.cadre_id
) AS p ON p.cadre_id = c.cadre_id
LEFT JOIN (
  SELECT w.cadre_id, COUNT(*) AS visits
  FROM visit AS w
  CROSS JOIN data_date AS d
  WHERE w.visited_on <= d.data_day
    AND EXTRACT(DAY FROM CAST(d.data_day AS TIMESTAMP) - CAST(w.visited_on AS TIMESTAMP)) <= 92
  GROUP BY w.cadre_id
) AS v ON v.cadre_id = c.cadre_id
LEFT JOIN (
  SELECT
    t.cadre_id,
    COUNT(*) AS stays,
    SUM(EXTRACT(DAY FROM CAST(t.left_on AS TIMESTAMP) - CAST(t.arrived_on AS TIMESTAMP))) AS nights
  FROM stay AS t
  CROSS JOIN data_date AS d
  WHERE EXTRACT(DAY FROM CAST(DATE_TRUNC('week', d.data_day) AS TIMESTAMP)
    - CAST(t.arrived_on AS TIMESTAMP)) BETWEEN 1 AND 28
  GROUP BY t.cadre_id
) AS s ON s.cadre_id = c.cadre_id
