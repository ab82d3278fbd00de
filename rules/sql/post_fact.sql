-- post_fact: one row a public-interest post as of the data date: whether somebody holds it, and of the
-- holder what the lists of people and of work away say. Of one who is in no list nothing is known.
SELECT
  p.post_id,
  p.household_id,
  p.member_id,
  p.village_code,
  SUBSTRING(p.village_code, 1, 9) AS township_code,
  SUBSTRING(p.village_code, 1, 6) AS county_code,
  p.year,
  p.post_kind,
  p.filled,
  p.filled OR p.vacated_on IS NOT NULL AS ever_filled,
  CASE WHEN NOT p.filled THEN CAST(
    EXTRACT(DAY FROM CAST(p.data_day AS TIMESTAMP) - CAST(p.vacated_on AS TIMESTAMP)) AS INT)
    END AS vacant_days,
  CASE WHEN p.filled THEN p.year - YEAR(m.birth_date)
    - CASE WHEN MONTH(m.birth_date) * 100 + DAY(m.birth_date) > p.data_month_day
      THEN 1 ELSE 0 END END AS holder_age,
  CASE WHEN p.filled THEN m.labour IN ('ordinary', 'skilled', 'weak') END AS holder_can_work,
  CASE WHEN p.filled AND p.member_id IS NOT NULL THEN o.posts - 1 END AS other_posts,
  CASE WHEN p.filled AND m.member_id IS NOT NULL AND l.spells THEN e.member_id IS NOT NULL END
    AS holder_away,
  CASE WHEN p.filled AND l.notices THEN p.noticed_on IS NOT NULL END AS noticed,
  CASE WHEN p.filled THEN CAST(
    EXTRACT(DAY FROM CAST(p.appointed_on AS TIMESTAMP) - CAST(p.noticed_on AS TIMESTAMP)) AS INT)
    END AS post_notice_days,
  CASE WHEN p.filled AND l.agreements THEN COALESCE(p.agreement_until >= p.data_day, FALSE) END
    AS agreement_runs,
  CASE WHEN p.filled THEN CAST(
    EXTRACT(DAY FROM CAST(p.data_day AS TIMESTAMP)
      - CAST(COALESCE(p.paid_through_until, p.paid_through) AS TIMESTAMP)) AS INT)
    END AS days_unpaid,
  CASE WHEN p.filled THEN p.attended_days END AS attended_days
FROM (
  SELECT
    a.*,
    d.data_day,
    d.data_year AS year,
    d.data_month_day,
    COALESCE(a.appointed_on <= d.data_day, FALSE) AND COALESCE(a.vacated_on > d.data_day, TRUE)
      AS filled
  FROM post AS a
  CROSS JOIN data_date AS d
) AS p
CROSS JOIN (
  SELECT
    (SELECT COUNT(*) FROM employment WHERE NOT planned) > 0 AS spells,
    (SELECT COUNT(noticed_on) FROM post) > 0 AS notices,
    (SELECT COUNT(agreement_until) FROM post) > 0 AS agreements
) AS l
LEFT JOIN member AS m ON m.member_id = p.member_id
LEFT JOIN (
  SELECT b.member_id, COUNT(*) AS posts
  FROM post AS b
  CROSS JOIN data_date AS d
  WHERE b.appointed_on <= d.data_day AND COALESCE(b.vacated_on > d.data_day, TRUE)
  GROUP BY b.member_id
) AS o ON o.member_id = p.member_id
LEFT JOIN (
  SELECT DISTINCT s.member_id
  FROM employment AS s
  CROSS JOIN data_date AS d
  WHERE NOT s.planned AND s.started_on <= d.data_day
    AND COALESCE(s.ended_on > d.data_day, NOT COALESCE(s.returned, FALSE))
    AND s.work_place IN ('province', 'outside')
) AS e ON e.member_id = p.member_id
