-- notice_fact: one row a list that a village owes its people in a year, beside the sheet that was put
-- up of it: the one on the village's board that hung longest, else the one that hung elsewhere. Of
-- monitoring and funds other files say what was published (the steps of a case, the book of funds):
-- these are `judged` by them, and what sheets say beside is compared. A list that no sheet of the
-- whole county is of in a year is not `told`: nobody kept its notices, which is not that none hung.
WITH entry AS (
  SELECT
    'register' AS notice_list,
    village_code,
    CAST(YEAR(identified_on) AS INT) AS year,
    identified_on AS listed_on,
    CAST(NULL AS DATE) AS begun_on
  FROM household
  WHERE registered AND identified_on IS NOT NULL
  UNION ALL
  SELECT
    'exits', h.village_code, CAST(y.year AS INT),
    CAST(CONCAT(CAST(y.year AS STRING), '-12-31') AS DATE), CAST(NULL AS DATE)
  FROM household_year AS y
  JOIN household AS h ON h.household_id = y.household_id
  WHERE y.poverty_state = 'exited_now'
  UNION ALL
  SELECT
    'monitoring', village_code, CAST(YEAR(notice_on) AS INT), notice_on, CAST(NULL AS DATE)
  FROM monitored_household
  WHERE notice_on IS NOT NULL
  UNION ALL
  SELECT
    'benefits', h.village_code, b.year,
    CASE
      WHEN YEAR(b.begun_on) = b.year THEN b.begun_on
      ELSE CAST(CONCAT(CAST(b.year AS STRING), '-01-01') AS DATE)
    END,
    b.begun_on
  FROM (
    SELECT
      b.household_id,
      b.benefit_kind,
      CAST(y.year AS INT) AS year,
      MIN(COALESCE(b.started_on_until, b.started_on)) AS begun_on
    FROM benefit AS b
    JOIN (
      SELECT CAST(year AS BIGINT) AS year FROM public_notice WHERE notice_list = 'benefits'
      UNION
      SELECT CAST(data_year AS BIGINT) AS year FROM data_date
    ) AS y ON YEAR(b.started_on) <= y.year AND (b.ended_on IS NULL OR YEAR(b.ended_on) > y.year)
    WHERE b.benefit_kind IN ('minimum_allowance', 'extreme_poverty')
    GROUP BY b.household_id, b.benefit_kind, CAST(y.year AS INT)
  ) AS b
  JOIN household AS h ON h.household_id = b.household_id
  UNION ALL
  SELECT
    'projects', village_code, CAST(year AS INT),
    COALESCE(started_on, CAST(CONCAT(CAST(year AS STRING), '-12-31') AS DATE)),
    CAST(NULL AS DATE)
  FROM project
  WHERE year IS NOT NULL
  UNION ALL
  SELECT 'funds', a.region_code, CAST(a.year AS INT), n.published_on, CAST(NULL AS DATE)
  FROM allotment AS a
  JOIN (
    SELECT line_id, MIN(published_on) AS published_on FROM publication GROUP BY line_id
  ) AS n ON n.line_id = a.line_id
  WHERE LENGTH(a.region_code) = 12
),

sheet AS (
  SELECT
    p.*,
    LENGTH(p.region_code) = 12 AND p.posted_at = 'village_board' AS on_board,
    CAST(EXTRACT(DAY FROM CAST(p.withdrawn_on AS TIMESTAMP) - CAST(p.posted_on AS TIMESTAMP))
      AS INT) AS notice_days
  FROM public_notice AS p
),

owed AS (
  SELECT notice_list, village_code, year, COUNT(*) AS entries_due, MIN(listed_on) AS listed_on
  FROM entry
  GROUP BY notice_list, village_code, year
  UNION ALL
  -- Sheets of villages that the data have no entry of.
  SELECT DISTINCT s.notice_list, s.region_code, CAST(s.year AS INT), 0, CAST(NULL AS DATE)
  FROM sheet AS s
  LEFT JOIN entry AS e
    ON e.notice_list = s.notice_list AND e.village_code = s.region_code AND e.year = s.year
  WHERE LENGTH(s.region_code) = 12 AND e.village_code IS NULL
),

