-- fund_fact: one row a line of a fund, with what is paid of it, what is left and how long it lies,
-- what the lists of households and the books below the county say of it, and its first notice. A
-- line of a township or of the county's own stands under its code filled up with zeros, as the code
-- list writes such places among villages. Money is decimal, so that allotted = paid + left exactly.
SELECT
  a.line_id,
  a.fund_id,
  RPAD(a.region_code, 12, '0') AS village_code,
  SUBSTRING(RPAD(a.region_code, 12, '0'), 1, 9) AS township_code,
  SUBSTRING(a.region_code, 1, 6) AS county_code,
  a.region_code,
  a.year,
  s.fund_level,
  s.name AS fund_name,
  s.document_number,
  s.fund_id IS NOT NULL AS source_known,
  a.purpose,
  a.use_form,
  a.unit_in_charge,
  a.project_code,
  a.content,
  a.allotted_on,
  a.budget_yuan,
  a.amount_yuan,
  CAST(COALESCE(p.paid_yuan, 0) AS DECIMAL(18, 2)) AS paid_yuan,
  CAST(a.amount_yuan - COALESCE(p.paid_yuan, 0) AS DECIMAL(18, 2)) AS left_yuan,
  CAST(COALESCE(p.household_yuan, 0) AS DECIMAL(18, 2)) AS household_yuan,
  CAST(COALESCE(r.listed_yuan, 0) AS DECIMAL(18, 2)) AS listed_yuan,
  COALESCE(r.listed_households, 0) AS listed_households,
  p.first_paid_on,
  p.last_paid_on,
  (d.data_year - YEAR(a.allotted_on)) * 12 + MONTH(d.data_day) - MONTH(a.allotted_on)
    - CASE WHEN DAY(d.data_day) < DAY(a.allotted_on) THEN 1 ELSE 0 END AS months_since_allotted,
  (d.data_year - YEAR(p.last_paid_on)) * 12 + MONTH(d.data_day) - MONTH(p.last_paid_on)
    - CASE WHEN DAY(d.data_day) < DAY(p.last_paid_on) THEN 1 ELSE 0 END AS months_since_paid,
  d.fund_idle_months AS idle_after_months,
  a.follow_up_on,
  a.return_yuan,
  n.published_on,
  CAST(EXTRACT(DAY FROM CAST(n.published_on AS TIMESTAMP) - CAST(a.allotted_on AS TIMESTAMP)) AS INT)
    AS days_to_notice,
  CAST(EXTRACT(DAY FROM CAST(d.data_day AS TIMESTAMP) - CAST(a.allotted_on AS TIMESTAMP)) AS INT)
    AS days_since_allotted,
  CAST(EXTRACT(DAY FROM CAST(n.withdrawn_on AS TIMESTAMP) - CAST(n.published_on AS TIMESTAMP))
    AS INT) AS notice_days,
  LENGTH(a.region_code) > 6 AND k.township_books > 0 AS has_township_book,
  t.received_yuan AS township_book_yuan,
  t.spent_yuan AS township_book_spent_yuan,
  LENGTH(a.region_code) = 12 AND k.village_books > 0 AS has_village_book,
  v.received_yuan AS village_book_yuan,
  v.spent_yuan AS village_book_spent_yuan,
  COUNT(*) OVER (
    PARTITION BY a.fund_id, a.region_code, a.purpose, a.project_code, a.content, a.amount_yuan
  ) AS same_lines
FROM allotment AS a
CROSS JOIN data_date AS d
CROSS JOIN (
  SELECT
    COUNT(CASE WHEN book_level = 'township' THEN 1 END) AS township_books,
    COUNT(CASE WHEN book_level = 'village' THEN 1 END) AS village_books
  FROM fund_book
) AS k
LEFT JOIN fund_source AS s ON s.fund_id = a.fund_id
LEFT JOIN (
  SELECT
    line_id,
    SUM(amount_yuan) AS paid_yuan,
    SUM(CASE WHEN payee_kind = 'households' THEN amount_yuan END) AS household_yuan,
    MIN(paid_on) AS first_paid_on,
    MAX(paid_on) AS last_paid_on
  FROM payment
  GROUP BY line_id
) AS p ON p.line_id = a.line_id
LEFT JOIN (
  SELECT
    line_id,
    SUM(amount_yuan) AS listed_yuan,
    COUNT(DISTINCT household_id) AS listed_households
  FROM fund_receipt
  GROUP BY line_id
) AS r ON r.line_id = a.line_id
LEFT JOIN (
  SELECT line_id, MIN(published_on) AS published_on, MAX(withdrawn_on) AS withdrawn_on
  FROM publication
  GROUP BY line_id
) AS n ON n.line_id = a.line_id
LEFT JOIN fund_book AS t ON t.line_id = a.line_id AND t.book_level = 'township'
LEFT JOIN fund_book AS v ON v.line_id = a.line_id AND v.book_level = 'village'
