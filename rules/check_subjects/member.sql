-- level_member: one row a living member, as the registers have the person on the data date.
-- has_...: unknown where this county's registers never fill the column.
-- Spells whose days are not known, only their months, overlap where they must.
-- `works` is unknown where neither months of work nor the lists of workers away say anything.
WITH spell AS (
  SELECT
    member_id,
    COUNT(*) AS spells,
    SUM(CASE WHEN lasts THEN 1 ELSE 0 END) AS spells_now,
    SUM(CASE WHEN started_last < ended_before OR ended_last < started_on THEN 1 ELSE 0 END)
      AS overlapping_spells,
    SUM(CASE WHEN returned AND ended_on IS NULL THEN 1 ELSE 0 END) AS returns_without_end,
    MIN(CASE WHEN lasts THEN month_pay_yuan END) AS month_pay_yuan,
    MAX(CASE WHEN lasts THEN phone END) AS phone
  FROM (
    SELECT
      e.member_id,
      e.started_on,
      COALESCE(e.started_on_until, e.started_on) AS started_last,
      e.ended_on,
      COALESCE(e.ended_on_until, e.ended_on) AS ended_last,
      e.returned,
      e.month_pay_yuan,
      e.phone,
      (e.ended_on IS NULL OR e.ended_on > d.data_day) AND NOT COALESCE(e.returned, FALSE) AS lasts,
      MAX(e.ended_on) OVER (
        PARTITION BY e.member_id ORDER BY e.started_on
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
      ) AS ended_before
    FROM employment AS e
    CROSS JOIN data_date AS d
    WHERE NOT e.planned
  ) AS away
  GROUP BY member_id
),

plan AS (
  SELECT member_id, COUNT(*) AS plans FROM employment WHERE planned GROUP BY member_id
),

head AS (
  SELECT household_id, MIN(sex) AS head_sex
  FROM member
  WHERE relation = 'head' AND COALESCE(health, '') <> 'deceased'
  GROUP BY household_id
  HAVING COUNT(*) = 1
)

SELECT
  m.member_id AS subject_id,
  m.household_id,
  m.village_code,
  d.data_year AS judged_year,
  d.data_year - YEAR(m.birth_date)
    - CASE WHEN MONTH(m.birth_date) * 100 + DAY(m.birth_date) > d.data_month_day
      THEN 1 ELSE 0 END AS age,
  m.sex,
  m.birth_date,
  m.relation,
  CASE WHEN m.relation = 'spouse' THEN h.head_sex END AS head_sex,
  CASE
    WHEN COUNT(m.identity_number) OVER () > 0
      THEN m.identity_number IS NOT NULL AND m.identity_number NOT LIKE '999999%'
  END AS has_identity_number,
  CASE
    WHEN m.identity_number LIKE '999999%' OR LENGTH(m.identity_number) < 18 THEN NULL
    WHEN SUBSTRING(m.identity_number, 17, 1) IN ('1', '3', '5', '7', '9') THEN m.sex <> 'male'
    WHEN SUBSTRING(m.identity_number, 17, 1) IN ('0', '2', '4', '6', '8') THEN m.sex <> 'female'
  END AS identity_sex_differs,
  CASE
    WHEN m.identity_number LIKE '999999%' OR LENGTH(m.identity_number) < 18 THEN NULL
    ELSE SUBSTRING(m.identity_number, 7, 8) <> CAST(
      YEAR(m.birth_date) * 10000 + MONTH(m.birth_date) * 100 + DAY(m.birth_date) AS STRING
    )
  END AS identity_birth_differs,
  m.education,
  m.school_status,
  CASE
    WHEN m.school_status IS NOT NULL THEN m.school_status <> 'none'
    WHEN m.education IS NOT NULL THEN FALSE
  END AS at_school,
  m.dropout_reason,
  m.health,
  m.labour,
  m.disability_kind,
  m.disability_grade,
  m.resident_medical_insured,
  m.employee_medical_insured,
  m.major_illness_insured,
  m.resident_pension,
  m.employee_pension,
  m.minimum_allowance,
  m.extreme_poverty,
  CASE
    WHEN COUNT(m.public_posts) OVER () + COUNT(m.public_post_count) OVER () > 0
      THEN m.public_posts IS NOT NULL OR COALESCE(m.public_post_count, 0) > 0
      OR COALESCE(m.public_post_months, 0) > 0
  END AS has_public_post,
  m.public_post_count,
  m.public_post_on,
  m.work_months,
  CASE
    WHEN m.work_months > 0 OR s.spells_now > 0 THEN TRUE
    WHEN m.work_months = 0 OR listed.spells > 0 THEN FALSE
  END AS works,
  COALESCE(m.work_months > 0, FALSE) OR s.spells > 0 AS ever_worked,
  CASE
    WHEN m.plans_work OR p.plans > 0 THEN TRUE
    WHEN NOT m.plans_work OR listed.spells > 0 THEN FALSE
  END AS plans_work,
  CASE WHEN s.spells_now > 0 THEN TRUE WHEN listed.spells > 0 THEN FALSE END AS works_away,
  s.month_pay_yuan,
  COALESCE(s.overlapping_spells, 0) AS overlapping_spells,
  COALESCE(s.returns_without_end, 0) AS returns_without_end,
  LENGTH(COALESCE(s.phone, m.phone)) = 11 AND COALESCE(s.phone, m.phone) LIKE '1%'
    AND TRANSLATE(COALESCE(s.phone, m.phone), '0123456789', '') = '' AS phone_valid
FROM member AS m
CROSS JOIN data_date AS d
CROSS JOIN (SELECT COUNT(*) AS spells FROM employment) AS listed
LEFT JOIN spell AS s ON s.member_id = m.member_id
LEFT JOIN plan AS p ON p.member_id = m.member_id
LEFT JOIN head AS h ON h.household_id = m.household_id
WHERE m.health IS NULL OR m.health <> 'deceased'
