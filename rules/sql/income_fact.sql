-- income_fact: one row a village and year of which some table tells a collective income: by source,
-- whom it hangs on, and how far the tables differ. The form of the village comes first, its account
-- where the form says nothing.
SELECT
  known.*,
  known.operating_income_yuan + known.contracting_income_yuan + known.investment_income_yuan
    AS own_income_yuan,
  100.0 * (known.operating_income_yuan + known.contracting_income_yuan + known.investment_income_yuan)
    / NULLIF(known.sources_yuan, 0) AS own_share_percent,
  known.account_total_yuan - known.account_expense_yuan AS surplus_yuan,
  100.0 * known.largest_source_yuan / NULLIF(known.sources_yuan, 0) AS largest_source_percent,
  CASE WHEN known.largest_source_yuan > 0 THEN
    CASE known.largest_source_yuan
      WHEN known.operating_income_yuan THEN 'operating'
      WHEN known.contracting_income_yuan THEN 'contracting'
      WHEN known.investment_income_yuan THEN 'investment'
      WHEN known.grant_income_yuan THEN 'grant'
      ELSE 'other'
    END
  END AS largest_source,
  100.0 * known.largest_payer_yuan / NULLIF(known.paid_lines_yuan, 0) AS largest_payer_percent,
  ABS(known.form_income_yuan - known.account_total_yuan) AS form_gap_yuan,
  ABS(known.account_total_yuan - known.sources_yuan) AS sources_gap_yuan,
  ABS(known.sources_yuan - known.lines_yuan) AS lines_gap_yuan,
  GREATEST(
    known.collective_dividend_yuan - (
      known.operating_income_yuan + known.contracting_income_yuan + known.investment_income_yuan
    ),
    0.0
  ) AS dividend_gap_yuan
