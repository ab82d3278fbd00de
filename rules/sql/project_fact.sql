-- project_fact: one row a project that has a year: how far it has come on its way from the library to
-- the asset, what is next and by when, the work done beside the money paid, and what it was for.
-- A step is due by the plan (start, completion) or a county's limit of days after the step before;
-- without either it is not known whether it is late. Work and payment are those of the newest
-- half-monthly sheet for what stands in it, of the library for all else.
SELECT
  way.*,
  CASE WHEN finished THEN FALSE ELSE next_due_on < data_day END AS late,
  CASE
    WHEN finished OR next_due_on >= data_day THEN 0
    ELSE CAST(EXTRACT(DAY FROM CAST(data_day AS TIMESTAMP) - CAST(next_due_on AS TIMESTAMP)) AS INT)
  END AS days_late,
  work_percent - paid_percent AS payment_gap_points,
  CAST(EXTRACT(DAY FROM CAST(data_day AS TIMESTAMP) - CAST(built_on AS TIMESTAMP)) AS INT)
    AS days_since_built,
  CAST(EXTRACT(DAY FROM CAST(data_day AS TIMESTAMP) - CAST(sheet_on AS TIMESTAMP)) AS INT)
    AS days_since_sheet,
  CAST(EXTRACT(DAY FROM CAST(built_on AS TIMESTAMP) - CAST(planned_built_on AS TIMESTAMP)) AS INT)
    AS built_days_late,
  CASE WHEN sheet_on IS NOT NULL
    THEN CAST(EXTRACT(DAY FROM CAST(sheet_on AS TIMESTAMP) - CAST(same_since AS TIMESTAMP)) AS INT)
  END AS still_days
