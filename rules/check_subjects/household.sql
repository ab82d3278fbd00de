-- level_household: one row a household, with its newest year of income and what its living
-- members (level_member) come to. Who can work: ordinary, skilled and weak labour. Of people whom
-- the list lacks (unlisted) nothing is known, as of those whose cells are blank.
WITH listed AS (
  SELECT
    household_id,
    COUNT(*) AS living_members,
    CASE WHEN COUNT(relation) > 0 THEN SUM(CASE WHEN relation = 'head' THEN 1 ELSE 0 END) END
      AS heads,
    SUM(CASE WHEN labour IN ('ordinary', 'skilled') THEN 1 ELSE 0 END) AS able_members,
    SUM(CASE WHEN labour IN ('ordinary', 'skilled', 'weak') THEN 1 ELSE 0 END)
      AS can_work_members,
    SUM(CASE WHEN labour IS NULL THEN 1 ELSE 0 END) AS labour_unknown,
    SUM(CASE WHEN health IN ('chronic', 'major_illness') THEN 1 ELSE 0 END) AS sick_members,
    SUM(CASE WHEN health = 'disabled' OR disability_kind IS NOT NULL THEN 1 ELSE 0 END)
      AS disabled_members,
    SUM(CASE WHEN health IS NULL THEN 1 ELSE 0 END) AS health_unknown,
    SUM(CASE WHEN works THEN 1 ELSE 0 END) AS working_members,
    SUM(CASE WHEN works IS NULL THEN 1 ELSE 0 END) AS work_unknown,
    SUM(CASE WHEN ever_worked THEN 1 ELSE 0 END) AS ever_worked_members,
    SUM(CASE WHEN minimum_allowance OR extreme_poverty THEN 1 ELSE 0 END) AS supported_members,
    COUNT(minimum_allowance) AS support_known
  FROM level_member
  GROUP BY household_id
),

person AS (
  SELECT
    n.household_id,
    n.living_members,
    n.unlisted_members,
    CASE WHEN n.unlisted_members = 0 OR p.heads > 1 THEN p.heads END AS heads,
    p.able_members,
    p.can_work_members,
    p.labour_unknown + n.unlisted_members AS labour_unknown,
    p.sick_members,
    p.disabled_members,
    p.health_unknown + n.unlisted_members AS health_unknown,
    p.working_members,
    p.work_unknown + n.unlisted_members AS work_unknown,
    p.ever_worked_members,
    p.supported_members,
    CASE WHEN n.unlisted_members = 0 THEN p.support_known ELSE 0 END AS support_known
  FROM (
    SELECT
      h.household_id,
      COALESCE(p.living_members, 0) AS living_members,
      GREATEST(h.member_count - COALESCE(p.living_members, 0), 0) AS unlisted_members
    FROM household AS h
    CROSS JOIN (SELECT COUNT(*) > 0 AS members FROM level_member) AS l
    LEFT JOIN listed AS p ON p.household_id = h.household_id
    WHERE l.members
  ) AS n
  LEFT JOIN listed AS p ON p.household_id = n.household_id
),

phone AS (
  -- Numbers of a household's people who worked away this year, with the places that they went to.
  SELECT
    e.household_id,
    COUNT(DISTINCT e.member_id) AS people,
    COUNT(DISTINCT e.work_region) AS places
  FROM employment AS e
  CROSS JOIN data_date AS d
  WHERE NOT e.planned AND e.phone IS NOT NULL
    AND COALESCE(YEAR(e.ended_on), d.data_year) >= d.data_year
  GROUP BY e.household_id, e.phone
),

shared AS (
  SELECT
    household_id,
    MAX(people) AS phone_people,
    MAX(CASE WHEN people > 1 THEN places ELSE 1 END) AS phone_places
  FROM phone
  GROUP BY household_id
),

income AS (
  SELECT y.*
  FROM household_year AS y
  JOIN (
    SELECT MAX(year) AS newest FROM household_year AS a CROSS JOIN data_date AS d
    WHERE a.year <= d.data_year
  ) AS n ON n.newest = y.year
)

