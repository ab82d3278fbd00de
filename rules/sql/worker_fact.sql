-- worker_fact: one row a living member who can work, as of the data date: where they work now, told by
-- spells of work away, posts and rolls of workplaces together; when they last did; what they were
-- trained in and whether work came of it. Nobody is without work where no spells were loaded.
SELECT
  known.*,
  CASE WHEN NOT at_work THEN days_since_spell END AS days_since_work,
  CASE WHEN trained THEN at_work OR began_after_training END AS works_after_training
FROM (
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
    m.labour,
    f.registered,
    m.work_months,
    m.plans_work,
    CASE
      WHEN s.place IS NOT NULL OR o.member_id IS NOT NULL OR w.member_id IS NOT NULL
        OR m.public_post_count > 0 THEN TRUE
      WHEN l.spells THEN FALSE
    END AS at_work,
    CASE
      WHEN s.place IS NOT NULL THEN s.place
      WHEN o.member_id IS NOT NULL OR m.public_post_count > 0 THEN 'village'
      WHEN w.village_code = m.village_code THEN 'village'
      WHEN w.member_id IS NOT NULL THEN 'township'
    END AS works_at,
    CAST(EXTRACT(DAY FROM CAST(d.data_day AS TIMESTAMP) - CAST(s.last_ended_on AS TIMESTAMP)) AS INT)
      AS days_since_spell,
    CASE WHEN l.courses THEN t.trained_on IS NOT NULL END AS trained,
    t.trained_on,
    CAST(EXTRACT(DAY FROM CAST(d.data_day AS TIMESTAMP) - CAST(t.trained_on AS TIMESTAMP)) AS INT)
      AS days_since_training,
    COALESCE(s.last_started_on >= t.trained_on, FALSE) AS began_after_training
  FROM member AS m
  CROSS JOIN data_date AS d
  CROSS JOIN (
    SELECT
      (SELECT COUNT(*) FROM employment WHERE NOT planned) > 0 AS spells,
      (SELECT COUNT(*) FROM training) > 0 AS courses
  ) AS l
  LEFT JOIN household_fact AS f ON f.household_id = m.household_id AND f.is_latest
  LEFT JOIN (
    SELECT
      e.member_id,
      MAX(CASE WHEN e.open THEN COALESCE(e.work_place, 'other') END) AS place,
      MAX(e.started_on) AS last_started_on,
      MAX(CASE WHEN NOT e.open THEN e.ended_on END) AS last_ended_on
    FROM (
      SELECT
        a.*,
        COALESCE(a.ended_on > d.data_day, NOT COALESCE(a.returned, FALSE)) AS open
      FROM employment AS a
      CROSS JOIN data_date AS d
      WHERE NOT a.planned AND a.started_on <= d.data_day
    ) AS e
    GROUP BY e.member_id
  ) AS s ON s.member_id = m.member_id
  LEFT JOIN (
    SELECT DISTINCT p.member_id
    FROM post AS p
    CROSS JOIN data_date AS d
    WHERE p.member_id IS NOT NULL AND p.appointed_on <= d.data_day
      AND COALESCE(p.vacated_on > d.data_day, TRUE)
  ) AS o ON o.member_id = m.member_id
  LEFT JOIN (
    SELECT r.member_id, MIN(k.village_code) AS village_code
    FROM workplace_worker AS r
    CROSS JOIN data_date AS d
    LEFT JOIN workplace AS k ON k.workplace_id = r.workplace_id
    WHERE r.started_on <= d.data_day AND COALESCE(r.ended_on > d.data_day, TRUE)
    GROUP BY r.member_id
  ) AS w ON w.member_id = m.member_id
  LEFT JOIN (
    SELECT c.member_id, MAX(c.trained_on) AS trained_on
    FROM training AS c
    CROSS JOIN data_date AS d
    WHERE c.trained_on <= d.data_day
    GROUP BY c.member_id
  ) AS t ON t.member_id = m.member_id
  WHERE m.labour IN ('ordinary', 'skilled', 'weak')
    AND (m.health IS NULL OR m.health <> 'deceased')
) AS known
