-- household_fact: one row a household and year, what is known of it and the thresholds in force.
-- Plain SQL that DuckDB and Spark both run. Facts that exports give only as of the data date
-- (health, work, housing, residence) stand in the data date's own year and are NULL before it:
-- a rule over them is then unknown, not false. So is what is counted from a list of members that is
-- shorter than the household: somebody's row was refused, or never came.
WITH person AS (
  SELECT
    household_id,
    COUNT(*) AS listed_members,
    SUM(CASE WHEN health = 'major_illness' THEN 1 WHEN health IS NOT NULL THEN 0 END)
      AS major_illness_members,
    SUM(CASE WHEN health = 'disabled' THEN 1 WHEN health IS NOT NULL THEN 0 END)
      AS disabled_members,
    SUM(CASE WHEN health = 'chronic' THEN 1 WHEN health IS NOT NULL THEN 0 END) AS chronic_members,
    SUM(CASE WHEN health <> 'healthy' THEN 1 WHEN health IS NOT NULL THEN 0 END) AS ill_members,
    SUM(CASE WHEN labour IN ('ordinary', 'skilled') THEN 1 WHEN labour IS NOT NULL THEN 0 END)
      AS able_members,
    SUM(CASE WHEN labour = 'weak' THEN 1 WHEN labour IS NOT NULL THEN 0 END) AS weak_members,
    -- Without the threshold that they are counted by, these are not known, rather than none.
    SUM(CASE WHEN away THEN 0 WHEN NOT away THEN 1 END) AS members_at_home,
    SUM(CASE WHEN age >= elderly_age_years THEN 1 WHEN elderly_age_years IS NOT NULL THEN 0 END)
      AS elderly_members,
    MIN(CASE WHEN NOT away THEN age END) AS youngest_age_at_home,
    SUM(CASE WHEN work_months > 0 THEN 1 ELSE 0 END) AS working_members,
    BOOL_OR(minimum_allowance) AS listed_allowance,
    BOOL_OR(extreme_poverty) AS listed_extreme
  FROM (
    SELECT
      m.*,
      COALESCE(m.work_months, 0) >= p.away_months AS away,
      p.elderly_age_years,
      p.data_year - YEAR(m.birth_date)
        - CASE WHEN MONTH(m.birth_date) * 100 + DAY(m.birth_date) > p.data_month_day
          THEN 1 ELSE 0 END AS age
    FROM member AS m
    CROSS JOIN data_date AS p
    WHERE m.health IS NULL OR m.health <> 'deceased'
  ) AS living
  GROUP BY household_id
),

-- Measures, inspections and benefits of a household. That nothing is recorded of one household
-- says something only where the table was loaded at all.
loaded AS (
  SELECT
    (SELECT COUNT(*) FROM measure) > 0 AS measures,
    (SELECT COUNT(*) FROM inspection) > 0 AS inspections,
    (SELECT COUNT(*) FROM benefit) > 0 AS benefits,
    (SELECT COUNT(*) FROM member) > 0 AS members,
    (SELECT COUNT(cost_yuan) FROM change_event) > 0 AS costs
),

-- The first year in which a household left poverty: who fell back and left again keeps only the
-- last one in the register.
left_poverty AS (
  SELECT household_id, MIN(year) AS first_year
  FROM (
    SELECT household_id, YEAR(changed_on) AS year FROM change_event WHERE change_kind = 'exited'
    UNION ALL
    SELECT household_id, year FROM household_year WHERE poverty_state = 'exited_now'
    UNION ALL
    SELECT household_id, exit_year AS year FROM household WHERE exit_year IS NOT NULL
  ) AS exits
  GROUP BY household_id
),

-- What struck a household in a year. What an illness costs is the year's own payment, what a lost
-- livelihood costs may be nothing but income; an accident or a disaster without a cost is unclear.
struck AS (
  SELECT
    household_id,
    YEAR(changed_on) AS year,
    CASE WHEN COUNT(CASE WHEN change_kind IN ('accident', 'disaster') AND cost_yuan IS NULL
      THEN 1 END) = 0
      THEN CAST(
        COALESCE(SUM(CASE WHEN change_kind <> 'fell_ill'
          THEN CAST(cost_yuan AS DECIMAL(20, 4)) END), 0)
        AS DOUBLE
      ) END AS cost_yuan
  FROM change_event
  WHERE change_kind IN ('fell_ill', 'accident', 'disaster', 'livelihood_lost')
  GROUP BY household_id, YEAR(changed_on)
),

helped AS (
  SELECT
    household_id,
    BOOL_OR(kind = 'industry') AS industry_measure,
    BOOL_OR(kind IN ('employment', 'public_post')) AS employment_measure,
    BOOL_OR(kind IN ('safety_net', 'social')) AS policy_measure
  FROM measure
  GROUP BY household_id
),

