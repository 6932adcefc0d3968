-- Stages, checks and rates calls.csv, the Master.csv of an Asterisk: a line says who called whom, and when.
BEGIN;
CREATE TEMP TABLE staged (line bigint GENERATED ALWAYS AS IDENTITY, accountcode text, src text, dst text, dcontext text,
  clid text, channel text, dstchannel text, lastapp text, lastdata text, start text, answer text, "end" text, duration text,
  billsec text, disposition text, amaflags text, uniqueid text, userfield text) ON COMMIT DROP;
\copy staged (accountcode, src, dst, dcontext, clid, channel, dstchannel, lastapp, lastdata, start, answer, "end", duration, billsec, disposition, amaflags, uniqueid, userfield) FROM calls.csv WITH (FORMAT csv)
ANALYZE staged;
CREATE TEMP VIEW staged_records AS
  SELECT line, concat_ws(',', accountcode, src, dst, dcontext, clid, channel, dstchannel, lastapp, lastdata, start, answer,
    "end", duration, billsec, disposition, amaflags, uniqueid, userfield) AS record
  FROM staged;
CREATE TEMP TABLE unanswered ON COMMIT DROP AS
  SELECT line FROM staged
  WHERE disposition NOT IN ('ANSWERED', '') OR coalesce(answer, '') = '' OR coalesce(trim('0' FROM billsec), '') = '';
ANALYZE unanswered;

CREATE TEMP TABLE checked ON COMMIT DROP AS
  WITH told AS MATERIALIZED (
    SELECT s.line, s.uniqueid || ' ' || s.answer || ' ' || s.src || ' ' || s.dst AS source,
      CASE WHEN is_real_time(s.answer) AND length(s.answer) = 19
        THEN (date_part('epoch', (s.answer || '+09')::timestamptz) * 10)::bigint END AS started_at,
      CASE WHEN s.billsec ~ '^\d{1,8}$' THEN s.billsec::integer * 10 END AS duration,
      CASE WHEN is_real_time(s."end") AND is_real_time(s.answer)
        THEN (date_part('epoch', s."end"::timestamp - s.answer::timestamp) * 10)::bigint END AS lasting,
      s.src, CASE WHEN s.dst LIKE '010%' THEN substr(s.dst, 4) ELSE s.dst END AS dst
    FROM staged s
    WHERE s.line NOT IN (SELECT line FROM unanswered)
  ),
  -- A call for each side that is a line of ours.
  sides AS (
    SELECT t.*, n.contract_id, n.id AS number_id, 0 AS direction, t.dst AS other_number,
      EXISTS (SELECT FROM numbers o WHERE o.number = t.dst)::integer AS line_class
    FROM told t JOIN numbers n ON n.number = t.src
    UNION ALL
    SELECT t.*, n.contract_id, n.id, 1, t.src, EXISTS (SELECT FROM numbers o WHERE o.number = t.src)::integer
    FROM told t JOIN numbers n ON n.number = t.dst
    UNION ALL
    SELECT t.*, NULL, NULL, NULL, '', 0
    FROM told t
    WHERE NOT EXISTS (SELECT FROM numbers o WHERE o.number = t.src)
      AND NOT EXISTS (SELECT FROM numbers o WHERE o.number = t.dst)
  ),
  -- By the longest prefix that was in force; a short number needs a rate of its own.
  rated AS MATERIALIZED (
    SELECT s.*, r.area, r.call_type_id, r.unit_charge, r.unit_duration, y.counted
    FROM sides s
    LEFT JOIN LATERAL (
      SELECT * FROM rates x
      WHERE x.prefix = ANY (ARRAY[left(s.other_number, 1), left(s.other_number, 2), left(s.other_number, 3),
          left(s.other_number, 4), left(s.other_number, 5), left(s.other_number, 6)])
        AND x.from_time <= s.started_at
        AND (length(s.other_number) >= 7 OR s.other_number LIKE '0%' OR x.prefix = s.other_number)
      ORDER BY length(x.prefix) DESC, x.from_time DESC LIMIT 1) AS r ON true
    LEFT JOIN call_types y ON y.id = r.call_type_id
  )
  SELECT line, CASE direction WHEN 1 THEN source || ' incoming' ELSE source END AS source, contract_id, number_id,
    direction, started_at, CASE WHEN counted THEN 0 ELSE duration END AS duration,
    (date_part('year', ended_in_japan) * 100 + date_part('month', ended_in_japan))::integer AS billing_month,
    other_number,
    CASE WHEN area <> '' THEN area ELSE coalesce((
      SELECT x.name FROM area_codes x
      WHERE x.prefix = ANY (ARRAY[left(other_number, 2), left(other_number, 3), left(other_number, 4),
        left(other_number, 5), left(other_number, 6)])
      ORDER BY length(x.prefix) DESC LIMIT 1), '') END AS area,
    line_class, call_type_id,
    CASE direction WHEN 0 THEN
      CASE WHEN counted THEN 1 ELSE (duration + unit_duration - 1) / unit_duration END * unit_charge ELSE 0 END AS charge,
    CASE
      WHEN number_id IS NULL THEN 'neither number is one of any contract'
      WHEN started_at IS NULL THEN 'answer: not a time'
      WHEN duration IS NULL OR duration >= 36000000 THEN 'billsec: not a number of seconds below 1000 hours'
      WHEN lasting IS NULL OR abs(lasting - duration) > 30 THEN 'end: contradicts the duration'
      WHEN other_number = '' AND direction = 0 OR translate(other_number, '0123456789', '') <> '' OR length(other_number) > 20
        THEN 'dst: not a telephone number'
      WHEN call_type_id IS NULL THEN 'no rate for this number at that time'
    END AS reason
  FROM (
    SELECT *, to_timestamp((CASE WHEN counted THEN started_at ELSE started_at + duration - 1 END) / 10)
      AT TIME ZONE 'Asia/Tokyo' AS ended_in_japan
    FROM rated
  ) AS rated;
