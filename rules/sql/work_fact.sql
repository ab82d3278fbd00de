-- work_fact: one row a household as of the data date: who of it can work and who does, told by
-- worker_fact, beside its industry measure.
SELECT
  h.household_id,
  h.village_code,
  SUBSTRING(h.village_code, 1, 9) AS township_code,
  SUBSTRING(h.village_code, 1, 6) AS county_code,
  d.data_year AS year,
  f.registered,
  f.industry_measure,
  COALESCE(w.workers, 0) AS workers,
  CASE
    WHEN w.workers IS NULL THEN 0
    WHEN w.at_work > 0 OR w.told = w.workers THEN w.at_work
  END AS workers_at_work,
  w.longest_work_months
FROM household AS h
CROSS JOIN data_date AS d
LEFT JOIN household_fact AS f ON f.household_id = h.household_id AND f.is_latest
LEFT JOIN (
  SELECT
    household_id,
    COUNT(*) AS workers,
    COUNT(at_work) AS told,
    CAST(SUM(CASE WHEN at_work THEN 1 ELSE 0 END) AS INT) AS at_work,
    MAX(work_months) AS longest_work_months
  FROM worker_fact
  GROUP BY household_id
) AS w ON w.household_id = h.household_id
