-- home_household_fact: one row a household that was surveyed for a home, or lives in one or did, as of
-- the data date: may it live there, how it came in, and what it has of the package “211130”. Its house
-- is told by the roster of the home, by the survey and the register; people are those who live in the
-- home, or the register's where the household lives in none.
SELECT
  known.*,
  CASE
    WHEN housed THEN home_m2 / NULLIF(package_people, 0)
    WHEN unsafe_dwelling THEN CAST(0 AS DOUBLE)
    WHEN old_dwelling = 'safe' THEN floor_area_m2 / NULLIF(package_people, 0)
  END AS brick_m2_a_person,
  grain_mu / NULLIF(package_people, 0) AS grain_mu_a_person,
  trees_mu / NULLIF(package_people, 0) AS trees_mu_a_person,
  pv_kw / NULLIF(package_people, 0) AS pv_kw_a_person
FROM (
  SELECT
    u.household_id,
    h.village_code,
    SUBSTRING(h.village_code, 1, 9) AS township_code,
    SUBSTRING(h.village_code, 1, 6) AS county_code,
    d.data_year AS year,
    CASE WHEN l.applicants THEN a.household_id IS NOT NULL END AS surveyed,
    a.surveyed_people,
    a.surveyed_on,
    a.old_dwelling,
    a.old_dwelling IN ('cave', 'dangerous', 'none') AS unsafe_dwelling,
    a.three_without,
    r.home_id,
    CASE WHEN l.residents THEN
      r.household_id IS NOT NULL AND (r.left_home_on IS NULL OR r.left_home_on > d.data_day)
    END AS housed,
    CASE WHEN l.residents THEN r.left_home_on IS NOT NULL AND r.left_home_on <= d.data_day
    END AS housed_before,
    r.home_people,
    r.home_m2,
    r.moved_in_on,
    r.left_home_on,
    r.home_left_reason,
    a.applied_on,
    a.village_notice_on,
    a.township_notice_on,
    a.reviewed_on,
    a.review_departments,
    a.decided_on,
    CASE WHEN l.applications THEN a.applied_on IS NOT NULL END AS applied,
    CASE WHEN l.village_notices THEN a.village_notice_on IS NOT NULL END AS village_noticed,
    CASE WHEN l.township_notices THEN a.township_notice_on IS NOT NULL END AS township_noticed,
    CASE WHEN l.reviews THEN a.reviewed_on IS NOT NULL END AS reviewed,
    CASE WHEN l.decisions THEN a.decided_on IS NOT NULL END AS decided,
    CASE
      WHEN a.applied_on > COALESCE(a.village_notice_on, a.township_notice_on, a.reviewed_on,
          a.decided_on)
        OR a.village_notice_on > COALESCE(a.township_notice_on, a.reviewed_on, a.decided_on)
        OR a.township_notice_on > COALESCE(a.reviewed_on, a.decided_on)
        OR a.reviewed_on > a.decided_on THEN FALSE
      WHEN COALESCE(a.applied_on, a.village_notice_on, a.township_notice_on, a.reviewed_on,
        a.decided_on) IS NOT NULL THEN TRUE
    END AS steps_in_order,
    CASE
      WHEN r.household_id IS NOT NULL AND (r.left_home_on IS NULL OR r.left_home_on > d.data_day)
        THEN r.home_people
      ELSE h.member_count
    END AS package_people,
    h.floor_area_m2,
    p.grain_mu,
    p.trees_mu,
    p.pv_kw,
    p.month_income_yuan
  FROM (
    SELECT household_id FROM home_applicant
    UNION
    SELECT household_id FROM home_resident
  ) AS u
  CROSS JOIN data_date AS d
  CROSS JOIN (
    SELECT
      (SELECT COUNT(*) FROM home_applicant) > 0 AS applicants,
      (SELECT COUNT(*) FROM home_resident) > 0 AS residents,
      (SELECT COUNT(applied_on) FROM home_applicant) > 0 AS applications,
      (SELECT COUNT(village_notice_on) FROM home_applicant) > 0 AS village_notices,
      (SELECT COUNT(township_notice_on) FROM home_applicant) > 0 AS township_notices,
      (SELECT COUNT(reviewed_on) FROM home_applicant) > 0 AS reviews,
      (SELECT COUNT(decided_on) FROM home_applicant) > 0 AS decisions
  ) AS l
  JOIN household AS h ON h.household_id = u.household_id
  LEFT JOIN home_applicant AS a ON a.household_id = u.household_id
  LEFT JOIN home_resident AS r ON r.household_id = u.household_id
  LEFT JOIN package_holding AS p ON p.household_id = u.household_id
) AS known
