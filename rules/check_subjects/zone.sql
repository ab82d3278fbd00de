-- level_zone: one row a zone or grid, beside what the households of its villages are.
SELECT
  zone_code AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  village_code,
  year AS judged_year,
  zone_level,
  zone_led,
  zone_villages,
  grid_households
FROM ({zone_fact}) AS f
