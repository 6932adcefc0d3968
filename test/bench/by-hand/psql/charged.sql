-- Stages and checks calls.csv, a file of a billing system: each line says type, area and charge of its call.
BEGIN;
CREATE TEMP TABLE staged (line bigint GENERATED ALWAYS AS IDENTITY, source_id text, number text, direction text,
  started_at text, duration text, other_number text, area text, line_class text, call_type text, charge text) ON COMMIT DROP;
\copy staged (source_id, number, direction, started_at, duration, other_number, area, line_class, call_type, charge) FROM calls.csv WITH (FORMAT csv, HEADER, FORCE_NOT_NULL (source_id, number, direction, started_at, duration, other_number, area, line_class, call_type, charge))
ANALYZE staged;
CREATE TEMP VIEW staged_records AS
  SELECT line, concat_ws(',', source_id, number, direction, started_at, duration, other_number, area, line_class, call_type,
    charge) AS record
  FROM staged;
CREATE TEMP TABLE unanswered (line bigint) ON COMMIT DROP;

CREATE TEMP TABLE checked ON COMMIT DROP AS
  WITH known AS MATERIALIZED (
    SELECT s.line, s.source_id AS source, n.contract_id, n.id AS number_id, t.id AS call_type_id, t.counted,
      CASE s.direction WHEN 'outgoing' THEN 0 WHEN 'incoming' THEN 1 END AS direction,
      CASE s.line_class WHEN 'external' THEN 0 WHEN '' THEN 0 WHEN 'internal' THEN 1 END AS line_class,
      CASE WHEN is_real_time(s.started_at) AND left(right(s.started_at, 6), 1) IN ('+', '-')
        THEN (date_part('epoch', s.started_at::timestamptz) * 10)::bigint END AS started_at,
      CASE WHEN s.duration ~ '^\d{1,8}(\.\d)?$' THEN round(s.duration::float8 * 10)::integer END AS duration,
      CASE WHEN s.charge ~ '^\d{1,6}(\.\d{1,2})?$' THEN round(s.charge::float8 * 100)::integer END AS charge,
      s.other_number, s.area
    FROM staged s
    LEFT JOIN numbers n ON n.number = s.number
    LEFT JOIN call_types t ON t.code = s.call_type
  )
  SELECT line, source, contract_id, number_id, direction, started_at,
    CASE WHEN counted THEN 0 ELSE duration END AS duration,
    (date_part('year', ended_in_japan) * 100 + date_part('month', ended_in_japan))::integer AS billing_month,
    other_number, area, line_class, call_type_id, charge,
    CASE
      WHEN source = '' THEN 'source_id: empty'
      WHEN number_id IS NULL THEN 'number: not a number of any contract'
      WHEN direction IS NULL THEN 'direction: neither outgoing nor incoming'
      WHEN started_at IS NULL THEN 'started_at: not a time with its zone'
      WHEN duration IS NULL OR duration >= 36000000 THEN 'duration: not a number of seconds below 1000 hours'
      WHEN other_number = '' AND direction = 0 OR translate(other_number, '0123456789', '') <> '' OR length(other_number) > 20
        THEN 'other_number: not a telephone number'
      WHEN line_class IS NULL THEN 'line_class: neither external nor internal'
      WHEN call_type_id IS NULL THEN 'call_type: not known'
      WHEN charge IS NULL OR charge >= 99999950 THEN 'charge: not an amount in 1/100 yen below 999,999.50'
    END AS reason
  FROM (
    SELECT *, to_timestamp((CASE WHEN counted THEN started_at ELSE started_at + duration - 1 END) / 10)
      AT TIME ZONE 'Asia/Tokyo' AS ended_in_japan
    FROM known
  ) AS known;