FROM (
  SELECT
    ahead.*,
    CASE next_step
      WHEN 'approved' THEN listed_on + CAST(project_approval_days AS INT)
      WHEN 'tendered' THEN approved_on + CAST(project_tender_days AS INT)
      WHEN 'started' THEN planned_start_on
      WHEN 'built' THEN planned_built_on
      WHEN 'accepted' THEN built_on + CAST(project_acceptance_days AS INT)
      WHEN 'paid' THEN accepted_on + CAST(project_payment_days AS INT)
      WHEN 'handed_over' THEN accepted_on + CAST(project_handover_days AS INT)
    END AS next_due_on,
    CASE WHEN planned_yuan > 0 THEN 100.0 * payment_yuan / planned_yuan END AS paid_percent
  FROM (
    SELECT
      stands.*,
      CASE step
        WHEN 'library' THEN 'approved'
        WHEN 'approved' THEN CASE WHEN contracted THEN 'tendered' ELSE 'started' END
        WHEN 'tendered' THEN 'started'
        WHEN 'started' THEN 'built'
        WHEN 'built' THEN 'accepted'
        WHEN 'accepted' THEN 'paid'
        WHEN 'paid' THEN CASE WHEN contracted THEN 'handed_over' END
      END AS next_step,
      step = 'handed_over' OR (step = 'paid' AND NOT contracted) AS finished
    FROM (
      SELECT
        dated.*,
        CASE
          WHEN accepted_on IS NOT NULL AND paid_off_on IS NOT NULL AND handed_over_on IS NOT NULL
            THEN 'handed_over'
          WHEN accepted_on IS NOT NULL AND paid_off_on IS NOT NULL THEN 'paid'
          WHEN accepted_on IS NOT NULL OR state = 'accepted' THEN 'accepted'
          WHEN built_on IS NOT NULL OR state = 'done' THEN 'built'
          WHEN started_on IS NOT NULL OR state = 'running' THEN 'started'
          WHEN tendered_on IS NOT NULL THEN 'tendered'
          WHEN approved_on IS NOT NULL THEN 'approved'
          ELSE 'library'
        END AS step,
        COALESCE(
          sheet_percent,
          CASE
            WHEN built_on IS NOT NULL OR state IN ('done', 'accepted') THEN 100.0
            WHEN started_on IS NULL AND state = 'reserve' THEN 0.0
          END
        ) AS work_percent
      FROM (
        SELECT
          p.project_id,
          p.village_code,
          SUBSTRING(p.village_code, 1, 9) AS township_code,
          SUBSTRING(p.village_code, 1, 6) AS county_code,
          p.year,
          p.category,
          p.state,
          p.planned_yuan,
          p.paid_yuan,
          p.beneficiary_households,
          -- What is built by contract, and leaves an asset.
          COALESCE(p.category IN ('industry', 'rural_works', 'relocation'), FALSE) AS contracted,
          w.listed_on,
          w.approved_on,
          w.tender_way,
          w.tendered_on,
          w.bidders,
          w.contractor,
          w.contract_yuan,
          w.planned_start_on,
          COALESCE(w.started_on, p.started_on) AS started_on,
          w.planned_built_on,
          w.built_on,
          COALESCE(w.accepted_on, p.accepted_on) AS accepted_on,
          w.paid_off_on,
          w.handed_over_on,
          s.sheet_on,
          s.same_since,
          s.previous_percent,
          CASE WHEN s.sheet_on = n.newest_on THEN s.progress_percent END AS sheet_percent,
          CASE WHEN s.sheet_on = n.newest_on THEN COALESCE(s.paid_yuan, p.paid_yuan)
            ELSE p.paid_yuan END AS payment_yuan,
          b.listed_households,
          b.promised_yuan,
          b.had_yuan,
          b.short_households,
          d.data_day,
          d.project_approval_days,
          d.project_tender_days,
          d.project_acceptance_days,
          d.project_payment_days,
          d.project_handover_days
        FROM project AS p
        CROSS JOIN data_date AS d
        CROSS JOIN (SELECT MAX(sheet_on) AS newest_on FROM project_schedule) AS n
        LEFT JOIN project_path AS w ON w.project_id = p.project_id
        LEFT JOIN (
          SELECT
            sheet.project_id,
            MAX(sheet.sheet_on) AS sheet_on,
            MAX(CASE WHEN sheet.turn = 1 THEN sheet.progress_percent END) AS progress_percent,
            MAX(CASE WHEN sheet.turn = 2 THEN sheet.progress_percent END) AS previous_percent,
            MAX(CASE WHEN sheet.turn = 1 THEN sheet.paid_yuan END) AS paid_yuan,
            -- The first sheet that said of the work what the last one says.
            MIN(CASE WHEN sheet.progress_percent >= sheet.last_percent THEN sheet.sheet_on END)
              AS same_since
          FROM (
            SELECT
              project_id,
              sheet_on,
              progress_percent,
              paid_yuan,
              ROW_NUMBER() OVER (PARTITION BY project_id ORDER BY sheet_on DESC) AS turn,
              FIRST_VALUE(progress_percent) OVER (PARTITION BY project_id ORDER BY sheet_on DESC)
                AS last_percent
            FROM project_schedule
          ) AS sheet
          GROUP BY sheet.project_id
        ) AS s ON s.project_id = p.project_id
        LEFT JOIN (
          SELECT
            project_id,
            COUNT(*) AS listed_households,
            CAST(SUM(CAST(COALESCE(promised_income_yuan, 0) + COALESCE(promised_dividend_yuan, 0)
              AS DECIMAL(20, 4))) AS DOUBLE) AS promised_yuan,
            CAST(SUM(CAST(COALESCE(income_yuan, 0) + COALESCE(dividend_yuan, 0)
              AS DECIMAL(20, 4))) AS DOUBLE) AS had_yuan,
            SUM(CASE WHEN COALESCE(income_yuan, 0) + COALESCE(dividend_yuan, 0)
              < COALESCE(promised_income_yuan, 0) + COALESCE(promised_dividend_yuan, 0)
              OR jobs < promised_jobs THEN 1 ELSE 0 END) AS short_households
          FROM project_beneficiary
          GROUP BY project_id
        ) AS b ON b.project_id = p.project_id
        WHERE p.year IS NOT NULL
      ) AS dated
    ) AS stands
  ) AS ahead
) AS way
