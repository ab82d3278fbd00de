-- home_fact: one row a happiness home as of the data date: who lives there, who came, left and died
-- within the year, and what the home has. Deaths are told by the changes of the register.
SELECT
  s.home_id,
  s.village_code,
  SUBSTRING(s.village_code, 1, 9) AS township_code,
  SUBSTRING(s.village_code, 1, 6) AS county_code,
  d.data_year AS year,
  s.home_built_on,
  s.built_from,
  s.planned_households,
  CASE WHEN l.residents THEN COALESCE(r.households, 0) END AS households,
  CASE WHEN l.residents THEN COALESCE(r.people, 0) END AS people,
  CASE WHEN l.residents THEN s.planned_households - COALESCE(r.households, 0) END AS free_places,
  CASE WHEN l.residents THEN COALESCE(r.came_in_year, 0) END AS came_in_year,
  CASE WHEN l.residents THEN COALESCE(r.left_in_year, 0) END AS left_in_year,
  CASE WHEN l.residents AND l.changes THEN COALESCE(r.deaths_in_year, 0) END AS deaths_in_year,
  CASE WHEN l.directors THEN s.director_name IS NOT NULL END AS has_director,
  s.director_month_yuan,
  s.collectively_owned,
  s.home_water,
  s.home_power,
  s.home_road,
  s.home_clinic,
  s.home_gym,
  s.home_reading_room,
  s.home_square
FROM happiness_home AS s
CROSS JOIN data_date AS d
CROSS JOIN (
  SELECT
    (SELECT COUNT(*) FROM home_resident) > 0 AS residents,
    (SELECT COUNT(director_name) FROM happiness_home) > 0 AS directors,
    (SELECT COUNT(*) FROM change_event) > 0 AS changes
) AS l
LEFT JOIN (
  SELECT
    t.home_id,
    CAST(SUM(CASE WHEN t.lives_there THEN 1 ELSE 0 END) AS INT) AS households,
    CAST(SUM(CASE WHEN t.lives_there THEN t.people ELSE 0 END) AS INT) AS people,
    CAST(SUM(CASE WHEN YEAR(t.moved_in_on) = t.data_year THEN 1 ELSE 0 END) AS INT) AS came_in_year,
    CAST(SUM(CASE WHEN YEAR(t.left_home_on) = t.data_year AND NOT t.lives_there THEN 1 ELSE 0 END) AS INT)
      AS left_in_year,
    CAST(SUM(t.deaths) AS INT) AS deaths_in_year
  FROM (
    SELECT
      r.home_id,
      r.home_people AS people,
      r.moved_in_on,
      r.left_home_on,
      d.data_year,
      r.left_home_on IS NULL OR r.left_home_on > d.data_day AS lives_there,
      COALESCE(e.deaths, 0) AS deaths
    FROM home_resident AS r
    CROSS JOIN data_date AS d
    LEFT JOIN (
      SELECT o.household_id, COUNT(*) AS deaths
      FROM change_event AS o
      JOIN home_resident AS h ON h.household_id = o.household_id
      CROSS JOIN data_date AS d
      WHERE o.change_kind = 'died' AND YEAR(o.changed_on) = d.data_year
        AND o.changed_on <= d.data_day AND o.changed_on >= h.moved_in_on
        AND (h.left_home_on IS NULL OR o.changed_on <= h.left_home_on)
      GROUP BY o.household_id
    ) AS e ON e.household_id = r.household_id
  ) AS t
  GROUP BY t.home_id
) AS r ON r.home_id = s.home_id
