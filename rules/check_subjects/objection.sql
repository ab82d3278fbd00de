-- level_objection: one row an objection to a notice, and the days that it has waited for an answer.
SELECT
  o.objection_id AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  o.region_code AS village_code,
  d.data_year AS judged_year,
  o.notice_list,
  o.objected_on,
  o.answered_on,
  o.notice_id IS NOT NULL AS names_notice,
  p.notice_id IS NOT NULL AS notice_listed,
  p.posted_on,
  CAST(EXTRACT(DAY FROM CAST(o.objected_on AS TIMESTAMP) - CAST(p.posted_on AS TIMESTAMP)) AS INT)
    AS days_after_posting,
  o.answer_text IS NOT NULL AS has_answer,
  -- An answer without a date was given in nobody knows how many days.
  CASE WHEN o.answered_on IS NOT NULL OR o.answer_text IS NULL
    THEN CAST(EXTRACT(DAY FROM CAST(COALESCE(o.answered_on, d.data_day) AS TIMESTAMP)
      - CAST(o.objected_on AS TIMESTAMP)) AS INT)
  END AS days_to_answer
FROM notice_objection AS o
CROSS JOIN data_date AS d
LEFT JOIN public_notice AS p ON p.notice_id = o.notice_id
