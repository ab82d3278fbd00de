-- visit_fact: one row a household as of the data date: who helps it, when somebody last came, and
-- which tasks of a visit were done in the 92 days before. That nobody came says something only where
-- visits were loaded at all.
SELECT
  known.*,
  CAST(EXTRACT(DAY FROM CAST(data_day AS TIMESTAMP) - CAST(last_visited_on AS TIMESTAMP)) AS INT)
    AS days_since_visit
FROM (
  SELECT
    h.household_id,
    h.village_code,
    SUBSTRING(h.village_code, 1, 9) AS township_code,
    SUBSTRING(h.village_code, 1, 6) AS county_code,
    d.data_year AS year,
    d.data_day,
    h.registered,
    f.poor OR f.monitored AS unsettled,
    CASE WHEN l.pairings THEN COALESCE(p.helpers, 0) END AS helpers,
    v.last_visited_on,
    CASE WHEN l.visits THEN v.last_visited_on IS NOT NULL END AS visited,
    CASE WHEN l.visits THEN COALESCE(v.visits, 0) END AS visits_in_quarter,
    CASE WHEN l.visits THEN COALESCE(v.talked, FALSE) END AS talked,
    CASE WHEN l.visits THEN COALESCE(v.measures_reviewed, FALSE) END AS measures_reviewed,
    CASE WHEN l.visits THEN COALESCE(v.data_verified, FALSE) END AS data_verified,
    CASE WHEN l.visits THEN COALESCE(v.home_tidied, FALSE) END AS home_tidied,
    CASE WHEN l.visits AND l.pairings THEN COALESCE(v.by_helper, FALSE) END AS helper_came
  FROM household AS h
  CROSS JOIN data_date AS d
  CROSS JOIN (
    SELECT
      (SELECT COUNT(*) FROM pairing) > 0 AS pairings,
      (SELECT COUNT(*) FROM visit) > 0 AS visits
  ) AS l
  LEFT JOIN household_fact AS f ON f.household_id = h.household_id AND f.is_latest
  LEFT JOIN (
    SELECT p.household_id, COUNT(*) AS helpers
    FROM pairing AS p
    CROSS JOIN data_date AS d
    WHERE COALESCE(p.unpaired_on > d.data_day, TRUE)
    GROUP BY p.household_id
  ) AS p ON p.household_id = h.household_id
  LEFT JOIN (
    SELECT
      v.household_id,
      MAX(v.visited_on) AS last_visited_on,
      SUM(CASE WHEN v.recent THEN 1 ELSE 0 END) AS visits,
      BOOL_OR(v.recent AND v.talked) AS talked,
      BOOL_OR(v.recent AND v.measures_reviewed) AS measures_reviewed,
      BOOL_OR(v.recent AND v.data_verified) AS data_verified,
      BOOL_OR(v.recent AND v.home_tidied) AS home_tidied,
      BOOL_OR(v.recent AND p.cadre_id IS NOT NULL) AS by_helper
    FROM (
      SELECT
        w.*,
        EXTRACT(DAY FROM CAST(d.data_day AS TIMESTAMP) - CAST(w.visited_on AS TIMESTAMP)) <= 92
          AS recent
      FROM visit AS w
      CROSS JOIN data_date AS d
      WHERE w.visited_on <= d.data_day
    ) AS v
    LEFT JOIN pairing AS p
      ON p.household_id = v.household_id AND p.cadre_id = v.cadre_id
    GROUP BY v.household_id
  ) AS v ON v.household_id = h.household_id
) AS known
