-- entrust_fact: one row an entrusted contract and year in which it runs, was paid of, or is still
-- called running, up to the data date's: what was due of the year, what was paid, what the village booked.
SELECT
  known.*,
  -- A year's yield is due when the year is over; of a part of the year its months' share.
  CASE WHEN known.year_over THEN ROUND(known.agreed_yield_yuan * known.months_in_force / 12, 2) END
    AS due_yield_yuan,
  CASE WHEN known.year_over THEN GREATEST(
    ROUND(known.agreed_yield_yuan * known.months_in_force / 12, 2) - known.entrust_paid_yuan, 0.0
  ) END AS short_yield_yuan,
  ABS(known.entrust_paid_yuan - known.entrust_booked_yuan) AS booked_gap_yuan,
  100.0 * known.agreed_yield_yuan / NULLIF(known.entrusted_yuan, 0) AS agreed_yield_percent
FROM (
  SELECT
    c.entrust_id,
    c.village_code,
    SUBSTRING(c.village_code, 1, 9) AS township_code,
    SUBSTRING(c.village_code, 1, 6) AS county_code,
    y.year,
    y.year < d.data_year OR d.data_month_day = 1231 AS year_over,
    c.entrust_kind,
    c.operator_kind,
    c.entrust_state,
    c.entrusted_yuan,
    c.agreed_yield_yuan,
    c.entrusted_on,
    c.entrusted_until,
    c.agreement_management,
    c.agreement_guarantee,
    c.agreement_loan,
    CAST(GREATEST(
      LEAST(12, (YEAR(c.entrusted_until) - y.year) * 12 + MONTH(c.entrusted_until))
      - GREATEST(1, (YEAR(c.entrusted_on) - y.year) * 12 + MONTH(c.entrusted_on)) + 1,
      0
    ) AS INT) AS months_in_force,
    -- Called running though its term ended before the year did, or before the data date.
    c.entrust_state = 'running' AND CASE
      WHEN y.year < d.data_year THEN YEAR(c.entrusted_until) < y.year
        OR (YEAR(c.entrusted_until) = y.year AND MONTH(c.entrusted_until) * 100 + DAY(c.entrusted_until) < 1231)
      ELSE c.entrusted_until < d.data_day
    END AS run_out,
    g.entrust_paid_yuan,
    CASE WHEN l.lines THEN COALESCE(r.entrust_booked_yuan, 0.0) END AS entrust_booked_yuan
  FROM entrust_contract AS c
  CROSS JOIN data_date AS d
  CROSS JOIN (SELECT COUNT(entrust_id) > 0 AS lines FROM village_receipt) AS l
  JOIN (
    SELECT o.entrust_id, t.year
    FROM entrust_contract AS o
    JOIN parameter_year AS t
      ON t.year >= YEAR(o.entrusted_on)
      AND (t.year <= YEAR(o.entrusted_until) OR o.entrust_state = 'running')
    UNION
    SELECT entrust_id, year FROM entrust_year
  ) AS y ON y.entrust_id = c.entrust_id AND y.year <= d.data_year
  LEFT JOIN entrust_year AS g ON g.entrust_id = y.entrust_id AND g.year = y.year
  LEFT JOIN (
    SELECT
      entrust_id,
      year,
      CAST(SUM(CAST(amount_yuan AS DECIMAL(20, 4))) AS DOUBLE) AS entrust_booked_yuan
    FROM village_receipt
    WHERE entrust_id IS NOT NULL
    GROUP BY entrust_id, year
  ) AS r ON r.entrust_id = y.entrust_id AND r.year = y.year
) AS known
