-- level_village: one row a village in its newest year, beside the sums of its households.
WITH newest AS (
  SELECT MAX(v.year) AS year FROM village_year AS v CROSS JOIN data_date AS d
  WHERE v.year <= d.data_year
),

land AS (
  SELECT
    village_code,
    -- Decimals, so that the sum is the same in any order.
    CAST(SUM(CAST(farmland_mu AS DECIMAL(20, 4))) AS DOUBLE) AS households_farmland_mu,
    CAST(SUM(CAST(woodland_mu AS DECIMAL(20, 4))) AS DOUBLE) AS households_woodland_mu
  FROM household
  GROUP BY village_code
)

SELECT
  v.village_code AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  v.village_code,
  v.year AS judged_year,
  v.population,
  v.households,
  v.allowance_people,
  v.disabled_people,
  v.water_trouble_households,
  v.unsafe_house_households,
  v.farmland_mu,
  v.woodland_mu,
  l.households_farmland_mu,
  l.households_woodland_mu,
  v.clinics,
  v.doctors,
  v.libraries,
  v.bus,
  v.road_hard,
  -- Blank ones among the facts that this county's registers have at all.
  CASE WHEN v.clinics IS NULL AND COUNT(v.clinics) OVER () > 0 THEN 1 ELSE 0 END
    + CASE WHEN v.doctors IS NULL AND COUNT(v.doctors) OVER () > 0 THEN 1 ELSE 0 END
    + CASE WHEN v.libraries IS NULL AND COUNT(v.libraries) OVER () > 0 THEN 1 ELSE 0 END
    + CASE WHEN v.bus IS NULL AND COUNT(v.bus) OVER () > 0 THEN 1 ELSE 0 END
    + CASE WHEN v.allowance_people IS NULL AND COUNT(v.allowance_people) OVER () > 0
      THEN 1 ELSE 0 END AS blank_facts
FROM village_year AS v
JOIN newest AS n ON n.year = v.year
LEFT JOIN land AS l ON l.village_code = v.village_code
