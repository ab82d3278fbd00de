-- level_listed: one row a person of the register, beside what the lists of other departments say of
-- the person (list_...). Matched by identity number alone. What is merely offered, and who has no
-- number, is unknown: nobody is missed on a list by it. The roll of minimum allowances is of whole
-- households, and is held against the people's flags once a household, in the row of its head.
WITH found AS (
  SELECT
    f.member_id,
    BOOL_OR(f.department_list = 'death' AND f.found_by = 'number') AS dead,
    BOOL_OR(f.department_list = 'death' AND f.found_by <> 'number') AS perhaps_dead,
    MIN(CASE WHEN f.department_list = 'death' AND f.found_by = 'number' THEN f.list_event_on END)
      AS died_on,
    BOOL_OR(f.department_list = 'school' AND f.found_by = 'number') AS pupil,
    BOOL_OR(f.department_list = 'school' AND f.found_by <> 'number') AS perhaps_pupil,
    MIN(CASE WHEN f.department_list = 'school' AND f.found_by = 'number' THEN f.roll_state END)
      AS roll_state,
    BOOL_OR(f.department_list = 'disability' AND f.found_by = 'number') AS certified,
    BOOL_OR(f.department_list = 'disability' AND f.found_by <> 'number') AS perhaps_certified,
    MIN(CASE WHEN f.department_list = 'disability' AND f.found_by = 'number'
      THEN f.list_disability_grade END) AS grade,
    SUM(CASE WHEN f.department_list = 'hospital' AND f.found_by = 'number'
      AND YEAR(f.list_event_on) = f.year THEN 1 ELSE 0 END) AS stays,
    SUM(CASE WHEN f.department_list = 'hospital' AND f.found_by = 'number'
      AND YEAR(f.list_event_on) = f.year THEN f.list_amount_yuan ELSE 0 END) AS own_yuan,
    SUM(CASE WHEN f.department_list = 'vehicle' AND f.found_by = 'number'
      AND f.entry_kind IN ('car', 'truck') THEN 1 ELSE 0 END) AS cars,
    MAX(CASE WHEN f.department_list = 'vehicle' AND f.found_by = 'number'
      AND f.entry_kind IN ('car', 'truck') THEN f.list_event_on END) AS car_on,
    MAX(CASE WHEN f.department_list = 'vehicle' AND f.found_by = 'number'
      AND f.entry_kind IN ('car', 'truck') THEN f.list_amount_yuan END) AS car_yuan,
    SUM(CASE WHEN f.department_list = 'company' AND f.found_by = 'number'
      AND f.entry_kind = 'company' THEN 1 ELSE 0 END) AS companies,
    MAX(CASE WHEN f.department_list = 'company' AND f.found_by = 'number'
      AND f.entry_kind = 'company' THEN f.list_event_on END) AS company_on,
    MAX(CASE WHEN f.department_list = 'company' AND f.found_by = 'number'
      AND f.entry_kind = 'company' THEN f.list_amount_yuan END) AS capital_yuan,
    SUM(CASE WHEN f.department_list = 'property' AND f.found_by = 'number'
      AND f.entry_kind = 'commodity_home' THEN 1 ELSE 0 END) AS homes,
    MAX(CASE WHEN f.department_list = 'property' AND f.found_by = 'number'
      AND f.entry_kind = 'commodity_home' THEN f.list_event_on END) AS home_on,
    SUM(CASE WHEN f.department_list = 'payroll' AND f.found_by = 'number'
      AND f.entry_kind = 'established_post' THEN 1 ELSE 0 END) AS posts,
    MAX(CASE WHEN f.department_list = 'payroll' AND f.found_by = 'number'
      AND f.entry_kind = 'established_post' THEN f.list_amount_yuan END) AS pay_yuan
  FROM ({list_match}) AS f
  GROUP BY f.member_id
),

held AS (
  SELECT
    BOOL_OR(department_list = 'death') AS deaths,
    BOOL_OR(department_list = 'school') AS pupils,
    BOOL_OR(department_list = 'disability') AS certificates,
    BOOL_OR(department_list = 'hospital') AS stays,
    BOOL_OR(department_list = 'vehicle') AS vehicles,
    BOOL_OR(department_list = 'company') AS companies,
    BOOL_OR(department_list = 'property') AS homes,
    BOOL_OR(department_list = 'payroll') AS posts
  FROM list_entry
),

paid AS (
  SELECT
    b.household_id,
    BOOL_OR(b.benefit_kind = 'minimum_allowance') AS allowance
  FROM benefit AS b
  CROSS JOIN data_date AS d
  WHERE COALESCE(b.started_on <= d.data_day, TRUE)
    AND COALESCE(b.ended_on_until > d.data_day, b.ended_on > d.data_day, TRUE)
  GROUP BY b.household_id
),

