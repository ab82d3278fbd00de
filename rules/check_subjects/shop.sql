-- level_shop: one row a village with a points shop. It stands still as long as nobody has redeemed
-- a point, up to the newest month that any shop reports; one without a report reports nothing.
SELECT
  p.village_code AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  p.village_code,
  d.data_year AS judged_year,
  CAST(SUM(p.points_earned) AS DOUBLE) AS points_earned,
  CAST(SUM(p.points_redeemed) AS DOUBLE) AS points_redeemed,
  MAX(CASE WHEN p.points_redeemed > 0 THEN p.month_on END) AS last_redeemed_on,
  CAST((YEAR(MAX(n.newest_on)) - YEAR(COALESCE(
      MAX(CASE WHEN p.points_redeemed > 0 THEN p.month_on END), MIN(p.month_on)))) * 12
    + MONTH(MAX(n.newest_on)) - MONTH(COALESCE(
      MAX(CASE WHEN p.points_redeemed > 0 THEN p.month_on END), MIN(p.month_on))) AS INT)
    AS still_months
FROM points_month AS p
CROSS JOIN data_date AS d
CROSS JOIN (SELECT MAX(month_on) AS newest_on FROM points_month) AS n
GROUP BY p.village_code, d.data_year
