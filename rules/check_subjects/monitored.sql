-- level_monitored: one row a household that is or was monitored, with level_household's facts.
-- has_...: unknown where this county's registers never fill the column.
-- Months run from a day to the same day of a later month.
WITH help AS (
  SELECT
    household_id,
    COUNT(DISTINCT kind) AS measure_kinds,
    MAX(CASE WHEN kind = 'health' THEN 1 ELSE 0 END) = 1 AS helped_health,
    MAX(CASE WHEN kind = 'social' THEN 1 ELSE 0 END) = 1 AS helped_social,
    MAX(CASE WHEN kind = 'safety_net' THEN 1 ELSE 0 END) = 1 AS helped_safety_net,
    MAX(CASE WHEN kind IN ('education', 'other_education') THEN 1 ELSE 0 END) = 1
      AS helped_education,
    MAX(CASE WHEN kind IN ('housing', 'relocation') THEN 1 ELSE 0 END) = 1 AS helped_housing,
    MAX(CASE WHEN kind = 'water' THEN 1 ELSE 0 END) = 1 AS helped_water,
    MAX(CASE WHEN kind IN ('employment', 'public_post') THEN 1 ELSE 0 END) = 1 AS helped_work,
    MAX(CASE WHEN kind = 'industry' THEN 1 ELSE 0 END) = 1 AS helped_industry
  FROM measure
  GROUP BY household_id
),

risk AS (
  SELECT
    household_id,
    CONCAT(
      ' ', COALESCE(risk_1, ''), ' ', COALESCE(risk_2, ''), ' ', COALESCE(risk_3, ''),
      ' ', COALESCE(risk_4, ''), ' ', COALESCE(risk_5, ''), ' '
    ) AS risks
  FROM monitored_household
  WHERE COALESCE(risk_1, risk_2, risk_3, risk_4, risk_5) IS NOT NULL
)

SELECT
  m.household_id AS subject_id,
  m.household_id,
  m.village_code,
  COALESCE(h.judged_year, d.data_year) AS judged_year,
  m.monitor_kind,
  m.risk_1,
  m.risk_2,
  r.risks LIKE '% illness %' AS risk_illness,
  r.risks LIKE '% disability %' AS risk_disability,
  r.risks LIKE '% schooling %' AS risk_schooling,
  r.risks LIKE '% unstable_work %' AS risk_unstable_work,
  r.risks LIKE '% labour_shortage %' AS risk_labour_shortage,
  r.risks LIKE '% unsafe_water %' AS risk_unsafe_water,
  r.risks LIKE '% unsafe_housing %' AS risk_unsafe_housing,
  r.risks LIKE '% other %' AS risk_other,
  CASE WHEN COUNT(m.risk_note) OVER () > 0 THEN m.risk_note IS NOT NULL END AS has_risk_note,
  CASE WHEN COUNT(m.contact_name) OVER () > 0 THEN m.contact_name IS NOT NULL END
    AS has_contact_name,
  CASE WHEN COUNT(m.contact_phone) OVER () > 0 THEN m.contact_phone IS NOT NULL END
    AS has_contact_phone,
  m.identified_on,
  m.measures_on,
  m.development_measure,
  m.own_payment_yuan,
  m.no_labour_safety_net,
  m.cleared,
  m.cleared_on,
  m.clear_method,
  m.identified_on_until,
  m.measures_on_until,
  m.cleared_on_until,
  (YEAR(m.cleared_on) - YEAR(m.identified_on)) * 12 + MONTH(m.cleared_on)
    - MONTH(m.identified_on) AS calendar_months_watched,
  (YEAR(m.cleared_on) - YEAR(m.identified_on)) * 12 + MONTH(m.cleared_on)
    - MONTH(m.identified_on)
    - CASE WHEN DAY(COALESCE(m.cleared_on_until, m.cleared_on)) < DAY(m.identified_on) THEN 1 ELSE 0 END AS months_watched,
  CASE
    WHEN m.measures_on IS NOT NULL OR NOT m.cleared THEN CAST(EXTRACT(DAY FROM (
      CAST(COALESCE(m.measures_on, d.data_day) AS TIMESTAMP)
        - CAST(COALESCE(m.identified_on_until, m.identified_on) AS TIMESTAMP)
    )) AS INT)
  END AS days_to_measures,
  m.cleared_business_yuan,
  m.cleared_transfer_yuan,
  m.cleared_net_income_yuan,
  m.cleared_per_capita_yuan,
  t.monitoring_line_yuan AS cleared_line_yuan,
  m.cleared_out_of_school,
  m.cleared_uninsured_member,
  m.cleared_housing_unsafe,
  m.cleared_water_unsafe,
  h.housing_unsafe,
  h.water_unsafe,
  h.out_of_school,
  h.uninsured_member,
  h.living_members,
  h.able_members,
  h.able_percent,
  h.can_work_members,
  h.nobody_can_work,
  h.everybody_can_work,
  h.sick_members,
  h.disabled_members,
  h.working_members,
  h.ever_worked_members,
  p.measure_kinds,
  p.helped_health,
  p.helped_social,
  p.helped_safety_net,
  p.helped_education,
  p.helped_housing,
  p.helped_water,
  p.helped_work,
  p.helped_industry
FROM monitored_household AS m
CROSS JOIN data_date AS d
LEFT JOIN risk AS r ON r.household_id = m.household_id
LEFT JOIN help AS p ON p.household_id = m.household_id
LEFT JOIN level_household AS h ON h.household_id = m.household_id
LEFT JOIN parameter_year AS t ON t.year = YEAR(m.cleared_on)
