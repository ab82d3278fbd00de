-- level_project: one row a project. Allotted is what its sources of money add up to; a work is
-- what one builder has of one kind in one village and year, however many contracts it is in.
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
  p.beneficiary_people,
  w.step,
  w.next_step,
  w.next_due_on,
  w.late,
  w.days_late,
  w.work_percent,
  w.paid_percent AS work_paid_percent,
  w.payment_gap_points,
  w.built_on,
  w.days_since_built,
  w.sheet_on,
  w.still_days,
  w.days_since_sheet,
  w.tender_way,
  w.bidders,
  w.contract_yuan,
  CASE WHEN w.contractor IS NOT NULL AND w.tender_way <> 'villagers' THEN COUNT(*) OVER (
    PARTITION BY p.village_code, p.year, p.category, w.contractor) END AS work_contracts,
  CASE WHEN w.contractor IS NOT NULL AND w.tender_way <> 'villagers' THEN CAST(
    SUM(CAST(w.contract_yuan AS DECIMAL(20, 4))) OVER (
      PARTITION BY p.village_code, p.year, p.category, w.contractor) AS DOUBLE) END AS work_yuan,
  w.listed_households,
  CASE WHEN w.promised_yuan > 0 THEN 100.0 * w.had_yuan / w.promised_yuan END AS promise_percent,
  CASE WHEN w.contracted AND COUNT(a.asset_id) OVER () > 0 THEN a.asset_id IS NOT NULL END
    AS has_asset
FROM project AS p
CROSS JOIN data_date AS d
LEFT JOIN ({project_fact}) AS w ON w.project_id = p.project_id
LEFT JOIN (
  SELECT project_id, MIN(asset_id) AS asset_id FROM asset GROUP BY project_id
) AS a ON a.project_id = p.project_id
