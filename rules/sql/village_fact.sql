-- village_fact: one row a village and year, what stands of the standards for a village's exit.
SELECT
  v.village_code,
  SUBSTRING(v.village_code, 1, 9) AS township_code,
  SUBSTRING(v.village_code, 1, 6) AS county_code,
  v.year,
  v.population,
  v.households,
  -- A village is on the list of poor villages or not; a form of one year may be the only to say so.
  BOOL_OR(v.poor_village) OVER (PARTITION BY v.village_code) AS poor_village,
  COALESCE(h.poor_people, 0) AS poor_people,
  100.0 * COALESCE(h.poor_people, 0) / NULLIF(v.population, 0) AS poverty_rate_percent,
  v.collective_income_yuan,
  v.water_ok,
  v.road_hard,
  v.power_ok,
  v.service_desk,
  v.party_branch_ok,
  v.school_near,
  v.doctor_near
FROM village_year AS v
LEFT JOIN (
  SELECT village_code, year, SUM(CASE WHEN poor THEN member_count ELSE 0 END) AS poor_people
  FROM household_fact
  GROUP BY village_code, year
) AS h ON h.village_code = v.village_code AND h.year = v.year