SELECT
  h.household_id AS subject_id,
  h.household_id,
  h.village_code,
  COALESCE(y.year, d.data_year) AS judged_year,
  y.year AS income_year,
  y.per_capita_net_income_yuan,
  y.net_income_yuan,
  y.wage_yuan,
  y.business_yuan,
  y.property_yuan,
  y.transfer_yuan,
  y.expense_yuan,
  y.wage_yuan + y.business_yuan + y.property_yuan + y.transfer_yuan - y.expense_yuan
    AS income_parts_yuan,
  m.household_id IS NOT NULL AND NOT m.cleared AS monitored,
  h.water_unsafe,
  h.housing_unsafe,
  h.out_of_school,
  h.uninsured_member,
  h.sanitary_toilet,
  h.entry_road,
  h.floor_area_m2,
  h.power,
  h.farmland_mu,
  h.woodland_mu,
  h.road_distance_km,
  -- Blank ones among the conditions that this county's registers have at all.
  CASE WHEN h.water_unsafe IS NULL AND COUNT(h.water_unsafe) OVER () > 0 THEN 1 ELSE 0 END
    + CASE WHEN h.sanitary_toilet IS NULL AND COUNT(h.sanitary_toilet) OVER () > 0
      THEN 1 ELSE 0 END
    + CASE WHEN h.entry_road IS NULL AND COUNT(h.entry_road) OVER () > 0 THEN 1 ELSE 0 END
    + CASE WHEN h.floor_area_m2 IS NULL AND COUNT(h.floor_area_m2) OVER () > 0 THEN 1 ELSE 0 END
    + CASE WHEN h.power IS NULL AND COUNT(h.power) OVER () > 0 THEN 1 ELSE 0 END
    + CASE WHEN h.farmland_mu IS NULL AND COUNT(h.farmland_mu) OVER () > 0 THEN 1 ELSE 0 END
    AS blank_conditions,
  h.member_count,
  p.living_members,
  p.unlisted_members,
  p.heads,
  p.able_members,
  p.can_work_members,
  CASE WHEN p.can_work_members > 0 THEN FALSE WHEN p.labour_unknown = 0 THEN TRUE END
    AS nobody_can_work,
  CASE WHEN p.able_members < p.living_members + p.unlisted_members - p.labour_unknown
    THEN FALSE
    WHEN p.labour_unknown = 0 THEN p.able_members = p.living_members END AS everybody_can_work,
  CASE WHEN p.labour_unknown = 0
    THEN CAST(p.able_members AS DOUBLE) * 100 / p.living_members END
    AS able_percent,
  CASE WHEN p.sick_members > 0 OR p.health_unknown = 0 THEN p.sick_members END AS sick_members,
  CASE WHEN p.disabled_members > 0 OR p.health_unknown = 0 THEN p.disabled_members END
    AS disabled_members,
  CASE WHEN p.working_members > 0 OR p.work_unknown = 0 THEN p.working_members END
    AS working_members,
  CASE WHEN p.ever_worked_members > 0 OR p.work_unknown = 0 THEN p.ever_worked_members END
    AS ever_worked_members,
  CASE
    WHEN p.supported_members > 0 OR p.support_known > 0 THEN p.supported_members
  END AS supported_members,
  CASE WHEN away.phones > 0 THEN COALESCE(s.phone_people, 0) END AS phone_people,
  CASE WHEN away.phones > 0 THEN COALESCE(s.phone_places, 0) END AS phone_places,
  r.approach,
  CASE WHEN r.household_id IS NOT NULL THEN r.site_id IS NOT NULL END AS at_a_site,
  r.moved_in_on,
  r.months_in_new_home,
  (d.data_year - YEAR(r.moved_in_on)) * 12 + MONTH(d.data_day) - MONTH(r.moved_in_on)
    AS calendar_months_since_move,
  r.old_house_demolished,
  r.land_restored,
  r.certificate,
  CASE WHEN e.household_id IS NOT NULL THEN e.left_home_on IS NULL OR e.left_home_on > d.data_day END
    AS in_a_home,
  e.home_people AS people_in_home,
  e.moved_in_on AS moved_into_home_on,
  a.decided_on
FROM household AS h
CROSS JOIN data_date AS d
CROSS JOIN (SELECT COUNT(phone) AS phones FROM employment) AS away
LEFT JOIN income AS y ON y.household_id = h.household_id
LEFT JOIN person AS p ON p.household_id = h.household_id
LEFT JOIN monitored_household AS m ON m.household_id = h.household_id
LEFT JOIN shared AS s ON s.household_id = h.household_id
LEFT JOIN relocation AS r ON r.household_id = h.household_id
LEFT JOIN home_resident AS e ON e.household_id = h.household_id
LEFT JOIN home_applicant AS a ON a.household_id = h.household_id
