-- One group's households: found by the rule, held in the ledger, or both. An entry that was closed
-- and whose cause has passed is what closing is for: it stands in no ledger any more.
SELECT
  f.household_id,
  f.village_code,
  f.township_code,
  f.county_code,
  f.year,
  '{key}' AS group_key,
  f.{column} AS found,
  e.household_id IS NOT NULL AS held,
  e.ledger_state,
  CASE
    WHEN f.{column} AND e.household_id IS NULL THEN 'missing'
    WHEN NOT f.{column} AND e.ledger_state <> 'closed' THEN 'without_cause'
    WHEN f.{column} IS NULL THEN 'unknown'
    ELSE 'agree'
  END AS finding
FROM household_fact AS f
LEFT JOIN (
  SELECT household_id, MAX_BY(ledger_state, opened_on) AS ledger_state
  FROM ledger_fact
  WHERE group_key = '{key}'
  GROUP BY household_id
) AS e ON e.household_id = f.household_id
WHERE f.is_latest AND (f.{column} OR e.household_id IS NOT NULL)
