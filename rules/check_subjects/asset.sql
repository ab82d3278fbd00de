-- level_asset: one row an asset, with the last whole year of which its yield is recorded.
SELECT
  f.asset_id AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  f.village_code,
  d.data_year AS judged_year,
  f.asset_class,
  f.asset_kind,
  f.asset_state,
  f.value_yuan,
  f.has_owner,
  f.has_custodian,
  f.contract_until,
  CAST(EXTRACT(DAY FROM CAST(d.data_day AS TIMESTAMP) - CAST(f.contract_until AS TIMESTAMP)) AS INT)
    AS days_since_contract,
  f.agreed_yield_yuan,
  g.year AS yield_year,
  g.yield_yuan,
  g.dividend_yuan,
  g.dividend_due_yuan
FROM ({asset_fact}) AS f
CROSS JOIN data_date AS d
LEFT JOIN (
  SELECT
    t.*,
    ROW_NUMBER() OVER (PARTITION BY t.asset_id ORDER BY t.year DESC) AS turn
  FROM ({asset_fact}) AS t
  CROSS JOIN data_date AS o
  -- A year is judged when it is over.
  WHERE t.yield_yuan IS NOT NULL AND (t.year < o.data_year OR o.data_month_day = 1231)
) AS g ON g.asset_id = f.asset_id AND g.turn = 1
WHERE f.is_latest
