-- left_fact: one row a household and year in which it is poor or monitored: its people, how many of
-- them are known in each respect, and the causes told of it (said_1 to said_7, in the order told).
-- For the data date's year age, health and labour are the roster's; for an earlier year health and
-- labour are what that year counted, and ages those of today's roster, of whoever was there then.
WITH came AS (
  SELECT household_id, member_id, MAX(YEAR(changed_on)) AS came_year
  FROM change_event
  WHERE change_kind IN ('born', 'married_in', 'moved_in')
  GROUP BY household_id, member_id
),

person_came AS (
  SELECT member_id, MAX(came_year) AS came_year FROM came
  WHERE member_id IS NOT NULL
  GROUP BY member_id
),

somebody_came AS (
  SELECT household_id, MAX(came_year) AS came_year FROM came
  WHERE member_id IS NULL
  GROUP BY household_id
),

roster AS (
  SELECT
    a.household_id,
    a.year,
    CAST(SUM(CASE WHEN a.age >= a.elderly_age_years THEN 1 ELSE 0 END) AS INT) AS elderly,
    CAST(SUM(CASE WHEN a.age IS NOT NULL AND a.elderly_age_years IS NOT NULL THEN 1 ELSE 0 END)
      AS INT) AS aged,
    CAST(SUM(CASE WHEN a.health <> 'healthy' THEN 1 ELSE 0 END) AS INT) AS ill,
    CAST(SUM(CASE WHEN a.health = 'chronic' THEN 1 ELSE 0 END) AS INT) AS chronic,
    CAST(SUM(CASE WHEN a.health = 'major_illness' THEN 1 ELSE 0 END) AS INT) AS major_illness,
    CAST(SUM(CASE WHEN a.health = 'disabled' THEN 1 ELSE 0 END) AS INT) AS disabled,
    CAST(COUNT(a.health) AS INT) AS examined,
    CAST(SUM(CASE WHEN a.labour = 'weak' THEN 1 ELSE 0 END) AS INT) AS weak,
    CAST(SUM(CASE WHEN a.labour IN ('none', 'lost') THEN 1 ELSE 0 END) AS INT) AS unable,
    CAST(COUNT(a.labour) AS INT) AS rated
  FROM (
    SELECT
      f.household_id,
      f.year,
      f.elderly_age_years,
      k.health,
      k.labour,
      CASE
        WHEN k.year = f.year THEN k.age
        -- Who came when is told by the records alone, and of whom by those that name a member.
        WHEN recorded.events = 0 THEN NULL
        WHEN p.came_year > f.year OR s.came_year > f.year THEN NULL
        ELSE f.year - YEAR(m.birth_date)
      END AS age
    FROM household_fact AS f
    JOIN member_fact AS k ON k.household_id = f.household_id
    JOIN member AS m ON m.member_id = k.member_id
    CROSS JOIN (SELECT COUNT(change_kind) AS events FROM change_event) AS recorded
    LEFT JOIN person_came AS p ON p.member_id = k.member_id
    LEFT JOIN somebody_came AS s ON s.household_id = k.household_id
    WHERE f.poor OR f.monitored
  ) AS a
  WHERE a.age IS NULL OR a.age >= 0
  GROUP BY a.household_id, a.year
),

reason AS (
  SELECT
    f.household_id,
    f.year,
    CASE WHEN f.poor THEN h.cause_1 END AS said_1,
    CASE WHEN f.poor THEN h.cause_2 END AS said_2,
    CASE WHEN f.monitored THEN m.risk_1 END AS said_3,
    CASE WHEN f.monitored THEN m.risk_2 END AS said_4,
    CASE WHEN f.monitored THEN m.risk_3 END AS said_5,
    CASE WHEN f.monitored THEN m.risk_4 END AS said_6,
    CASE WHEN f.monitored THEN m.risk_5 END AS said_7
  FROM household_fact AS f
  LEFT JOIN household AS h ON h.household_id = f.household_id
  LEFT JOIN monitored_household AS m ON m.household_id = f.household_id
  WHERE f.poor OR f.monitored
)

SELECT
  f.household_id,
  f.village_code,
  f.township_code,
  f.county_code,
  f.year,
  f.is_latest,
  f.poor,
  f.monitored,
  f.member_count AS people,
  CASE WHEN c.said_1 = 'labour_shortage' THEN 'labour' ELSE c.said_1 END AS said_1,
  CASE WHEN c.said_2 = 'labour_shortage' THEN 'labour' ELSE c.said_2 END AS said_2,
  CASE WHEN c.said_3 = 'labour_shortage' THEN 'labour' ELSE c.said_3 END AS said_3,
  CASE WHEN c.said_4 = 'labour_shortage' THEN 'labour' ELSE c.said_4 END AS said_4,
  CASE WHEN c.said_5 = 'labour_shortage' THEN 'labour' ELSE c.said_5 END AS said_5,
  CASE WHEN c.said_6 = 'labour_shortage' THEN 'labour' ELSE c.said_6 END AS said_6,
  CASE WHEN c.said_7 = 'labour_shortage' THEN 'labour' ELSE c.said_7 END AS said_7,
  COALESCE(r.aged, 0) AS aged,
  COALESCE(r.elderly, 0) AS elderly,
  CASE
    WHEN f.is_latest THEN COALESCE(r.examined, 0)
    WHEN f.ill_members IS NOT NULL THEN f.member_count
    ELSE 0
  END AS examined,
  CASE WHEN f.is_latest THEN r.ill ELSE f.ill_members END AS ill,
  CASE WHEN f.is_latest THEN r.examined ELSE 0 END AS diagnosed,
  CASE WHEN f.is_latest THEN r.chronic END AS chronic,
  CASE WHEN f.is_latest THEN r.major_illness END AS major_illness,
  CASE WHEN f.is_latest THEN r.disabled END AS disabled,
  CASE
    WHEN f.is_latest THEN COALESCE(r.rated, 0)
    WHEN f.able_members + f.weak_members IS NOT NULL THEN f.member_count
    ELSE 0
  END AS rated,
  CASE WHEN f.is_latest THEN r.weak ELSE f.weak_members END AS weak,
  CASE
    WHEN f.is_latest THEN r.unable
    ELSE GREATEST(f.member_count - f.able_members - f.weak_members, 0)
  END AS unable
FROM household_fact AS f
LEFT JOIN roster AS r ON r.household_id = f.household_id AND r.year = f.year
LEFT JOIN reason AS c ON c.household_id = f.household_id AND c.year = f.year
WHERE f.poor OR f.monitored
