-- level_entrusted: one row an entrusted contract, in its newest year that is over.
SELECT
  f.entrust_id AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  f.village_code,
  d.data_year AS judged_year,
  f.year AS income_year,
  f.entrust_kind,
  f.entrust_state,
  f.entrusted_until,
  f.months_in_force,
  f.entrust_paid_yuan,
  f.entrust_booked_yuan,
  f.booked_gap_yuan
FROM (
  SELECT
    t.*,
    ROW_NUMBER() OVER (PARTITION BY t.entrust_id ORDER BY t.year DESC) AS turn
  FROM ({entrust_fact}) AS t
  WHERE t.year_over
) AS f
CROSS JOIN data_date AS d
WHERE f.turn = 1
