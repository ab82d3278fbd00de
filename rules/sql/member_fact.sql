-- member_fact: one row a living member, as of the data date, with what its household has. Whether
-- a benefit that began or ended in the data date's month, its day not known, runs is unknown.
WITH paid AS (
  SELECT
    b.member_id,
    CASE
      WHEN BOOL_OR(b.running AND b.benefit_kind = 'extreme_poverty') THEN TRUE
      WHEN BOOL_OR(b.running IS NULL AND b.benefit_kind = 'extreme_poverty') THEN NULL
      ELSE FALSE
    END AS extreme_poverty,
    CASE
      WHEN BOOL_OR(b.running AND b.benefit_kind = 'disability_living') THEN TRUE
      WHEN BOOL_OR(b.running IS NULL AND b.benefit_kind = 'disability_living') THEN NULL
      ELSE FALSE
    END AS disability_living,
    CASE
      WHEN BOOL_OR(b.running AND b.benefit_kind = 'disability_care') THEN TRUE
      WHEN BOOL_OR(b.running IS NULL AND b.benefit_kind = 'disability_care') THEN NULL
      ELSE FALSE
    END AS disability_care,
    CASE
      WHEN BOOL_OR(b.running AND b.benefit_kind = 'pension') THEN TRUE
      WHEN BOOL_OR(b.running IS NULL AND b.benefit_kind = 'pension') THEN NULL
      ELSE FALSE
    END AS pension
  FROM (
    SELECT
      b.member_id,
      b.benefit_kind,
      CASE WHEN b.ended_on <= d.data_day OR b.started_on_until > d.data_day THEN NULL ELSE TRUE END
        AS running
    FROM benefit AS b
    CROSS JOIN data_date AS d
    WHERE b.member_id IS NOT NULL
      AND COALESCE(b.started_on <= d.data_day, TRUE)
      AND COALESCE(b.ended_on_until > d.data_day, b.ended_on > d.data_day, TRUE)
  ) AS b
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
  CASE WHEN l.benefits THEN CASE WHEN b.member_id IS NULL THEN FALSE ELSE b.extreme_poverty END ELSE m.extreme_poverty END
    AS receives_extreme,
  CASE WHEN l.benefits THEN CASE WHEN b.member_id IS NULL THEN FALSE ELSE b.disability_living END END AS receives_living,
  CASE WHEN l.benefits THEN CASE WHEN b.member_id IS NULL THEN FALSE ELSE b.disability_care END END AS receives_care,
  CASE WHEN l.benefits THEN CASE WHEN b.member_id IS NULL THEN FALSE ELSE b.pension END END AS receives_pension
FROM member AS m
CROSS JOIN data_date AS d
CROSS JOIN (SELECT COUNT(*) > 0 AS benefits FROM benefit) AS l
LEFT JOIN household_fact AS f ON f.household_id = m.household_id AND f.is_latest
LEFT JOIN paid AS b ON b.member_id = m.member_id
WHERE m.health IS NULL OR m.health <> 'deceased'
