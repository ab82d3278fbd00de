-- calendar_household_fact: one row a household that has a row of calendar_fact, as of the data date: what
-- was due to it within twelve months, what came, and how often and how long it waited.
SELECT
  f.household_id,
  f.village_code,
  f.township_code,
  f.county_code,
  f.year,
  f.payments_due,
  f.months_due,
  f.due_yuan,
  f.came_yuan,
  f.waiting_yuan,
  f.all_came_yuan,
  CASE WHEN f.missed > 0 OR f.untold = 0 THEN f.missed END AS payments_missed,
  CASE WHEN f.missed > 0 THEN TRUE WHEN f.untold = 0 THEN FALSE END AS month_missed,
  CASE WHEN f.short > 0 OR f.untold = 0 THEN f.short END AS payments_short,
  CASE WHEN f.short > 0 THEN TRUE WHEN f.untold = 0 THEN FALSE END AS month_short,
  f.untold AS payments_untold,
  CASE WHEN f.missed + f.short > 0 THEN FALSE WHEN f.untold = 0 THEN TRUE END AS all_due_came,
  f.most_days_late,
  CASE WHEN r.longest IS NOT NULL OR f.untold = 0 THEN COALESCE(r.longest, 0) END AS longest_missed,
  CASE WHEN r.waits IS NOT NULL OR f.untold = 0 THEN COALESCE(r.waits, 0) END AS waiting_months,
  CASE WHEN l.residents THEN COALESCE(i.housed, FALSE) END AS home_housed,
  f.home_month_yuan
FROM (
  SELECT
    household_id,
    village_code,
    township_code,
    county_code,
    year,
    COUNT(*) FILTER (WHERE payment_asked) AS payments_due,
    COUNT(DISTINCT month_no) FILTER (WHERE payment_asked) AS months_due,
    COALESCE(SUM(due_yuan) FILTER (WHERE came_yuan IS NOT NULL), 0) AS due_yuan,
    COALESCE(SUM(came_yuan), 0) AS came_yuan,
    COALESCE(SUM(waiting_yuan), 0) AS waiting_yuan,
    COALESCE(SUM(paid_yuan), 0) AS all_came_yuan,
    COUNT(*) FILTER (WHERE state = 'missed') AS missed,
    COUNT(*) FILTER (WHERE state = 'short') AS short,
    COUNT(*) FILTER (WHERE state = 'unknown') AS untold,
    MAX(days_after_month) AS most_days_late,
    CAST(SUM(paid_yuan) FILTER (WHERE payment_kind = 'home_income' AND payment_asked) AS DOUBLE)
      / NULLIF(COUNT(paid_yuan) FILTER (WHERE payment_kind = 'home_income' AND payment_asked), 0)
      AS home_month_yuan
  FROM calendar_fact
  GROUP BY household_id, village_code, township_code, county_code, year
) AS f
CROSS JOIN (SELECT COUNT(*) > 0 AS residents FROM home_resident) AS l
LEFT JOIN (
  SELECT r.household_id, r.left_home_on IS NULL OR r.left_home_on > d.data_day AS housed
  FROM home_resident AS r
  CROSS JOIN data_date AS d
) AS i ON i.household_id = f.household_id
LEFT JOIN (
  -- Months running in which nothing came of a kind, and those of them that reach its last month due.
  SELECT
    runs.household_id,
    MAX(runs.months) AS longest,
    MAX(CASE WHEN runs.last_no = t.last_no THEN runs.months END) AS waits
  FROM (
    SELECT household_id, payment_kind, COUNT(*) AS months, MAX(month_no) AS last_no
    FROM (
      SELECT household_id, payment_kind, month_no,
        month_no - ROW_NUMBER() OVER (PARTITION BY household_id, payment_kind ORDER BY month_no)
          AS run
      FROM calendar_fact
      WHERE state = 'missed'
    ) AS missed
    GROUP BY household_id, payment_kind, run
  ) AS runs
  JOIN (
    SELECT household_id, payment_kind, MAX(month_no) AS last_no
    FROM calendar_fact
    WHERE payment_asked
    GROUP BY household_id, payment_kind
  ) AS t ON t.household_id = runs.household_id AND t.payment_kind = runs.payment_kind
  GROUP BY runs.household_id
) AS r ON r.household_id = f.household_id
