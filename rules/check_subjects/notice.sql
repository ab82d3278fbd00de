-- level_notice: one row a list that a village owes in a year, beside the sheet that hung of it. It is
-- judged by the thresholds of its own year.
SELECT
  f.notice_duty_id AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  f.village_code,
  f.year AS judged_year,
  f.notice_list,
  f.judged,
  f.told,
  f.entries_due,
  f.days_since_listed,
  f.sheets,
  f.posted_at,
  f.posted_on,
  f.withdrawn_on,
  f.notice_days,
  f.on_board,
  f.days_to_posting,
  f.sheet_entries,
  f.entries_missing,
  f.entries_posted,
  f.has_photo,
  f.photo_reference
FROM ({notice_fact}) AS f
