-- points_fact: one row a village and year with a points shop: points earned and redeemed in it.
SELECT
  village_code,
  SUBSTRING(village_code, 1, 9) AS township_code,
  SUBSTRING(village_code, 1, 6) AS county_code,
  YEAR(month_on) AS year,
  COUNT(*) AS months,
  CAST(SUM(points_earned) AS DOUBLE) AS points_earned,
  CAST(SUM(points_redeemed) AS DOUBLE) AS points_redeemed
FROM points_month
GROUP BY village_code, YEAR(month_on)