FROM (
  SELECT
    k.village_code,
    SUBSTRING(k.village_code, 1, 9) AS township_code,
    SUBSTRING(k.village_code, 1, 6) AS county_code,
    k.year,
    k.year < d.data_year OR d.data_month_day = 1231 AS year_over,
    v.population,
    COALESCE(v.collective_income_yuan, a.account_total_yuan) AS collective_income_yuan,
    v.collective_income_yuan AS form_income_yuan,
    a.account_total_yuan,
    a.account_expense_yuan,
    a.sources_yuan,
    -- Of a village with an account, a kind of income that is blank there is none.
    CASE WHEN a.sources_yuan IS NOT NULL THEN COALESCE(a.operating_income_yuan, 0.0) END
      AS operating_income_yuan,
    CASE WHEN a.sources_yuan IS NOT NULL THEN COALESCE(a.contracting_income_yuan, 0.0) END
      AS contracting_income_yuan,
    CASE WHEN a.sources_yuan IS NOT NULL THEN COALESCE(a.investment_income_yuan, 0.0) END
      AS investment_income_yuan,
    CASE WHEN a.sources_yuan IS NOT NULL THEN COALESCE(a.grant_income_yuan, 0.0) END
      AS grant_income_yuan,
    CASE WHEN a.sources_yuan IS NOT NULL THEN COALESCE(a.other_collective_yuan, 0.0) END
      AS other_collective_yuan,
    CASE WHEN a.sources_yuan IS NOT NULL THEN GREATEST(
      COALESCE(a.operating_income_yuan, 0.0), COALESCE(a.contracting_income_yuan, 0.0),
      COALESCE(a.investment_income_yuan, 0.0), COALESCE(a.grant_income_yuan, 0.0),
      COALESCE(a.other_collective_yuan, 0.0)
    ) END AS largest_source_yuan,
    r.lines_yuan,
    r.one_off_own_yuan,
    COALESCE(w.repeated_lines, CASE WHEN r.lines_yuan IS NOT NULL THEN 0 END) AS repeated_lines,
    w.repeated_yuan,
    p.payers,
    p.paid_lines_yuan,
    p.largest_payer_yuan,
    g.collective_dividend_yuan
  FROM (
    SELECT village_code, year FROM village_year
    UNION
    SELECT village_code, year FROM village_account
    UNION
    SELECT village_code, year FROM village_receipt
  ) AS k
  CROSS JOIN data_date AS d
  LEFT JOIN village_year AS v ON v.village_code = k.village_code AND v.year = k.year
  LEFT JOIN (
    SELECT
      *,
      CASE WHEN COALESCE(
          operating_income_yuan, contracting_income_yuan, investment_income_yuan, grant_income_yuan,
          other_collective_yuan
        ) IS NOT NULL
        THEN CAST(
          CAST(COALESCE(operating_income_yuan, 0) AS DECIMAL(20, 4))
          + CAST(COALESCE(contracting_income_yuan, 0) AS DECIMAL(20, 4))
          + CAST(COALESCE(investment_income_yuan, 0) AS DECIMAL(20, 4))
          + CAST(COALESCE(grant_income_yuan, 0) AS DECIMAL(20, 4))
          + CAST(COALESCE(other_collective_yuan, 0) AS DECIMAL(20, 4)) AS DOUBLE)
      END AS sources_yuan
    FROM village_account
  ) AS a ON a.village_code = k.village_code AND a.year = k.year
  LEFT JOIN (
    SELECT
      village_code,
      year,
      CAST(SUM(CAST(amount_yuan AS DECIMAL(20, 4))) AS DOUBLE) AS lines_yuan,
      CAST(SUM(CASE WHEN one_off AND collective_source IN ('operating', 'contracting', 'investment')
        THEN CAST(amount_yuan AS DECIMAL(20, 4)) ELSE 0 END) AS DOUBLE) AS one_off_own_yuan
    FROM village_receipt
    GROUP BY village_code, year
  ) AS r ON r.village_code = k.village_code AND r.year = k.year
  -- The same money of the same payer on the same day under the same kind, more than once.
  LEFT JOIN (
    SELECT
      village_code,
      year,
      CAST(SUM(times - 1) AS INT) AS repeated_lines,
      CAST(SUM(amount * (times - 1)) AS DOUBLE) AS repeated_yuan
    FROM (
      SELECT
        village_code,
        year,
        CAST(amount_yuan AS DECIMAL(20, 4)) AS amount,
        COUNT(*) AS times
      FROM village_receipt
      WHERE payer IS NOT NULL AND booked_on IS NOT NULL
      GROUP BY village_code, year, collective_source, payer, booked_on, amount_yuan
    ) AS alike
    WHERE times > 1
    GROUP BY village_code, year
  ) AS w ON w.village_code = k.village_code AND w.year = k.year
  -- Whom what the village earns hangs on: payers of lines that are no grants.
  LEFT JOIN (
    SELECT
      village_code,
      year,
      CAST(COUNT(*) AS INT) AS payers,
      CAST(SUM(paid) AS DOUBLE) AS paid_lines_yuan,
      CAST(MAX(paid) AS DOUBLE) AS largest_payer_yuan
    FROM (
      SELECT village_code, year, payer, SUM(CAST(amount_yuan AS DECIMAL(20, 4))) AS paid
      FROM village_receipt
      WHERE payer IS NOT NULL AND collective_source <> 'grant'
      GROUP BY village_code, year, payer
    ) AS of_payer
    GROUP BY village_code, year
  ) AS p ON p.village_code = k.village_code AND p.year = k.year
  LEFT JOIN (
    SELECT
      village_code,
      year,
      CAST(SUM(CAST(amount_yuan AS DECIMAL(20, 4))) AS DOUBLE) AS collective_dividend_yuan
    FROM dividend
    WHERE dividend_payee = 'collective'
    GROUP BY village_code, year
  ) AS g ON g.village_code = k.village_code AND g.year = k.year
  WHERE k.year <= d.data_year
) AS known
