-- level_payment: one row a payment, and whether the line that it names was ever allotted.
SELECT
  p.payment_id AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  p.region_code AS village_code,
  d.data_year AS judged_year,
  p.paid_on,
  p.amount_yuan,
  a.line_id IS NOT NULL AS line_known
FROM payment AS p
CROSS JOIN data_date AS d
LEFT JOIN allotment AS a ON a.line_id = p.line_id
