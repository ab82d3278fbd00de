-- zone_fact: one row a zone or grid as of the data date: its leader, its villages and households. Its
-- place is the smallest that holds all of it. A grid of village groups has the households whose
-- group is one of those named; where a village's households have no group recorded, none are known.
SELECT
  z.zone_code,
  CASE
    WHEN z.first_village = z.last_village THEN z.first_village
    WHEN SUBSTRING(z.first_village, 1, 9) = SUBSTRING(z.last_village, 1, 9)
      THEN SUBSTRING(z.first_village, 1, 9)
    ELSE SUBSTRING(z.first_village, 1, 6)
  END AS village_code,
  CASE WHEN SUBSTRING(z.first_village, 1, 9) = SUBSTRING(z.last_village, 1, 9)
    THEN SUBSTRING(z.first_village, 1, 9) END AS township_code,
  SUBSTRING(z.first_village, 1, 6) AS county_code,
  d.data_year AS year,
  z.zone_level,
  z.zone_name,
  z.parent_zone,
  z.zone_leader,
  z.zone_leader_post,
  z.zone_unit,
  z.zone_set_on,
  z.zone_leader IS NOT NULL AS zone_led,
  z.zone_villages,
  h.grid_households
FROM (
  SELECT
    zone_code,
    MIN(village_code) AS first_village,
    MAX(village_code) AS last_village,
    MIN(zone_level) AS zone_level,
    MIN(zone_name) AS zone_name,
    MIN(parent_zone) AS parent_zone,
    MIN(zone_leader) AS zone_leader,
    MIN(zone_leader_post) AS zone_leader_post,
    MIN(zone_unit) AS zone_unit,
    MIN(zone_set_on) AS zone_set_on,
    CAST(COUNT(*) AS INT) AS zone_villages
  FROM zone_member
  GROUP BY zone_code
) AS z
CROSS JOIN data_date AS d
LEFT JOIN (
  SELECT
    m.zone_code,
    CASE WHEN COUNT(m.village_groups) = 0 OR COUNT(h.village_group) > 0
      THEN CAST(SUM(CASE WHEN m.village_groups IS NULL THEN 1
        WHEN POSITION(CONCAT('、', h.village_group, '、') IN CONCAT('、', m.village_groups, '、')) > 0
          THEN 1 ELSE 0 END) AS INT) END AS grid_households
  FROM zone_member AS m
  JOIN household AS h
    ON SUBSTRING(h.village_code, 1, LENGTH(m.village_code)) = m.village_code
  GROUP BY m.zone_code
) AS h ON h.zone_code = z.zone_code
