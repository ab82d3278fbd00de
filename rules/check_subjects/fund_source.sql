-- level_fund_source: one row a fund, beside what was allotted of it.
SELECT
  s.fund_id AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  s.region_code AS village_code,
  d.data_year AS judged_year,
  s.year AS fund_year,
  s.amount_yuan AS source_yuan,
  CAST(COALESCE(a.fund_allotted_yuan, 0) AS DECIMAL(18, 2)) AS fund_allotted_yuan
FROM fund_source AS s
CROSS JOIN data_date AS d
LEFT JOIN (
  SELECT fund_id, SUM(amount_yuan) AS fund_allotted_yuan FROM allotment GROUP BY fund_id
) AS a ON a.fund_id = s.fund_id
