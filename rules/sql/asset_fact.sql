-- asset_fact: one row an asset and year of which its yield or a dividend is recorded, and the data
-- date's: what it yielded beside what was agreed, and what was paid out of it.
SELECT
  a.asset_id,
  a.village_code,
  SUBSTRING(a.village_code, 1, 9) AS township_code,
  SUBSTRING(a.village_code, 1, 6) AS county_code,
  y.year,
  y.year = d.data_year AS is_latest,
  a.asset_class,
  a.asset_kind,
  a.asset_state,
  a.value_yuan,
  a.owner IS NOT NULL AS has_owner,
  a.custodian IS NOT NULL AS has_custodian,
  a.contract_until,
  a.agreed_yield_yuan,
  g.yield_yuan,
  p.dividend_yuan,
  a.value_yuan * a.dividend_rate_percent / 100 AS dividend_due_yuan
FROM asset AS a
CROSS JOIN data_date AS d
JOIN (
  SELECT asset_id, year FROM asset_year
  UNION
  SELECT asset_id, year FROM dividend
  UNION
  SELECT o.asset_id, t.data_year AS year FROM asset AS o CROSS JOIN data_date AS t
) AS y ON y.asset_id = a.asset_id AND y.year <= d.data_year
LEFT JOIN asset_year AS g ON g.asset_id = y.asset_id AND g.year = y.year
LEFT JOIN (
  SELECT asset_id, year, CAST(SUM(CAST(amount_yuan AS DECIMAL(20, 4))) AS DOUBLE) AS dividend_yuan
  FROM dividend
  GROUP BY asset_id, year
) AS p ON p.asset_id = y.asset_id AND p.year = y.year
