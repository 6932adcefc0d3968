-- Brings in what was checked: rejects, calls, sums and the batch, in the transaction that has staged it. A source that is
-- known, by an earlier file or an earlier line, adds nothing.
SELECT pg_advisory_xact_lock(1);
ANALYZE checked;
INSERT INTO areas (name)
  SELECT DISTINCT area FROM checked WHERE reason IS NULL AND area NOT IN (SELECT name FROM areas);
CREATE TEMP TABLE batch ON COMMIT DROP AS SELECT nextval(pg_get_serial_sequence('batches', 'id')) AS id;

CREATE TEMP TABLE outcome ON COMMIT DROP AS
  SELECT 0::bigint AS added, count(*) FILTER (WHERE reason IS NULL) AS good,
    count(*) FILTER (WHERE reason IS NOT NULL) AS rejected FROM checked;
CREATE TEMP TABLE days ON COMMIT DROP AS SELECT * FROM number_days WHERE false;
CREATE TEMP TABLE hours ON COMMIT DROP AS SELECT * FROM contract_hours WHERE false;
WITH added AS (
  INSERT INTO calls
    SELECT c.billing_month, c.contract_id, c.direction, c.number_id, c.started_at, batch.id * 10000000000 + c.line,
      c.duration, c.other_number, a.id, c.line_class, c.call_type_id, c.charge, c.source
    FROM batch, checked c JOIN areas a ON a.name = c.area
    WHERE c.reason IS NULL
    ORDER BY c.billing_month, c.contract_id, c.direction, c.number_id, c.started_at, c.line
    ON CONFLICT (source) DO NOTHING
    RETURNING billing_month, contract_id, direction, number_id, call_type_id, started_at, duration, charge
), new_days AS (
  INSERT INTO days
    SELECT billing_month, contract_id, direction, number_id, call_type_id, (started_at + 324000) / 864000 AS day,
      count(*), sum(duration), sum(charge)
    FROM added GROUP BY 1, 2, 3, 4, 5, 6
)
INSERT INTO hours
  SELECT billing_month, contract_id, direction, started_at / 36000 AS hour, count(*) FROM added GROUP BY 1, 2, 3, 4;
UPDATE outcome SET added = (SELECT coalesce(sum(calls), 0) FROM hours);

INSERT INTO number_days AS s SELECT * FROM days ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (billing_month, contract_id, direction, number_id, call_type_id, day)
  DO UPDATE SET calls = s.calls + excluded.calls, duration = s.duration + excluded.duration,
    charge = s.charge + excluded.charge;
INSERT INTO number_sums AS s
  SELECT billing_month, contract_id, direction, number_id, call_type_id, sum(calls), sum(duration), sum(charge)
  FROM days GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (billing_month, contract_id, direction, number_id, call_type_id)
  DO UPDATE SET calls = s.calls + excluded.calls, duration = s.duration + excluded.duration,
    charge = s.charge + excluded.charge;
INSERT INTO contract_sums AS s
  SELECT billing_month, contract_id, direction, call_type_id, sum(calls), sum(duration), sum(charge)
  FROM days GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
  ON CONFLICT (billing_month, contract_id, direction, call_type_id)
  DO UPDATE SET calls = s.calls + excluded.calls, duration = s.duration + excluded.duration,
    charge = s.charge + excluded.charge;
INSERT INTO contract_hours AS s SELECT * FROM hours ORDER BY 1, 2, 3, 4
  ON CONFLICT (billing_month, contract_id, direction, hour) DO UPDATE SET calls = s.calls + excluded.calls;

INSERT INTO batches
  SELECT batch.id, 'calls.csv', now(), (SELECT count(*) FROM staged), added, good - added,
    (SELECT count(*) FROM unanswered), rejected, sums.duration, sums.charge
  FROM batch, outcome,
    (SELECT coalesce(sum(duration), 0) AS duration, coalesce(sum(charge), 0) AS charge FROM days) AS sums;
INSERT INTO rejects
  SELECT batch.id, c.line + 1, c.reason, r.record
  FROM batch, checked c JOIN staged_records r ON r.line = c.line WHERE c.reason IS NOT NULL;
DROP VIEW staged_records;
COMMIT;
