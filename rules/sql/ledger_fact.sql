-- ledger_fact: one row a ledger entry, with its state on the data date. An entry is not done with
-- because somebody closed it: whether its household still meets the group's rule is told beside it.
SELECT
  e.entry_id,
  e.household_id,
  e.village_code,
  SUBSTRING(e.village_code, 1, 9) AS township_code,
  SUBSTRING(e.village_code, 1, 6) AS county_code,
  d.data_year AS year,
  e.group_key,
  e.opened_on,
  e.due_on,
  e.closed_on,
  {stands} AS stands,
  CASE
    WHEN e.closed_on <= d.data_day AND ({stands}) THEN 'closed_standing'
    WHEN e.closed_on <= d.data_day THEN 'closed'
    WHEN COALESCE(e.due_on_until, e.due_on) < d.data_day THEN 'overdue'
    WHEN e.due_on <= d.due_soon_day THEN 'due'
    ELSE 'open'
  END AS ledger_state
FROM ledger_entry AS e
CROSS JOIN data_date AS d
LEFT JOIN household_fact AS f ON f.household_id = e.household_id AND f.year = d.data_year
