-- level_post: one row a public-interest post, with what its ledger says beside the list of people.
SELECT
  p.post_id AS subject_id,
  p.household_id,
  p.village_code,
  d.data_year AS judged_year,
  p.post_kind,
  p.appointed_on,
  p.vacated_on,
  p.paid_through,
  p.paid_through_until,
  CASE WHEN p.held AND p.member_id IS NOT NULL THEN m.member_id IS NOT NULL
    AND COALESCE(m.health <> 'deceased', TRUE) END AS holder_listed,
  CASE WHEN p.held AND l.posts AND m.member_id IS NOT NULL
    THEN COALESCE(m.public_post_count, 0) > 0 END AS post_recorded,
  (YEAR(p.paid_through) - YEAR(p.vacated_on)) * 12 + MONTH(p.paid_through) - MONTH(p.vacated_on)
    AS months_paid_vacant
FROM (
  SELECT
    a.*,
    COALESCE(a.appointed_on <= d.data_day, FALSE) AND COALESCE(a.vacated_on > d.data_day, TRUE)
      AS held
  FROM post AS a
  CROSS JOIN data_date AS d
) AS p
CROSS JOIN data_date AS d
CROSS JOIN (SELECT COUNT(public_post_count) > 0 AS posts FROM member) AS l
LEFT JOIN member AS m ON m.member_id = p.member_id
