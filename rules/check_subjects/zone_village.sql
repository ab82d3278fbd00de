-- level_zone_village: one row a village, with the zones that it is in. Without any zone loaded no
-- village is missing from one.
SELECT
  r.region_code AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  r.region_code AS village_code,
  d.data_year AS judged_year,
  CASE WHEN l.zones > 0 THEN COALESCE(z.zones, 0) END AS zones_of_village
FROM region AS r
CROSS JOIN data_date AS d
CROSS JOIN (
  SELECT COUNT(*) AS zones FROM zone_member WHERE zone_level = 'zone'
) AS l
LEFT JOIN (
  SELECT
    v.region_code,
    CAST(COUNT(DISTINCT m.zone_code) AS INT) AS zones
  FROM region AS v
  JOIN zone_member AS m
    ON SUBSTRING(v.region_code, 1, LENGTH(m.village_code)) = m.village_code
  WHERE m.zone_level = 'zone' AND v.level = 'village'
  GROUP BY v.region_code
) AS z ON z.region_code = r.region_code
WHERE r.level = 'village'
