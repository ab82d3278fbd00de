-- level_receipt: one row what a household got of a line: whether it, or the person named, got the
-- same for the same once more, was dead, or stood in no register on that day.
SELECT
  r.receipt_id AS subject_id,
  r.household_id,
  r.village_code,
  d.data_year AS judged_year,
  r.received_on,
  r.amount_yuan,
  COUNT(*) OVER (
    PARTITION BY a.year, COALESCE(a.content, r.line_id), r.household_id, r.member_id, r.amount_yuan
  ) AS same_receipts,
  e.died_on,
  h.registered,
  h.registered OR (
    m.household_id IS NOT NULL AND (m.cleared_on IS NULL OR m.cleared_on >= r.received_on)
  ) AS in_register
FROM fund_receipt AS r
CROSS JOIN data_date AS d
LEFT JOIN allotment AS a ON a.line_id = r.line_id
LEFT JOIN household AS h ON h.household_id = r.household_id
LEFT JOIN monitored_household AS m ON m.household_id = r.household_id
LEFT JOIN (
  SELECT household_id, member_id, MIN(changed_on) AS died_on
  FROM change_event
  WHERE change_kind = 'died' AND member_id IS NOT NULL
  GROUP BY household_id, member_id
) AS e ON e.household_id = r.household_id AND e.member_id = r.member_id
