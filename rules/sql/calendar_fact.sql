-- calendar_fact: one row a household, month and kind of money in the twelve months up to the data date:
-- what was due, what of it came, and when. The payment sheets tell it; of public-interest posts and
-- dividends their own ledgers do where no sheet has the month, and a roll tells what was due where the
-- sheets of its kind, from its first one on, lack the household. `state` is `none` of what was not due, `came` of what has no
-- set amount, `open` while there still is time.
WITH months AS (
  SELECT d.data_year * 12 + MONTH(d.data_day) - 1 - b.back AS month_no
  FROM data_date AS d
  CROSS JOIN (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11)) AS b(back)
),
sheet AS (
  SELECT
    p.household_id, p.village_code, p.payment_kind, p.month_due_yuan, p.month_paid_yuan, p.paid_on,
    YEAR(p.month_on) * 12 + MONTH(p.month_on) - 1 AS month_no
  FROM monthly_payment AS p
  JOIN months AS m ON m.month_no = YEAR(p.month_on) * 12 + MONTH(p.month_on) - 1
),
rolls AS (
  SELECT household_id, benefit_kind AS payment_kind, month_yuan,
    YEAR(started_on) * 12 + MONTH(started_on) - 1 AS started_no,
    YEAR(ended_on) * 12 + MONTH(ended_on) - 1 AS ended_no
  FROM benefit
  WHERE benefit_kind <> 'temporary_aid'
  UNION ALL
  SELECT household_id, 'workshop_wage', month_pay_yuan,
    YEAR(started_on) * 12 + MONTH(started_on) - 1,
    YEAR(ended_on) * 12 + MONTH(ended_on) - 1
  FROM workplace_worker
  UNION ALL
  SELECT household_id, 'post_wage', month_yuan,
    YEAR(appointed_on) * 12 + MONTH(appointed_on) - 1,
    YEAR(vacated_on) * 12 + MONTH(vacated_on) - 1
  FROM post
  WHERE household_id IS NOT NULL AND appointed_on IS NOT NULL
),
-- Due is a month that lies whole within the time on a roll; on it is who was there for a day.
rolled AS (
  SELECT
    r.household_id,
    r.payment_kind,
    m.month_no,
    TRUE AS on_roll,
    CAST(SUM(CASE WHEN COALESCE(r.started_no < m.month_no, TRUE)
      AND COALESCE(m.month_no < r.ended_no, TRUE) THEN CAST(r.month_yuan AS DECIMAL(18, 2)) END)
      AS DECIMAL(18, 2))
      AS roll_yuan
  FROM rolls AS r
  JOIN months AS m
    ON COALESCE(r.started_no <= m.month_no, TRUE) AND COALESCE(m.month_no <= r.ended_no, TRUE)
  GROUP BY r.household_id, r.payment_kind, m.month_no
),
posts AS (
  SELECT
    p.household_id,
    'post_wage' AS payment_kind,
    m.month_no,
    CAST(SUM(CAST(p.month_yuan AS DECIMAL(18, 2))) AS DECIMAL(18, 2)) AS due_yuan,
    CASE WHEN COUNT(p.paid_through) = COUNT(*) THEN CAST(SUM(CASE
      WHEN YEAR(p.paid_through) * 12 + MONTH(p.paid_through) - 1 >= m.month_no
        THEN CAST(p.month_yuan AS DECIMAL(18, 2))
      ELSE 0 END) AS DECIMAL(18, 2)) END AS paid_yuan
  FROM post AS p
  JOIN months AS m
    ON m.month_no > YEAR(p.appointed_on) * 12 + MONTH(p.appointed_on) - 1
    AND COALESCE(m.month_no < YEAR(p.vacated_on) * 12 + MONTH(p.vacated_on) - 1, TRUE)
  WHERE p.household_id IS NOT NULL AND p.month_yuan IS NOT NULL
  GROUP BY p.household_id, m.month_no
),
shares AS (
  SELECT
    i.household_id,
    'dividend' AS payment_kind,
    m.month_no,
    CAST(SUM(CAST(i.amount_yuan AS DECIMAL(18, 2))) AS DECIMAL(18, 2)) AS paid_yuan,
    MAX(i.paid_on) AS paid_on
  FROM dividend AS i
  JOIN months AS m ON m.month_no = YEAR(i.paid_on) * 12 + MONTH(i.paid_on) - 1
  WHERE i.household_id IS NOT NULL
  GROUP BY i.household_id, m.month_no
)
SELECT
  told.household_id,
  h.village_code,
  SUBSTRING(h.village_code, 1, 9) AS township_code,
  SUBSTRING(h.village_code, 1, 6) AS county_code,
  told.data_year AS year,
  told.month_no,
  MAKE_DATE(CAST(FLOOR(told.month_no / 12.0) AS INT), MOD(told.month_no, 12) + 1, 1) AS month_on,
  told.payment_kind,
  told.told_by,
  told.due_yuan,
  told.paid_yuan,
  told.paid_on,
  told.days_after_month,
  told.state,
  told.state IN ('whole', 'late', 'missed', 'short', 'unknown') AS payment_asked,
  CASE
    WHEN told.state IN ('whole', 'late') THEN told.due_yuan
    WHEN told.state IN ('missed', 'short') THEN told.paid_yuan
  END AS came_yuan,
  CASE WHEN told.state IN ('missed', 'short') THEN told.due_yuan - told.paid_yuan END AS waiting_yuan,
  told.roll_yuan,
  told.on_roll,
  told.roll_ended_no < told.month_no AND NOT told.on_roll AS roll_over,
  told.roll_ended_no,
  told.sheet_here
