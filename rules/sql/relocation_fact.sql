-- relocation_fact: one row a relocated household as of the data date: its move, its old house, what
-- its settlement site has, and who of it works. Who works is told by the lists of people and their
-- posts, not by the relocation list. Of people whom the list lacks nothing is known.
SELECT
  known.*,
  house_m2 / NULLIF(people, 0) AS house_m2_a_person
FROM (
  SELECT
    r.household_id,
    r.village_code,
    SUBSTRING(r.village_code, 1, 9) AS township_code,
    SUBSTRING(r.village_code, 1, 6) AS county_code,
    d.data_year AS year,
    r.approach,
    r.site_id,
    r.people,
    r.moved_in_on,
    r.moved_in_on IS NOT NULL AS moved_in,
    (d.data_year - YEAR(r.moved_in_on)) * 12 + MONTH(d.data_day) - MONTH(r.moved_in_on)
      - CASE WHEN DAY(d.data_day) < DAY(r.moved_in_on) THEN 1 ELSE 0 END AS months_since_move,
    r.months_in_new_home,
    r.old_house_demolished,
    r.kept_reason,
    CASE WHEN r.kept_reason IN ('shared_wall', 'protected', 'production') THEN TRUE
      WHEN r.kept_reason IS NOT NULL OR l.reasons OR r.old_house_demolished THEN FALSE
    END AS kept_allowed,
    r.land_restored,
    r.certificate,
    r.house_m2,
    r.follow_up,
    CASE WHEN l.follow_ups THEN r.follow_up IS NOT NULL END AS follow_up_given,
    f.able_members + f.weak_members AS can_work_members,
    CASE WHEN f.working_members > 0 OR p.posts > 0 THEN GREATEST(f.working_members, p.posts)
      ELSE f.working_members END AS employed_members,
    s.school_km,
    s.clinic_km,
    s.workshop_km,
    CASE WHEN s.site_id IS NOT NULL AND l.accepted THEN s.accepted_on IS NOT NULL END
      AS site_accepted,
    CASE WHEN s.site_id IS NOT NULL AND l.funds THEN COALESCE(s.follow_up_yuan, 0) > 0 END
      AS site_funded
  FROM relocation AS r
  CROSS JOIN data_date AS d
  CROSS JOIN (
    SELECT
      (SELECT COUNT(kept_reason) FROM relocation) > 0 AS reasons,
      (SELECT COUNT(follow_up) FROM relocation) > 0 AS follow_ups,
      (SELECT COUNT(follow_up_yuan) FROM settlement_site) > 0 AS funds,
      (SELECT COUNT(accepted_on) FROM settlement_site) > 0 AS accepted
  ) AS l
  LEFT JOIN settlement_site AS s ON s.site_id = r.site_id
  LEFT JOIN household_fact AS f ON f.household_id = r.household_id AND f.is_latest
  LEFT JOIN (
    SELECT household_id, COUNT(public_posts) AS posts
    FROM member
    WHERE health IS NULL OR health <> 'deceased'
    GROUP BY household_id
  ) AS p ON p.household_id = r.household_id
) AS known
