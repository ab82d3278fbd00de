-- member_fact: one row a living member, as of the data date, with what its household has.
WITH paid AS (
  SELECT
    b.member_id,
    BOOL_OR(b.benefit_kind = 'extreme_poverty') AS extreme_poverty,
    BOOL_OR(b.benefit_kind = 'disability_living') AS disability_living,
    BOOL_OR(b.benefit_kind = 'disability_care') AS disability_care,
    BOOL_OR(b.benefit_kind = 'pension') AS pension
  FROM benefit AS b
  CROSS JOIN data_date AS d
  WHERE b.member_id IS NOT NULL
    AND COALESCE(b.started_on <= d.data_day, TRUE) AND COALESCE(b.ended_on > d.data_day, TRUE)
  GROUP BY b.member_id
)

SELECT
  m.member_id,
  m.household_id,
  m.village_code,
  SUBSTRING(m.village_code, 1, 9) AS township_code,
  SUBSTRING(m.village_code, 1, 6) AS county_code,
  d.data_year AS year,
  d.data_year - YEAR(m.birth_date)
    - CASE WHEN MONTH(m.birth_date) * 100 + DAY(m.birth_date) > d.data_month_day
      THEN 1 ELSE 0 END AS age,
  m.sex,
  m.health,
  m.labour,
  CASE
    WHEN m.disability_kind IS NOT NULL OR m.disability_grade IS NOT NULL THEN TRUE
    ELSE m.health = 'disabled'
  END AS disabled,
  m.disability_grade,
  m.employee_pension,
  f.registered,
  f.able_members,
  f.weak_members,
  f.earned_per_capita_yuan,
  f.receives_allowance,
  CASE WHEN l.benefits THEN COALESCE(b.extreme_poverty, FALSE) ELSE m.extreme_poverty END
    AS receives_extreme,
  CASE WHEN l.benefits THEN COALESCE(b.disability_living, FALSE) END AS receives_living,
  CASE WHEN l.benefits THEN COALESCE(b.disability_care, FALSE) END AS receives_care,
  CASE WHEN l.benefits THEN COALESCE(b.pension, FALSE) END AS receives_pension
FROM member AS m
CROSS JOIN data_date AS d
CROSS JOIN (SELECT COUNT(*) > 0 AS benefits FROM benefit) AS l
LEFT JOIN household_fact AS f ON f.household_id = m.household_id AND f.is_latest
LEFT JOIN paid AS b ON b.member_id = m.member_id
WHERE m.health IS NULL OR m.health <> 'deceased'