FROM (
  SELECT
    timed.*,
    CASE
      WHEN timed.due_yuan = 0 AND COALESCE(timed.paid_yuan, 0) = 0 THEN 'none'
      WHEN timed.due_yuan IS NULL AND timed.paid_yuan > 0 THEN 'came'
      WHEN timed.due_yuan IS NULL OR timed.payment_grace_days IS NULL THEN 'unknown'
      WHEN timed.paid_yuan >= timed.due_yuan AND timed.days_after_month > timed.payment_grace_days
        THEN 'late'
      WHEN timed.paid_yuan >= timed.due_yuan THEN 'whole'
      WHEN timed.days_since_month <= timed.payment_grace_days THEN 'open'
      WHEN timed.paid_yuan IS NULL THEN 'unknown'
      WHEN timed.paid_yuan = 0 THEN 'missed'
      ELSE 'short'
    END AS state
  FROM (
    SELECT
      lines.household_id,
      lines.month_no,
      lines.payment_kind,
      lines.told_by,
      COALESCE(lines.due_yuan,
        CASE WHEN lines.told_by = 'roll' THEN lines.roll_yuan END) AS due_yuan,
      lines.paid_yuan,
      lines.paid_on,
      lines.roll_yuan,
      lines.on_roll,
      lines.roll_ended_no,
      lines.sheet_here,
      d.data_year,
      d.payment_grace_days,
      CAST(EXTRACT(DAY FROM CAST(d.data_day AS TIMESTAMP) - CAST(LAST_DAY(MAKE_DATE(
        CAST(FLOOR(lines.month_no / 12.0) AS INT), MOD(lines.month_no, 12) + 1, 1)) AS TIMESTAMP))
        AS INT) AS days_since_month,
      CAST(EXTRACT(DAY FROM CAST(lines.paid_on AS TIMESTAMP) - CAST(LAST_DAY(MAKE_DATE(
        CAST(FLOOR(lines.month_no / 12.0) AS INT), MOD(lines.month_no, 12) + 1, 1)) AS TIMESTAMP))
        AS INT) AS days_after_month
    FROM (
      -- What sheets, ledgers and rolls say of the same household, month and kind, side by side.
      SELECT
        every.household_id,
        every.month_no,
        every.payment_kind,
        CASE
          WHEN s.household_id IS NOT NULL THEN 'sheet'
          WHEN o.household_id IS NOT NULL THEN 'post'
          WHEN v.household_id IS NOT NULL THEN 'dividend'
          ELSE 'roll'
        END AS told_by,
        CASE WHEN s.household_id IS NOT NULL THEN s.month_due_yuan ELSE o.due_yuan END AS due_yuan,
        CASE WHEN s.household_id IS NOT NULL THEN s.month_paid_yuan
          ELSE COALESCE(o.paid_yuan, v.paid_yuan) END AS paid_yuan,
        CASE WHEN s.household_id IS NOT NULL THEN s.paid_on ELSE v.paid_on END AS paid_on,
        r.roll_yuan,
        CASE WHEN k.payment_kind IS NOT NULL THEN COALESCE(r.on_roll, FALSE) END AS on_roll,
        e.roll_ended_no,
        c.township_code IS NOT NULL AS sheet_here
      FROM (
        SELECT household_id, month_no, payment_kind FROM sheet
        UNION
        SELECT household_id, month_no, payment_kind FROM posts
        UNION
        SELECT household_id, month_no, payment_kind FROM shares
        UNION
        SELECT r.household_id, r.month_no, r.payment_kind
        FROM rolled AS r
        JOIN (SELECT payment_kind, MIN(month_no) AS first_no FROM sheet GROUP BY payment_kind) AS k
          ON k.payment_kind = r.payment_kind AND k.first_no <= r.month_no
        WHERE r.roll_yuan IS NOT NULL AND r.payment_kind <> 'post_wage'
      ) AS every
      JOIN household AS b ON b.household_id = every.household_id
      LEFT JOIN sheet AS s
        ON s.household_id = every.household_id AND s.month_no = every.month_no
        AND s.payment_kind = every.payment_kind
      LEFT JOIN posts AS o
        ON o.household_id = every.household_id AND o.month_no = every.month_no
        AND o.payment_kind = every.payment_kind
      LEFT JOIN shares AS v
        ON v.household_id = every.household_id AND v.month_no = every.month_no
        AND v.payment_kind = every.payment_kind
      LEFT JOIN rolled AS r
        ON r.household_id = every.household_id AND r.month_no = every.month_no
        AND r.payment_kind = every.payment_kind
      LEFT JOIN (SELECT DISTINCT payment_kind FROM rolls) AS k ON k.payment_kind = every.payment_kind
      LEFT JOIN (
        SELECT household_id, payment_kind, MAX(ended_no) AS roll_ended_no
        FROM rolls
        GROUP BY household_id, payment_kind
      ) AS e ON e.household_id = every.household_id AND e.payment_kind = every.payment_kind
      LEFT JOIN (
        SELECT DISTINCT SUBSTRING(village_code, 1, 9) AS township_code, month_no, payment_kind
        FROM sheet
      ) AS c
        ON c.township_code = SUBSTRING(b.village_code, 1, 9) AND c.month_no = every.month_no
        AND c.payment_kind = every.payment_kind
    ) AS lines
    CROSS JOIN data_date AS d
  ) AS timed
) AS told
JOIN household AS h ON h.household_id = told.household_id
