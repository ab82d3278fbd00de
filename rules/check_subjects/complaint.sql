-- level_complaint: one row a report about funds, and the days that it has waited for an answer.
SELECT
  c.complaint_id AS subject_id,
  CAST(NULL AS STRING) AS household_id,
  c.region_code AS village_code,
  d.data_year AS judged_year,
  c.received_on,
  c.answered_on,
  c.answer_text IS NOT NULL AS has_answer,
  -- An answer without a date was given in nobody knows how many days.
  CASE WHEN c.answered_on IS NOT NULL OR c.answer_text IS NULL
    THEN CAST(EXTRACT(DAY FROM CAST(COALESCE(c.answered_on, d.data_day) AS TIMESTAMP)
      - CAST(c.received_on AS TIMESTAMP)) AS INT)
  END AS days_to_answer
FROM complaint AS c
CROSS JOIN data_date AS d
