-- level_income: one row a village, in the newest year that is over and of which it has an account.
SELECT
  f.village_code AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  f.village_code,
  d.data_year AS judged_year,
  f.year AS income_year,
  f.form_income_yuan,
  f.account_total_yuan,
  f.sources_yuan,
  f.lines_yuan,
  f.own_income_yuan,
  f.form_gap_yuan,
  f.sources_gap_yuan,
  f.lines_gap_yuan,
  f.one_off_own_yuan,
  f.repeated_lines,
  f.repeated_yuan,
  f.collective_dividend_yuan,
  f.dividend_gap_yuan
FROM (
  SELECT
    t.*,
    ROW_NUMBER() OVER (PARTITION BY t.village_code ORDER BY t.year DESC) AS turn
  FROM ({income_fact}) AS t
  WHERE t.year_over AND t.account_total_yuan IS NOT NULL
) AS f
CROSS JOIN data_date AS d
WHERE f.turn = 1
