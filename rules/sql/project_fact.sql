-- project_fact: one row a project that has a year.
SELECT
  p.project_id,
  p.village_code,
  SUBSTRING(p.village_code, 1, 9) AS township_code,
  SUBSTRING(p.village_code, 1, 6) AS county_code,
  p.year,
  p.category,
  p.state,
  p.planned_yuan,
  p.paid_yuan,
  p.beneficiary_households
FROM project AS p
WHERE p.year IS NOT NULL