looked_at AS (
  SELECT
    household_id,
    COUNT(*) AS items,
    MAX(CASE WHEN inspection_item = 'income' THEN outcome END) AS inspected_income,
    MAX(CASE WHEN inspection_item = 'basic_living' THEN outcome END) AS inspected_basic_living,
    MAX(CASE WHEN inspection_item = 'schooling' THEN outcome END) AS inspected_schooling,
    MAX(CASE WHEN inspection_item = 'medical' THEN outcome END) AS inspected_medical,
    MAX(CASE WHEN inspection_item = 'housing' THEN outcome END) AS inspected_housing,
    MAX(CASE WHEN inspection_item = 'water' THEN outcome END) AS inspected_water
  FROM (
    SELECT
      *,
      CASE WHEN mended_on IS NOT NULL THEN 'met' ELSE NULLIF(inspection_result, 'unclear') END
        AS outcome
    FROM inspection
    WHERE inspected_on IS NOT NULL
  ) AS inspected
  GROUP BY household_id
),

-- Benefits of the data date's year. A month is paid if it began before the benefit ended; months
-- count from the year's first, and are unknown where the beginning is. Of a date known by its month
-- the first and the last day that it may be are tried: what they do not agree on is unknown.
paid_months AS (
  SELECT
    household_id,
    benefit_kind,
    month_yuan,
    CASE
      WHEN ended_last <= data_day THEN FALSE
      WHEN ended_on <= data_day OR started_last > data_day THEN NULL
      ELSE TRUE
    END AS running,
    CASE
      WHEN paid_most = paid_least AND before_most = before_least THEN paid_least - before_least
    END AS months
  FROM (
    SELECT
      *,
      CASE
        WHEN ended_on IS NULL OR ended_on > data_day THEN MONTH(data_day)
        WHEN DAY(ended_on) = 1 THEN MONTH(ended_on) - 1
        ELSE MONTH(ended_on)
      END AS paid_least,
      CASE
        WHEN ended_last IS NULL OR ended_last > data_day THEN MONTH(data_day)
        WHEN DAY(ended_last) = 1 THEN MONTH(ended_last) - 1
        ELSE MONTH(ended_last)
      END AS paid_most,
      CASE WHEN YEAR(started_on) < YEAR(data_day) THEN 0 ELSE MONTH(started_on) - 1 END
        AS before_least,
      CASE WHEN YEAR(started_last) < YEAR(data_day) THEN 0 ELSE MONTH(started_last) - 1 END
        AS before_most
    FROM (
      SELECT
        b.household_id,
        b.benefit_kind,
        b.month_yuan,
        b.started_on,
        COALESCE(b.started_on_until, b.started_on) AS started_last,
        b.ended_on,
        COALESCE(b.ended_on_until, b.ended_on) AS ended_last,
        d.data_day
      FROM benefit AS b
      CROSS JOIN data_date AS d
      WHERE COALESCE(b.started_on <= d.data_day, TRUE)
        AND COALESCE(YEAR(b.ended_on) >= YEAR(d.data_day), TRUE)
    ) AS dated
  ) AS bounded
),

paid AS (
  SELECT
    b.household_id,
    CASE
      WHEN BOOL_OR(b.running AND b.benefit_kind = 'minimum_allowance') THEN TRUE
      WHEN BOOL_OR(b.running IS NULL AND b.benefit_kind = 'minimum_allowance') THEN NULL
      ELSE FALSE
    END AS minimum_allowance,
    CASE
      WHEN BOOL_OR(b.running AND b.benefit_kind = 'extreme_poverty') THEN TRUE
      WHEN BOOL_OR(b.running IS NULL AND b.benefit_kind = 'extreme_poverty') THEN NULL
      ELSE FALSE
    END AS extreme_poverty,
    CASE
      WHEN BOOL_OR(b.running AND b.benefit_kind = 'temporary_aid') THEN TRUE
      WHEN BOOL_OR(b.running IS NULL AND b.benefit_kind = 'temporary_aid') THEN NULL
      ELSE FALSE
    END AS temporary_aid,
    CASE
      WHEN BOOL_OR(b.benefit_kind = 'minimum_allowance' AND b.month_yuan * b.months IS NULL)
        THEN NULL
      ELSE CAST(
        SUM(CASE WHEN b.benefit_kind = 'minimum_allowance'
          THEN CAST(b.month_yuan * b.months AS DECIMAL(20, 4)) ELSE 0 END)
        AS DOUBLE
      )
    END AS allowance_year_yuan
  FROM paid_months AS b
  GROUP BY b.household_id
),

income AS (
  SELECT
    *,
    LAG(per_capita_net_income_yuan) OVER (PARTITION BY household_id ORDER BY year)
      AS earlier_per_capita_yuan,
    LAG(poverty_state) OVER (PARTITION BY household_id ORDER BY year) AS earlier_state,
    LAG(year) OVER (PARTITION BY household_id ORDER BY year) = year - 1 AS follows
  FROM household_year
)

