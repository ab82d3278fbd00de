-- station_fact: one row a village as of the data date: its team, and when somebody last looked at
-- who is at their post.
SELECT
  known.*,
  CAST(EXTRACT(DAY FROM CAST(data_day AS TIMESTAMP) - CAST(last_patrolled_on AS TIMESTAMP)) AS INT)
    AS days_since_patrol,
  CAST(EXTRACT(DAY FROM CAST(data_day AS TIMESTAMP) - CAST(last_inspected_on AS TIMESTAMP)) AS INT)
    AS days_since_inspection
FROM (
  SELECT
    g.region_code AS village_code,
    SUBSTRING(g.region_code, 1, 9) AS township_code,
    SUBSTRING(g.region_code, 1, 6) AS county_code,
    d.data_year AS year,
    d.data_day,
    CASE WHEN l.cadres THEN COALESCE(c.team_members, 0) END AS team_members,
    p.last_patrolled_on,
    p.last_inspected_on,
    CASE WHEN l.patrols THEN p.last_patrolled_on IS NOT NULL END AS patrolled,
    CASE WHEN l.patrols THEN p.last_inspected_on IS NOT NULL END AS inspected
  FROM region AS g
  CROSS JOIN data_date AS d
  CROSS JOIN (
    SELECT
      (SELECT COUNT(*) FROM cadre) > 0 AS cadres,
      (SELECT COUNT(*) FROM patrol) > 0 AS patrols
  ) AS l
  LEFT JOIN (
    SELECT village_code, COUNT(*) AS team_members
    FROM cadre
    WHERE cadre_role IN ('team_member', 'first_secretary')
    GROUP BY village_code
  ) AS c ON c.village_code = g.region_code
  LEFT JOIN (
    SELECT
      p.village_code,
      MAX(CASE WHEN p.patrol_kind = 'patrol' THEN p.patrolled_on END) AS last_patrolled_on,
      MAX(CASE WHEN p.patrol_kind = 'inspection' THEN p.patrolled_on END) AS last_inspected_on
    FROM patrol AS p
    CROSS JOIN data_date AS d
    WHERE p.patrolled_on <= d.data_day
    GROUP BY p.village_code
  ) AS p ON p.village_code = g.region_code
  WHERE g.level = 'village'
) AS known
