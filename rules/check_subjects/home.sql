-- level_home: one row a happiness home, with what its list and its roster say that cannot both be.
SELECT
  s.home_id AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  s.village_code,
  d.data_year AS judged_year,
  s.director_name IS NOT NULL AS has_director,
  s.director_month_yuan,
  s.home_built_on,
  r.first_moved_in_on
FROM happiness_home AS s
CROSS JOIN data_date AS d
LEFT JOIN (
  SELECT home_id, MIN(moved_in_on) AS first_moved_in_on FROM home_resident GROUP BY home_id
) AS r ON r.home_id = s.home_id
