-- supervised_fact: one row a registered or monitored household as of the data date, with what the
-- five matters that zones supervise ask of it, as the systems that judge each have answered. The
-- kind of case says how hard it is to serve: numbers of zones are compared within one kind.
SELECT
  f.household_id,
  f.village_code,
  f.township_code,
  f.county_code,
  f.year,
  CASE
    WHEN f.monitored THEN 'monitored'
    WHEN f.in_major_illness_disability THEN 'ill'
    WHEN f.in_elderly_living_alone THEN 'elderly'
    ELSE 'other'
  END AS case_kind,
  f.in_exit_schooling AS schooling_safe,
  f.in_exit_medical AS medical_safe,
  f.in_exit_housing AS housing_safe,
  f.in_exit_water AS water_safe,
  CASE WHEN w.workers IS NOT NULL THEN w.workers > 0 END AS has_worker,
  w.workers_at_work > 0 AS worker_in_work,
  CASE
    WHEN f.receives_allowance OR f.receives_extreme THEN TRUE
    WHEN f.receives_allowance IS NOT NULL AND f.receives_extreme IS NOT NULL THEN FALSE
  END AS secured,
  CASE WHEN l.relocations THEN r.household_id IS NOT NULL END AS relocated,
  r.moved_in,
  r.follow_up_given,
  f.monitored,
  m.measures_given,
  m.in_step_overdue AS step_late,
  CASE WHEN l.screenings THEN COALESCE(s.made, 0) > 0 END AS finding_made,
  CASE WHEN l.screenings THEN COALESCE(s.unmended, 0) END AS unmended_findings
FROM household_fact AS f
CROSS JOIN (
  SELECT
    (SELECT COUNT(*) FROM relocation) > 0 AS relocations,
    (SELECT COUNT(*) FROM sieve_result) > 0 AS screenings
) AS l
LEFT JOIN work_fact AS w ON w.household_id = f.household_id
LEFT JOIN relocation_fact AS r ON r.household_id = f.household_id
LEFT JOIN monitored_fact AS m ON m.household_id = f.household_id
LEFT JOIN (
  SELECT
    household_id,
    COUNT(*) AS made,
    CAST(SUM(CASE WHEN mended_on IS NULL THEN 1 ELSE 0 END) AS INT) AS unmended
  FROM sieve_result
  WHERE finding IS NOT NULL AND household_id IS NOT NULL
  GROUP BY household_id
) AS s ON s.household_id = f.household_id
WHERE f.is_latest AND (f.registered OR f.monitored)
