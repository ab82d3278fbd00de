-- workplace_fact: one row a workshop or base as of the data date, with who of the lists works there.
SELECT
  k.workplace_id,
  k.village_code,
  SUBSTRING(k.village_code, 1, 9) AS township_code,
  SUBSTRING(k.village_code, 1, 6) AS county_code,
  d.data_year AS year,
  d.data_day,
  k.workplace_kind,
  k.running,
  k.jobs,
  CASE WHEN l.rolls THEN COALESCE(r.workers, 0) END AS jobs_held,
  CASE WHEN l.rolls THEN COALESCE(r.workers, 0) * 100.0 / NULLIF(k.jobs, 0) END AS jobs_held_percent
FROM workplace AS k
CROSS JOIN data_date AS d
CROSS JOIN (SELECT COUNT(*) > 0 AS rolls FROM workplace_worker) AS l
LEFT JOIN (
  SELECT w.workplace_id, COUNT(DISTINCT w.member_id) AS workers
  FROM workplace_worker AS w
  CROSS JOIN data_date AS d
  WHERE w.started_on <= d.data_day AND COALESCE(w.ended_on > d.data_day, TRUE)
  GROUP BY w.workplace_id
) AS r ON r.workplace_id = k.workplace_id
