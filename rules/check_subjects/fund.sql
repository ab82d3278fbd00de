-- level_fund: one row a total or subtotal line of a file. It is of no village: it stands under
-- the county's code, which only a viewer of the whole county sees.
SELECT
  CONCAT(f.file, ' ', COALESCE(f.sheet, ''), ' ', CAST(f.row AS STRING), ' ', f.header)
    AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  c.region_code AS village_code,
  d.data_year AS judged_year,
  f.declared,
  f.added,
  f.declared - f.added AS declared_difference
FROM declared_total AS f
CROSS JOIN data_date AS d
CROSS JOIN (SELECT MIN(region_code) AS region_code FROM region WHERE level = 'county') AS c
