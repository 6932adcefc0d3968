-- Stages, checks and rates calls.csv, the Master.csv of an Asterisk: a line says who called whom, and when.
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -32000;

CREATE TEMP TABLE staged (accountcode text, src text, dst text, dcontext text, clid text, channel text, dstchannel text,
  lastapp text, lastdata text, start text, answer text, "end" text, duration text, billsec text, disposition text,
  amaflags text, uniqueid text, userfield text);
.import --csv calls.csv staged
CREATE TEMP VIEW staged_records AS
  SELECT rowid AS line, accountcode || ',' || src || ',' || dst || ',' || dcontext || ',' || clid || ',' || channel || ',' ||
    dstchannel || ',' || lastapp || ',' || lastdata || ',' || start || ',' || answer || ',' || "end" || ',' ||
    duration || ',' || billsec || ',' || disposition || ',' || amaflags || ',' || uniqueid || ',' || userfield AS record
  FROM staged;
CREATE TEMP TABLE unanswered (line integer PRIMARY KEY);
INSERT INTO unanswered
  SELECT rowid FROM staged WHERE disposition NOT IN ('ANSWERED', '') OR answer = '' OR trim(billsec, '0') = '';

CREATE TEMP TABLE checked AS
  WITH told AS MATERIALIZED (
    SELECT s.rowid AS line, s.uniqueid || ' ' || s.answer || ' ' || s.src || ' ' || s.dst AS source,
      CASE WHEN date(substr(s.answer, 1, 10), '+0 days') = substr(s.answer, 1, 10)
        THEN (strftime('%s', s.answer) - 32400) * 10 END AS started_at,
      CASE WHEN s.billsec GLOB '[0-9]*' AND s.billsec NOT GLOB '*[^0-9]*' THEN s.billsec * 10 END AS duration,
      (strftime('%s', s."end") - strftime('%s', s.answer)) * 10 AS lasting,
      s.src, CASE WHEN s.dst GLOB '010*' THEN substr(s.dst, 4) ELSE s.dst END AS dst
    FROM staged s WHERE s.rowid NOT IN (SELECT line FROM unanswered)
  ),
  -- A call for each side that is a line of ours.
  sides AS (
    SELECT t.*, n.contract_id, n.id AS number_id, 0 AS direction, t.dst AS other_number,
      EXISTS (SELECT 1 FROM numbers o WHERE o.number = t.dst) AS line_class
    FROM told t JOIN numbers n ON n.number = t.src
    UNION ALL
    SELECT t.*, n.contract_id, n.id, 1, t.src, EXISTS (SELECT 1 FROM numbers o WHERE o.number = t.src)
    FROM told t JOIN numbers n ON n.number = t.dst
    UNION ALL
    SELECT t.*, NULL, NULL, NULL, '', 0
    FROM told t
    WHERE NOT EXISTS (SELECT 1 FROM numbers o WHERE o.number = t.src)
      AND NOT EXISTS (SELECT 1 FROM numbers o WHERE o.number = t.dst)
  ),
  -- By the longest prefix that was in force; a short number needs a rate of its own.
  rated AS MATERIALIZED (
    SELECT s.*, r.area, r.call_type_id, r.unit_charge, r.unit_duration, t.counted
    FROM sides s
    LEFT JOIN rates r ON (r.prefix, r.from_time) = (
      SELECT x.prefix, x.from_time FROM rates x
      WHERE x.prefix IN (substr(s.other_number, 1, 1), substr(s.other_number, 1, 2), substr(s.other_number, 1, 3),
          substr(s.other_number, 1, 4), substr(s.other_number, 1, 5), substr(s.other_number, 1, 6))
        AND x.from_time <= s.started_at
        AND (length(s.other_number) >= 7 OR s.other_number GLOB '0*' OR x.prefix = s.other_number)
      ORDER BY length(x.prefix) DESC, x.from_time DESC LIMIT 1)
    LEFT JOIN call_types t ON t.id = r.call_type_id
  )
  SELECT line, CASE direction WHEN 1 THEN source || ' incoming' ELSE source END AS source, contract_id, number_id,
    direction, started_at, CASE counted WHEN 1 THEN 0 ELSE duration END AS duration,
    CAST(strftime('%Y%m', (CASE counted WHEN 1 THEN started_at ELSE started_at + duration - 1 END) / 10 + 32400,
      'unixepoch') AS integer) AS billing_month,
    other_number,
    CASE WHEN area <> '' THEN area ELSE coalesce((
      SELECT x.name FROM area_codes x
      WHERE x.prefix IN (substr(other_number, 1, 2), substr(other_number, 1, 3), substr(other_number, 1, 4),
        substr(other_number, 1, 5), substr(other_number, 1, 6))
      ORDER BY length(x.prefix) DESC LIMIT 1), '') END AS area,
    line_class, call_type_id,
    CASE direction WHEN 0 THEN
      CASE counted WHEN 1 THEN 1 ELSE (duration + unit_duration - 1) / unit_duration END * unit_charge ELSE 0 END AS charge,
    CASE
      WHEN number_id IS NULL THEN 'neither number is one of any contract'
      WHEN started_at IS NULL THEN 'answer: not a time'
      WHEN duration IS NULL OR duration >= 36000000 THEN 'billsec: not a number of seconds below 1000 hours'
      WHEN lasting IS NULL OR abs(lasting - duration) > 30 THEN 'end: contradicts the duration'
      WHEN other_number = '' AND direction = 0 OR other_number GLOB '*[^0-9]*' OR length(other_number) > 20
        THEN 'dst: not a telephone number'
      WHEN call_type_id IS NULL THEN 'no rate for this number at that time'
    END AS reason
  FROM rated;