SELECT
  known.*,
  (net_income_yuan - own_payment_yuan - event_cost_yuan) / NULLIF(member_count, 0)
    AS income_after_costs_yuan,
  100.0 * able_members / NULLIF(member_count, 0) AS able_percent,
  100.0 * ill_members / NULLIF(member_count, 0) AS ill_percent,
  -- A dimension of deprivation that is lacked counts one, so that a weight can be laid upon it.
  CASE WHEN food_ok THEN 0 WHEN NOT food_ok THEN 1 END AS lacks_food,
  CASE WHEN clothing_ok THEN 0 WHEN NOT clothing_ok THEN 1 END AS lacks_clothing,
  CASE WHEN schooling_ok THEN 0 WHEN NOT schooling_ok THEN 1 END AS lacks_schooling,
  CASE WHEN medical_ok THEN 0 WHEN NOT medical_ok THEN 1 END AS lacks_medical,
  CASE WHEN housing_ok THEN 0 WHEN NOT housing_ok THEN 1 END AS lacks_housing,
  CASE WHEN water_ok THEN 0 WHEN NOT water_ok THEN 1 END AS lacks_water
FROM (
  SELECT
    y.household_id,
    y.village_code,
    SUBSTRING(y.village_code, 1, 9) AS township_code,
    SUBSTRING(y.village_code, 1, 6) AS county_code,
    y.year,
    y.year = d.data_year AS is_latest,
    y.member_count,
    CASE WHEN y.year = d.data_year AND l.members
      THEN GREATEST(h.member_count - COALESCE(n.listed_members, 0), 0) END AS unlisted_members,
    h.head_name,
    h.village_group,
    h.registered,
    h.poverty_attribute,
    h.cause_1,
    YEAR(h.identified_on) AS identified_year,
    h.exit_year,
    x.first_year AS first_exit_year,
    y.poverty_state,
    CASE WHEN y.follows THEN y.earlier_state END AS previous_state,
    COALESCE(y.poverty_state IN ('poor', 'fell_back'), FALSE) AS poor,
    y.wage_yuan,
    y.business_yuan,
    y.property_yuan,
    y.transfer_yuan,
    y.expense_yuan,
    y.net_income_yuan,
    y.per_capita_net_income_yuan,
    CASE WHEN y.follows THEN y.earlier_per_capita_yuan END AS previous_per_capita_yuan,
    CASE
      WHEN y.follows AND y.earlier_per_capita_yuan > 0
        THEN (y.per_capita_net_income_yuan / y.earlier_per_capita_yuan - 1) * 100
    END AS income_change_percent,
    y.own_payment_yuan,
    -- Without an event: only a county that records what events cost says that nothing happened.
    CASE WHEN e.household_id IS NOT NULL THEN TRUE WHEN l.costs THEN FALSE END AS struck,
    CASE WHEN e.household_id IS NULL THEN 0.0 ELSE e.cost_yuan END AS event_cost_yuan,
    m.monitor_kind,
    m.identified_on AS monitored_on,
    m.cleared_on,
    m.risk_1,
    -- A case that the county has not decided upon is none yet.
    COALESCE(YEAR(m.identified_on) <= y.year, FALSE) AS ever_monitored,
    COALESCE(YEAR(m.identified_on) <= y.year, FALSE)
      AND (NOT m.cleared OR COALESCE(YEAR(m.cleared_on), d.data_year) > y.year) AS monitored,
    COALESCE(m.cleared AND YEAR(m.cleared_on) = y.year, FALSE) AS released_this_year,
    CASE WHEN y.year = d.data_year THEN p.major_illness_members END AS major_illness_members,
    CASE WHEN y.year = d.data_year THEN p.disabled_members END AS disabled_members,
    CASE WHEN y.year = d.data_year THEN p.chronic_members END AS chronic_members,
    COALESCE(y.able_members, CASE WHEN y.year = d.data_year THEN p.able_members END)
      AS able_members,
    COALESCE(y.weak_members, CASE WHEN y.year = d.data_year THEN p.weak_members END)
      AS weak_members,
    COALESCE(y.ill_members, CASE WHEN y.year = d.data_year THEN p.ill_members END) AS ill_members,
    CASE WHEN y.year = d.data_year THEN p.elderly_members END AS elderly_members,
    CASE WHEN y.year = d.data_year THEN p.members_at_home END AS members_at_home,
    CASE WHEN y.year = d.data_year THEN p.youngest_age_at_home END AS youngest_age_at_home,
    CASE WHEN y.year = d.data_year THEN p.working_members END AS working_members,
    CASE WHEN y.year = d.data_year THEN r.household_id IS NOT NULL END AS relocated,
    CASE WHEN y.year = d.data_year THEN r.people END AS relocated_people,
    CASE WHEN y.year = d.data_year THEN r.moved_in_on IS NOT NULL END AS moved_in,
    CASE WHEN y.year = d.data_year THEN r.months_in_new_home END AS months_in_new_home,
    CASE WHEN y.year = d.data_year THEN r.old_house_demolished END AS old_house_demolished,
    CASE WHEN y.year = d.data_year THEN h.housing_unsafe END AS housing_unsafe,
    CASE WHEN y.year = d.data_year THEN h.water_unsafe END AS water_unsafe,
    CASE WHEN y.year = d.data_year THEN h.out_of_school END AS out_of_school,
    CASE WHEN y.year = d.data_year THEN h.uninsured_member END AS uninsured_member,
    y.food_ok,
    y.clothing_ok,
    COALESCE(y.schooling_ok, CASE WHEN y.year = d.data_year THEN NOT h.out_of_school END)
      AS schooling_ok,
    COALESCE(y.medical_ok, CASE WHEN y.year = d.data_year THEN NOT h.uninsured_member END)
      AS medical_ok,
    COALESCE(y.housing_ok, CASE WHEN y.year = d.data_year THEN NOT h.housing_unsafe END)
      AS housing_ok,
    COALESCE(y.water_ok, CASE WHEN y.year = d.data_year THEN NOT h.water_unsafe END) AS water_ok,
    y.exit_planned,
    y.recorded_class,
    CASE WHEN y.year = d.data_year AND l.measures THEN COALESCE(s.industry_measure, FALSE) END
      AS industry_measure,
    CASE WHEN y.year = d.data_year AND l.measures THEN COALESCE(s.employment_measure, FALSE) END
      AS employment_measure,
    CASE WHEN y.year = d.data_year AND l.measures THEN COALESCE(s.policy_measure, FALSE) END
      AS policy_measure,
    CASE WHEN y.year = d.data_year AND l.inspections THEN 6 - COALESCE(i.items, 0) END
      AS uninspected_items,
    CASE WHEN y.year = d.data_year THEN i.inspected_income END AS inspected_income,
    CASE WHEN y.year = d.data_year THEN i.inspected_basic_living END AS inspected_basic_living,
    CASE WHEN y.year = d.data_year THEN i.inspected_schooling END AS inspected_schooling,
    CASE WHEN y.year = d.data_year THEN i.inspected_medical END AS inspected_medical,
    CASE WHEN y.year = d.data_year THEN i.inspected_housing END AS inspected_housing,
    CASE WHEN y.year = d.data_year THEN i.inspected_water END AS inspected_water,
    CASE
      WHEN y.year = d.data_year AND l.benefits
        THEN CASE WHEN b.household_id IS NULL THEN FALSE ELSE b.minimum_allowance END
      WHEN y.year = d.data_year THEN p.listed_allowance
    END AS receives_allowance,
    CASE
      WHEN y.year = d.data_year AND l.benefits
        THEN CASE WHEN b.household_id IS NULL THEN FALSE ELSE b.extreme_poverty END
      WHEN y.year = d.data_year THEN p.listed_extreme
    END AS receives_extreme,
    CASE
      WHEN y.year = d.data_year AND l.benefits
        THEN CASE WHEN b.household_id IS NULL THEN FALSE ELSE b.temporary_aid END
    END AS receives_temporary,
    CASE
      WHEN y.year = d.data_year AND l.benefits
        AND (b.household_id IS NULL OR b.allowance_year_yuan IS NOT NULL)
        THEN (y.net_income_yuan - COALESCE(b.allowance_year_yuan, 0)) / NULLIF(y.member_count, 0)
    END AS income_before_allowance_yuan,
    (y.wage_yuan + y.business_yuan + y.property_yuan - COALESCE(y.expense_yuan, 0))
      / NULLIF(y.member_count, 0) AS earned_per_capita_yuan
  FROM income AS y
  JOIN household AS h ON h.household_id = y.household_id
  CROSS JOIN data_date AS d
  CROSS JOIN loaded AS l
  LEFT JOIN person AS n ON n.household_id = y.household_id
  LEFT JOIN person AS p
    ON p.household_id = y.household_id AND p.listed_members >= h.member_count
  LEFT JOIN relocation AS r ON r.household_id = y.household_id
  LEFT JOIN monitored_household AS m ON m.household_id = y.household_id
  LEFT JOIN helped AS s ON s.household_id = y.household_id
  LEFT JOIN looked_at AS i ON i.household_id = y.household_id
  LEFT JOIN paid AS b ON b.household_id = y.household_id
  LEFT JOIN left_poverty AS x ON x.household_id = y.household_id
  LEFT JOIN struck AS e ON e.household_id = y.household_id AND e.year = y.year
) AS known