ranked AS (
  SELECT
    o.notice_list,
    o.village_code,
    o.year,
    s.notice_id,
    s.posted_at,
    s.posted_on,
    s.withdrawn_on,
    s.notice_days,
    s.on_board,
    s.sheet_entries,
    s.photo_reference,
    s.unit_in_charge,
    -- A sheet of the township or county is of all its villages: of them it tells where it hung, and
    -- not how many entries are one village's.
    COUNT(s.notice_id) OVER (PARTITION BY o.notice_list, o.village_code, o.year) AS sheets,
    SUM(CASE WHEN LENGTH(s.region_code) = 12 THEN s.sheet_entries END)
      OVER (PARTITION BY o.notice_list, o.village_code, o.year) AS entries_posted,
    ROW_NUMBER() OVER (
      PARTITION BY o.notice_list, o.village_code, o.year
      ORDER BY
        CASE WHEN s.on_board THEN 0 ELSE 1 END,
        CASE WHEN s.notice_days IS NULL THEN 0 ELSE 1 END,
        s.notice_days DESC,
        s.notice_id
    ) AS place
  FROM owed AS o
  LEFT JOIN sheet AS s
    ON s.notice_list = o.notice_list AND s.year = o.year
    AND (
      s.region_code = o.village_code
      OR s.region_code = SUBSTRING(o.village_code, 1, 9)
      OR s.region_code = SUBSTRING(o.village_code, 1, 6)
    )
),

told AS (
  SELECT DISTINCT notice_list, CAST(year AS INT) AS year FROM public_notice
)

SELECT
  CONCAT('N', CAST(o.year AS STRING), o.notice_list, o.village_code) AS notice_duty_id,
  o.village_code,
  SUBSTRING(o.village_code, 1, 9) AS township_code,
  SUBSTRING(o.village_code, 1, 6) AS county_code,
  o.year,
  o.notice_list,
  o.notice_list NOT IN ('monitoring', 'funds') AS judged,
  t.notice_list IS NOT NULL AS told,
  o.entries_due,
  o.listed_on,
  CAST(EXTRACT(DAY FROM CAST(d.data_day AS TIMESTAMP) - CAST(o.listed_on AS TIMESTAMP)) AS INT)
    AS days_since_listed,
  r.sheets,
  r.notice_id,
  r.posted_at,
  r.posted_on,
  r.withdrawn_on,
  r.notice_days,
  COALESCE(r.on_board, FALSE) AS on_board,
  CAST(EXTRACT(DAY FROM CAST(r.posted_on AS TIMESTAMP) - CAST(o.listed_on AS TIMESTAMP)) AS INT)
    AS days_to_posting,
  r.sheet_entries,
  -- Of benefits, who is on the list later than the sheet could not be on it.
  e.entries_then,
  CASE WHEN r.on_board THEN e.entries_then - r.sheet_entries END AS entries_missing,
  CAST(r.entries_posted AS BIGINT) AS entries_posted,
  r.photo_reference,
  r.photo_reference IS NOT NULL AS has_photo,
  r.unit_in_charge
FROM owed AS o
CROSS JOIN data_date AS d
JOIN ranked AS r
  ON r.notice_list = o.notice_list AND r.village_code = o.village_code AND r.year = o.year
  AND r.place = 1
LEFT JOIN told AS t ON t.notice_list = o.notice_list AND t.year = o.year
LEFT JOIN (
  SELECT
    e.notice_list,
    e.village_code,
    e.year,
    COUNT(CASE WHEN e.begun_on IS NULL OR e.begun_on <= r.posted_on THEN 1 END) AS entries_then
  FROM entry AS e
  JOIN ranked AS r
    ON r.notice_list = e.notice_list AND r.village_code = e.village_code AND r.year = e.year
    AND r.place = 1
  GROUP BY e.notice_list, e.village_code, e.year
) AS e ON e.notice_list = o.notice_list AND e.village_code = o.village_code AND e.year = o.year
WHERE o.year <= d.data_year
