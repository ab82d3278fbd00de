-- level_cadre: one row a cadre, with what their stays and visits in the 92 days before the data date
-- say that cannot well be. A night is one in which a stay had begun and not ended.
SELECT
  c.cadre_id AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  c.village_code,
  d.data_year AS judged_year,
  c.cadre_role,
  CASE WHEN l.stays THEN COALESCE(o.stays, 0) END AS stays_at_two_places,
  o.first_night_on,
  CASE WHEN l.visits THEN COALESCE(v.most_visits, 0) END AS visits_in_a_day,
  v.visited_most_on,
  CASE WHEN l.entries THEN COALESCE(e.most_entered, 0) END AS days_entered_at_once,
  e.entered_most_on
FROM cadre AS c
CROSS JOIN data_date AS d
CROSS JOIN (
  SELECT
    (SELECT COUNT(*) FROM stay) > 0 AS stays,
    (SELECT COUNT(*) FROM visit) > 0 AS visits,
    (SELECT COUNT(entered_on) FROM visit) > 0 AS entries
) AS l
LEFT JOIN (
  SELECT
    a.cadre_id,
    COUNT(*) AS stays,
    MIN(GREATEST(a.arrived_on, b.arrived_on)) AS first_night_on
  FROM stay AS a
  JOIN stay AS b
    ON b.cadre_id = a.cadre_id AND b.village_code > a.village_code
    AND b.arrived_on < a.left_on AND a.arrived_on < b.left_on
  CROSS JOIN data_date AS d
  WHERE EXTRACT(DAY FROM CAST(d.data_day AS TIMESTAMP) - CAST(a.arrived_on AS TIMESTAMP)) <= 92
  GROUP BY a.cadre_id
) AS o ON o.cadre_id = c.cadre_id
LEFT JOIN (
  SELECT cadre_id, most_visits, visited_most_on
  FROM (
    SELECT
      cadre_id,
      visits AS most_visits,
      visited_on AS visited_most_on,
      ROW_NUMBER() OVER (PARTITION BY cadre_id ORDER BY visits DESC, visited_on) AS place
    FROM (
      SELECT w.cadre_id, w.visited_on, COUNT(*) AS visits
      FROM visit AS w
      CROSS JOIN data_date AS d
      WHERE EXTRACT(DAY FROM CAST(d.data_day AS TIMESTAMP) - CAST(w.visited_on AS TIMESTAMP)) <= 92
      GROUP BY w.cadre_id, w.visited_on
    ) AS of_day
  ) AS ranked
  WHERE place = 1
) AS v ON v.cadre_id = c.cadre_id
LEFT JOIN (
  SELECT cadre_id, most_entered, entered_most_on
  FROM (
    SELECT
      cadre_id,
      days AS most_entered,
      entered_on AS entered_most_on,
      ROW_NUMBER() OVER (PARTITION BY cadre_id ORDER BY days DESC, entered_on) AS place
    FROM (
      SELECT
        w.cadre_id,
        w.entered_on,
        COUNT(DISTINCT w.visited_on) AS days
      FROM visit AS w
      CROSS JOIN data_date AS d
      WHERE EXTRACT(DAY FROM CAST(d.data_day AS TIMESTAMP) - CAST(w.visited_on AS TIMESTAMP)) <= 92
      GROUP BY w.cadre_id, w.entered_on
    ) AS of_entry
  ) AS ranked
  WHERE place = 1
) AS e ON e.cadre_id = c.cadre_id
