-- level_facility: one row a public facility.
SELECT
  f.facility_id AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  f.village_code,
  d.data_year AS judged_year,
  f.facility_kind,
  f.upkeep_route,
  f.facility_state,
  f.owner IS NOT NULL AS has_owner,
  f.caretaker IS NOT NULL AS has_caretaker,
  f.upkeep_yuan,
  f.patrolled_on,
  CAST(EXTRACT(DAY FROM CAST(d.data_day AS TIMESTAMP)
    - CAST(COALESCE(f.patrolled_on_until, f.patrolled_on) AS TIMESTAMP)) AS INT)
    AS days_since_patrol
FROM facility AS f
CROSS JOIN data_date AS d
