-- leader_fact: one row a leader as of the data date: whom they bring along, whether they were trained,
-- and whether the steps by which they were chosen were all taken, each after the one before.
SELECT
  a.leader_id,
  a.village_code,
  SUBSTRING(a.village_code, 1, 9) AS township_code,
  SUBSTRING(a.village_code, 1, 6) AS county_code,
  d.data_year AS year,
  a.leader_kind,
  CASE WHEN l.led THEN COALESCE(h.households, 0) END AS led_households,
  CASE WHEN l.courses THEN a.leader_trained_on IS NOT NULL END AS leader_trained,
  CASE WHEN l.steps THEN COALESCE(
    a.recommended_on <= a.leader_inspected_on AND a.leader_inspected_on <= a.leader_reviewed_on
    AND a.leader_reviewed_on <= a.leader_approved_on, FALSE) END AS leader_steps_in_order
FROM leader AS a
CROSS JOIN data_date AS d
CROSS JOIN (
  SELECT
    (SELECT COUNT(*) FROM led_household) > 0 AS led,
    (SELECT COUNT(leader_trained_on) FROM leader) > 0 AS courses,
    (SELECT COUNT(leader_approved_on) FROM leader) > 0 AS steps
) AS l
LEFT JOIN (
  SELECT leader_id, COUNT(*) AS households FROM led_household GROUP BY leader_id
) AS h ON h.leader_id = a.leader_id
