-- list_match: one row an entry of another department's list and a person of the register that it is
-- about: by identity number alone ('number'). Where two people have the number ('shared_number'), or
-- nobody has it and name and birth date agree with somebody's ('name'), the match is offered and
-- nothing follows from it.
WITH person AS (
  SELECT
    member_id,
    household_id,
    village_code,
    name,
    birth_date,
    CASE WHEN identity_number NOT LIKE '999999%' THEN identity_number END AS number,
    COUNT(*) OVER (PARTITION BY identity_number) AS holders
  FROM member
),

entry AS (
  SELECT
    list_entry_id,
    department_list,
    person_name,
    birth_date,
    entry_kind,
    list_event_on,
    list_event_on_until,
    list_amount_yuan,
    roll_state,
    disability_grade,
    CASE WHEN identity_number NOT LIKE '999999%' THEN identity_number END AS number
  FROM list_entry
),

met AS (
  SELECT
    e.list_entry_id,
    p.member_id,
    p.household_id,
    p.village_code,
    CASE WHEN p.holders = 1 THEN 'number' ELSE 'shared_number' END AS found_by
  FROM entry AS e
  JOIN person AS p ON p.number = e.number
),

alike AS (
  SELECT
    e.list_entry_id,
    p.member_id,
    p.household_id,
    p.village_code,
    'name' AS found_by
  FROM entry AS e
  JOIN person AS p ON p.name = e.person_name AND p.birth_date = e.birth_date
  LEFT JOIN (SELECT DISTINCT number FROM person) AS k ON k.number = e.number
  WHERE k.number IS NULL
)

SELECT
  m.list_entry_id,
  m.member_id,
  m.household_id,
  m.village_code,
  SUBSTRING(m.village_code, 1, 9) AS township_code,
  SUBSTRING(m.village_code, 1, 6) AS county_code,
  d.data_year AS year,
  m.found_by,
  e.department_list,
  e.entry_kind,
  e.list_event_on,
  e.list_event_on_until,
  e.list_amount_yuan,
  e.roll_state,
  e.disability_grade AS list_disability_grade
FROM (SELECT * FROM met UNION ALL SELECT * FROM alike) AS m
JOIN entry AS e ON e.list_entry_id = m.list_entry_id
CROSS JOIN data_date AS d
WHERE COALESCE(e.list_event_on <= d.data_day, TRUE)
