-- level_project: one row a project. Allotted is what its sources of money add up to.
SELECT
  p.project_id AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  p.village_code,
  d.data_year AS judged_year,
  p.category,
  p.state,
  p.name LIKE '%公益%岗%' OR p.name LIKE '%公益岗%' AS is_public_post,
  CASE WHEN COUNT(p.content) OVER () > 0 THEN p.content IS NOT NULL END AS has_content,
  p.planned_yuan,
  CASE
    WHEN COALESCE(p.central_yuan, p.province_yuan, p.city_yuan, p.county_yuan, p.other_yuan)
      IS NOT NULL
      THEN COALESCE(p.central_yuan, 0) + COALESCE(p.province_yuan, 0) + COALESCE(p.city_yuan, 0)
      + COALESCE(p.county_yuan, 0) + COALESCE(p.other_yuan, 0)
  END AS allotted_yuan,
  p.paid_yuan,
  CASE WHEN p.planned_yuan > 0 THEN p.paid_yuan * 100 / p.planned_yuan END AS paid_percent,
  p.accepted_on,
  (d.data_year - YEAR(p.accepted_on)) * 12 + MONTH(d.data_day) - MONTH(p.accepted_on)
    - CASE WHEN DAY(d.data_day) < DAY(p.accepted_on) THEN 1 ELSE 0 END AS months_since_accepted,
  p.beneficiary_households,
  p.beneficiary_people
FROM project AS p
CROSS JOIN data_date AS d
