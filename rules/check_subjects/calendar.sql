-- level_calendar: one row a household of calendar_fact, with what its sheets say that rolls, ledgers and
-- deaths contradict. A payment of somebody who is on no roll of its kind that month is of a dead person's
-- where a death is recorded in the household before that month, of one that ended where the roll says so.
SELECT
  c.household_id AS subject_id,
  c.household_id,
  c.village_code,
  c.year AS judged_year,
  COUNT(*) FILTER (WHERE c.told_by = 'sheet' AND c.paid_yuan >= 2 * c.due_yuan AND c.due_yuan > 0)
    AS months_paid_twice,
  MIN(c.month_on) FILTER (WHERE c.told_by = 'sheet' AND c.paid_yuan >= 2 * c.due_yuan
    AND c.due_yuan > 0) AS paid_twice_on,
  CASE WHEN l.deaths AND COUNT(c.on_roll) > 0 THEN COUNT(*) FILTER (WHERE c.off_roll AND c.bereaved)
    END AS months_paid_dead,
  MAX(CASE WHEN c.bereaved THEN c.died_on END) AS death_on,
  CASE WHEN COUNT(c.on_roll) > 0 THEN COUNT(*) FILTER (WHERE c.off_roll AND NOT c.bereaved
    AND c.roll_over) END AS months_paid_ended,
  MAX(CASE WHEN c.off_roll AND c.roll_over THEN MAKE_DATE(CAST(FLOOR(c.roll_ended_no / 12.0) AS INT),
    MOD(c.roll_ended_no, 12) + 1, 1) END) AS roll_ended_on,
  -- A roll no longer names the dead, so of months before a death nothing is said.
  CASE WHEN COUNT(c.on_roll) > 0 THEN COUNT(*) FILTER (WHERE c.off_roll AND c.died_on IS NULL
    AND c.roll_ended_no IS NULL) END AS months_paid_off_roll,
  COUNT(*) FILTER (WHERE c.told_by = 'roll' AND c.sheet_here) AS months_off_sheet,
  COUNT(*) FILTER (WHERE c.told_by = 'sheet' AND c.due_yuan <> c.roll_yuan) AS months_due_differs,
  COUNT(*) FILTER (WHERE c.told_by = 'sheet' AND c.days_after_month IS NULL AND c.paid_yuan > 0)
    AS months_paid_undated
FROM (
  SELECT
    f.*,
    b.died_on,
    COALESCE(f.told_by = 'sheet' AND f.paid_yuan > 0 AND NOT f.on_roll, FALSE) AS off_roll,
    COALESCE(YEAR(b.died_on) * 12 + MONTH(b.died_on) - 1 < f.month_no, FALSE) AS bereaved
  FROM ({calendar_fact}) AS f
  LEFT JOIN (
    SELECT e.household_id, MIN(e.changed_on) AS died_on
    FROM change_event AS e
    CROSS JOIN data_date AS d
    WHERE e.change_kind = 'died'
      AND YEAR(e.changed_on) * 12 + MONTH(e.changed_on) > d.data_year * 12 + MONTH(d.data_day) - 12
    GROUP BY e.household_id
  ) AS b ON b.household_id = f.household_id
) AS c
CROSS JOIN (SELECT COUNT(*) > 0 AS deaths FROM change_event WHERE change_kind = 'died') AS l
GROUP BY c.household_id, c.village_code, c.year, l.deaths
