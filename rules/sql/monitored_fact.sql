-- monitored_fact: one row a monitored household: how far its case has come, the clock of each step,
-- and what it has, or had when its risk was declared cleared. A released case stands in the year
-- of its release, any other in the data date's. Of dates known by their month alone the days between
-- are known within bounds only: `dated` is true where they are exact, NULL where they are not.
SELECT
  known.*,
  CAST(EXTRACT(DAY FROM CAST(decision_end_last AS TIMESTAMP) - CAST(clue_on AS TIMESTAMP))
    AS INT) AS decision_days,
  CAST(EXTRACT(DAY FROM CAST(decision_end AS TIMESTAMP) - CAST(clue_on_last AS TIMESTAMP))
    AS INT) AS decision_days_least,
  CASE WHEN clue_on_last = clue_on AND decision_end_last = decision_end THEN TRUE END
    AS decision_dated,
  CAST(EXTRACT(DAY FROM CAST(notice_end_last AS TIMESTAMP) - CAST(notice_on AS TIMESTAMP))
    AS INT) AS notice_days_most,
  CAST(EXTRACT(DAY FROM CAST(notice_end AS TIMESTAMP) - CAST(notice_on_last AS TIMESTAMP))
    AS INT) AS notice_days,
  CASE WHEN notice_on_last = notice_on AND notice_end_last = notice_end THEN TRUE END
    AS notice_dated,
  CAST(EXTRACT(DAY FROM CAST(measures_end_last AS TIMESTAMP) - CAST(identified_on AS TIMESTAMP))
    AS INT) AS measures_days,
  CAST(EXTRACT(DAY FROM CAST(measures_end AS TIMESTAMP) - CAST(identified_on_last AS TIMESTAMP))
    AS INT) AS measures_days_least,
  CASE WHEN identified_on_last = identified_on AND measures_end_last = measures_end THEN TRUE END
    AS measures_dated,
  (YEAR(case_end) - YEAR(identified_on)) * 12 + MONTH(case_end) - MONTH(identified_on)
    - CASE WHEN DAY(case_end_last) < DAY(identified_on) THEN 1 ELSE 0 END AS monitored_months
FROM (
  SELECT
    m.household_id,
    m.village_code,
    SUBSTRING(m.village_code, 1, 9) AS township_code,
    SUBSTRING(m.village_code, 1, 6) AS county_code,
    CASE WHEN m.cleared THEN COALESCE(YEAR(m.cleared_on), d.data_year) ELSE d.data_year END
      AS year,
    m.monitor_kind,
    m.risk_1,
    m.clue_on,
    m.home_checked_on,
    m.notice_on,
    m.township_checked_on,
    m.identified_on,
    m.measures_on,
    m.cleared,
    m.cleared_on,
    m.clear_method,
    CASE
      WHEN m.cleared THEN 'release'
      WHEN m.measures_on IS NOT NULL THEN 'measures'
      WHEN m.identified_on IS NOT NULL THEN 'county'
      WHEN m.township_checked_on IS NOT NULL THEN 'township'
      WHEN m.notice_on IS NOT NULL THEN 'notice'
      WHEN m.home_checked_on IS NOT NULL THEN 'home_check'
      ELSE 'clue'
    END AS stage,
    m.identified_on IS NOT NULL AS decided,
    m.measures_on IS NOT NULL AS measures_given,
    COALESCE(m.clue_on_until, m.clue_on) AS clue_on_last,
    COALESCE(m.notice_on_until, m.notice_on) AS notice_on_last,
    CASE WHEN m.identified_on_until > d.data_day THEN d.data_day
      ELSE COALESCE(m.identified_on_until, m.identified_on) END AS identified_on_last,
    COALESCE(m.identified_on, d.data_day) AS decision_end,
    CASE WHEN m.identified_on_until > d.data_day THEN d.data_day
      ELSE COALESCE(m.identified_on_until, m.identified_on, d.data_day) END AS decision_end_last,
    COALESCE(m.township_checked_on, m.identified_on) AS notice_end,
    COALESCE(m.township_checked_on_until, m.township_checked_on, m.identified_on_until,
      m.identified_on) AS notice_end_last,
    COALESCE(m.measures_on, m.cleared_on, d.data_day) AS measures_end,
    COALESCE(m.measures_on_until, m.measures_on, m.cleared_on, d.data_day) AS measures_end_last,
    CASE WHEN m.cleared THEN m.cleared_on ELSE d.data_day END AS case_end,
    CASE WHEN m.cleared THEN COALESCE(m.cleared_on_until, m.cleared_on) ELSE d.data_day END
      AS case_end_last,
    f.able_members,
    f.weak_members,
    CASE WHEN m.cleared THEN m.cleared_per_capita_yuan ELSE f.per_capita_net_income_yuan END
      AS release_per_capita_yuan,
    CASE WHEN m.cleared THEN m.cleared_out_of_school ELSE f.out_of_school END
      AS release_out_of_school,
    CASE WHEN m.cleared THEN m.cleared_uninsured_member ELSE f.uninsured_member END
      AS release_uninsured_member,
    CASE WHEN m.cleared THEN m.cleared_housing_unsafe ELSE f.housing_unsafe END
      AS release_housing_unsafe,
    CASE WHEN m.cleared THEN m.cleared_water_unsafe ELSE f.water_unsafe END
      AS release_water_unsafe
  FROM monitored_household AS m
  CROSS JOIN data_date AS d
  LEFT JOIN household_fact AS f ON f.household_id = m.household_id AND f.is_latest
) AS known