home AS (
  SELECT household_id, BOOL_OR(minimum_allowance) AS allowance, COUNT(*) AS people
  FROM member
  WHERE health IS NULL OR health <> 'deceased'
  GROUP BY household_id
)

SELECT
  known.*,
  poor OR monitored OR receives_allowance AS supported
FROM (
  SELECT
    m.member_id AS subject_id,
    m.household_id,
    m.village_code,
    d.data_year AS judged_year,
    COALESCE(m.health <> 'deceased', TRUE) AS alive,
    d.data_year - YEAR(m.birth_date)
      - CASE WHEN MONTH(m.birth_date) * 100 + DAY(m.birth_date) > d.data_month_day
        THEN 1 ELSE 0 END AS age,
    m.health,
    m.school_status,
    m.disability_grade,
    h.registered,
    COALESCE(y.poverty_state IN ('poor', 'fell_back'), FALSE) AS poor,
    COALESCE(w.identified_on <= d.data_day AND NOT w.cleared, FALSE) AS monitored,
    CASE WHEN l.benefits THEN COALESCE(b.allowance, FALSE) ELSE p.allowance END
      AS receives_allowance,
    CASE WHEN m.relation = 'head' THEN p.allowance END AS allowance_recorded,
    CASE WHEN m.relation = 'head' AND l.allowances THEN COALESCE(b.allowance, FALSE) END
      AS list_has_allowance,
    CASE WHEN COALESCE(f.dead, FALSE) THEN TRUE
      WHEN s.deaths AND m.identity_number NOT LIKE '999999%' AND NOT COALESCE(f.perhaps_dead, FALSE)
        THEN FALSE END AS list_dead,
    f.died_on AS list_died_on,
    CAST(EXTRACT(DAY FROM CAST(d.data_day AS TIMESTAMP) - CAST(f.died_on AS TIMESTAMP)) AS INT)
      AS list_days_since_death,
    CASE WHEN COALESCE(f.pupil, FALSE) THEN TRUE
      WHEN s.pupils AND m.identity_number NOT LIKE '999999%'
        AND NOT COALESCE(f.perhaps_pupil, FALSE) THEN FALSE END AS list_has_pupil,
    f.roll_state AS list_roll_state,
    CASE WHEN COALESCE(f.certified, FALSE) THEN TRUE
      WHEN s.certificates AND m.identity_number NOT LIKE '999999%'
        AND NOT COALESCE(f.perhaps_certified, FALSE) THEN FALSE END AS list_has_certificate,
    f.grade AS list_disability_grade,
    CASE WHEN s.stays AND m.identity_number NOT LIKE '999999%' THEN COALESCE(f.stays, 0) END
      AS list_stays,
    CASE WHEN s.stays AND m.identity_number NOT LIKE '999999%' THEN COALESCE(f.own_yuan, 0) END
      AS list_own_yuan,
    CASE WHEN s.vehicles AND m.identity_number NOT LIKE '999999%' THEN COALESCE(f.cars, 0) END
      AS list_cars,
    f.car_on AS list_car_on,
    f.car_yuan AS list_car_yuan,
    CASE WHEN s.companies AND m.identity_number NOT LIKE '999999%' THEN COALESCE(f.companies, 0)
      END AS list_companies,
    f.company_on AS list_company_on,
    f.capital_yuan AS list_capital_yuan,
    CASE WHEN s.homes AND m.identity_number NOT LIKE '999999%' THEN COALESCE(f.homes, 0) END
      AS list_homes,
    f.home_on AS list_home_on,
    CASE WHEN s.posts AND m.identity_number NOT LIKE '999999%' THEN COALESCE(f.posts, 0) END
      AS list_posts,
    f.pay_yuan AS list_pay_yuan
  FROM member AS m
  CROSS JOIN data_date AS d
  CROSS JOIN held AS s
  CROSS JOIN (
    SELECT
      COUNT(*) > 0 AS benefits,
      SUM(CASE WHEN benefit_kind = 'minimum_allowance' THEN 1 ELSE 0 END) > 0 AS allowances
    FROM benefit
  ) AS l
  LEFT JOIN household AS h ON h.household_id = m.household_id
  LEFT JOIN household_year AS y ON y.household_id = m.household_id AND y.year = d.data_year
  LEFT JOIN monitored_household AS w ON w.household_id = m.household_id
  LEFT JOIN paid AS b ON b.household_id = m.household_id
  LEFT JOIN home AS p ON p.household_id = m.household_id
  LEFT JOIN found AS f ON f.member_id = m.member_id
) AS known
