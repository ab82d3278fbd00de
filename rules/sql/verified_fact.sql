-- verified_fact: one row a registered household in the newest year, with how the nine verifications
-- stand: done (with a day and a result that stands), or recorded and not done. Of the done ones the
-- oldest day.
SELECT
  f.household_id,
  f.village_code,
  f.township_code,
  f.county_code,
  f.year,
  f.village_group,
  f.head_name,
  k.oldest_on,
  COALESCE(k.population_done, 0) AS population_done,
  COALESCE(k.population_pending, 0) AS population_pending,
  COALESCE(k.health_done, 0) AS health_done,
  COALESCE(k.health_pending, 0) AS health_pending,
  COALESCE(k.labour_done, 0) AS labour_done,
  COALESCE(k.labour_pending, 0) AS labour_pending,
  COALESCE(k.employment_done, 0) AS employment_done,
  COALESCE(k.employment_pending, 0) AS employment_pending,
  COALESCE(k.cause_done, 0) AS cause_done,
  COALESCE(k.cause_pending, 0) AS cause_pending,
  COALESCE(k.income_done, 0) AS income_done,
  COALESCE(k.income_pending, 0) AS income_pending,
  COALESCE(k.policies_done, 0) AS policies_done,
  COALESCE(k.policies_pending, 0) AS policies_pending,
  COALESCE(k.standards_done, 0) AS standards_done,
  COALESCE(k.standards_pending, 0) AS standards_pending,
  COALESCE(k.wishes_done, 0) AS wishes_done,
  COALESCE(k.wishes_pending, 0) AS wishes_pending
FROM household_fact AS f
LEFT JOIN (
  SELECT
    household_id,
    MIN(CASE WHEN done THEN checked_on END) AS oldest_on,
    CAST(SUM(CASE WHEN check_item = 'population' AND done THEN 1 ELSE 0 END) AS INT) AS population_done,
    CAST(SUM(CASE WHEN check_item = 'population' AND NOT done THEN 1 ELSE 0 END) AS INT)
      AS population_pending,
    CAST(SUM(CASE WHEN check_item = 'health' AND done THEN 1 ELSE 0 END) AS INT) AS health_done,
    CAST(SUM(CASE WHEN check_item = 'health' AND NOT done THEN 1 ELSE 0 END) AS INT)
      AS health_pending,
    CAST(SUM(CASE WHEN check_item = 'labour' AND done THEN 1 ELSE 0 END) AS INT) AS labour_done,
    CAST(SUM(CASE WHEN check_item = 'labour' AND NOT done THEN 1 ELSE 0 END) AS INT)
      AS labour_pending,
    CAST(SUM(CASE WHEN check_item = 'employment' AND done THEN 1 ELSE 0 END) AS INT) AS employment_done,
    CAST(SUM(CASE WHEN check_item = 'employment' AND NOT done THEN 1 ELSE 0 END) AS INT)
      AS employment_pending,
    CAST(SUM(CASE WHEN check_item = 'cause' AND done THEN 1 ELSE 0 END) AS INT) AS cause_done,
    CAST(SUM(CASE WHEN check_item = 'cause' AND NOT done THEN 1 ELSE 0 END) AS INT)
      AS cause_pending,
    CAST(SUM(CASE WHEN check_item = 'income' AND done THEN 1 ELSE 0 END) AS INT) AS income_done,
    CAST(SUM(CASE WHEN check_item = 'income' AND NOT done THEN 1 ELSE 0 END) AS INT)
      AS income_pending,
    CAST(SUM(CASE WHEN check_item = 'policies' AND done THEN 1 ELSE 0 END) AS INT) AS policies_done,
    CAST(SUM(CASE WHEN check_item = 'policies' AND NOT done THEN 1 ELSE 0 END) AS INT)
      AS policies_pending,
    CAST(SUM(CASE WHEN check_item = 'standards' AND done THEN 1 ELSE 0 END) AS INT) AS standards_done,
    CAST(SUM(CASE WHEN check_item = 'standards' AND NOT done THEN 1 ELSE 0 END) AS INT)
      AS standards_pending,
    CAST(SUM(CASE WHEN check_item = 'wishes' AND done THEN 1 ELSE 0 END) AS INT) AS wishes_done,
    CAST(SUM(CASE WHEN check_item = 'wishes' AND NOT done THEN 1 ELSE 0 END) AS INT)
      AS wishes_pending
  FROM (
    SELECT
      household_id,
      check_item,
      checked_on,
      checked_on IS NOT NULL AND check_result IN ('agrees', 'corrected') AS done
    FROM nine_check
  ) AS c
  GROUP BY household_id
) AS k ON k.household_id = f.household_id
WHERE f.is_latest AND f.registered
