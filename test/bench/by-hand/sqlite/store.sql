-- Brings in what was checked: rejects, calls, sums and the batch, in one transaction. A source that is known, by an
-- earlier file or an earlier line, adds nothing.
BEGIN IMMEDIATE;
INSERT OR IGNORE INTO areas (name) SELECT DISTINCT area FROM checked WHERE reason IS NULL;
CREATE TEMP TABLE batch AS SELECT coalesce(max(id), 0) + 1 AS id FROM batches;

INSERT INTO calls
  SELECT c.billing_month, c.contract_id, c.direction, c.number_id, c.started_at,
    (SELECT id FROM batch) * 10000000000 + c.place AS id, c.duration, c.other_number, a.id, c.line_class,
    c.call_type_id, c.charge, c.source
  FROM (SELECT rowid AS place, * FROM checked WHERE reason IS NULL) c CROSS JOIN areas a ON a.name = c.area
  ORDER BY c.billing_month, c.contract_id, c.direction, c.number_id, c.started_at, c.place
  ON CONFLICT (source) DO NOTHING;
CREATE TEMP TABLE outcome AS
  SELECT changes() AS added, (SELECT count(*) FROM checked WHERE reason IS NULL) AS good;
-- Where some were known the sums are of the others.
DELETE FROM checked WHERE reason IS NULL AND (SELECT added < good FROM outcome) AND NOT EXISTS (
  SELECT 1 FROM calls k
  WHERE k.source = checked.source AND k.id = (SELECT id FROM batch) * 10000000000 + checked.rowid);

CREATE TEMP TABLE days AS
  SELECT billing_month, contract_id, direction, number_id, call_type_id, (started_at + 324000) / 864000 AS day,
    count(*) AS calls, sum(duration) AS duration, sum(charge) AS charge
  FROM checked WHERE reason IS NULL GROUP BY 1, 2, 3, 4, 5, 6;
INSERT INTO number_days SELECT * FROM days WHERE true
  ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, duration = duration + excluded.duration,
    charge = charge + excluded.charge;
INSERT INTO number_sums
  SELECT billing_month, contract_id, direction, number_id, call_type_id, sum(calls), sum(duration), sum(charge)
  FROM days GROUP BY 1, 2, 3, 4, 5
  ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, duration = duration + excluded.duration,
    charge = charge + excluded.charge;
INSERT INTO contract_sums
  SELECT billing_month, contract_id, direction, call_type_id, sum(calls), sum(duration), sum(charge)
  FROM days GROUP BY 1, 2, 3, 4
  ON CONFLICT DO UPDATE SET calls = calls + excluded.calls, duration = duration + excluded.duration,
    charge = charge + excluded.charge;
INSERT INTO contract_hours
  SELECT billing_month, contract_id, direction, started_at / 36000, count(*)
  FROM checked WHERE reason IS NULL GROUP BY 1, 2, 3, 4
  ON CONFLICT DO UPDATE SET calls = calls + excluded.calls;

INSERT INTO batches
  SELECT batch.id, 'calls.csv', CAST(strftime('%s', 'now') AS integer) * 1000,
    (SELECT count(*) FROM staged), added, good - added, (SELECT count(*) FROM unanswered),
    (SELECT count(*) FROM checked WHERE reason IS NOT NULL),
    (SELECT coalesce(sum(duration), 0) FROM days), (SELECT coalesce(sum(charge), 0) FROM days)
  FROM batch, outcome;
INSERT INTO rejects
  SELECT batch.id, c.line + 1, c.reason, r.record
  FROM batch, checked c JOIN staged_records r ON r.line = c.line WHERE c.reason IS NOT NULL;
COMMIT;
