-- Stages and checks calls.csv, a file of a billing system: each line says type, area and charge of its call.
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -32000;

CREATE TEMP TABLE staged (source_id text, number text, direction text, started_at text, duration text, other_number text,
  area text, line_class text, call_type text, charge text);
.import --csv --skip 1 calls.csv staged
CREATE TEMP VIEW staged_records AS
  SELECT rowid AS line, source_id || ',' || number || ',' || direction || ',' || started_at || ',' || duration || ',' ||
    other_number || ',' || area || ',' || line_class || ',' || call_type || ',' || charge AS record
  FROM staged;

CREATE TEMP TABLE checked AS
  WITH known AS MATERIALIZED (
    SELECT s.rowid AS line, s.source_id AS source, n.contract_id, n.id AS number_id, t.id AS call_type_id, t.counted,
      CASE s.direction WHEN 'outgoing' THEN 0 WHEN 'incoming' THEN 1 END AS direction,
      CASE s.line_class WHEN 'external' THEN 0 WHEN '' THEN 0 WHEN 'internal' THEN 1 END AS line_class,
      CASE WHEN date(substr(s.started_at, 1, 10), '+0 days') = substr(s.started_at, 1, 10)
        THEN strftime('%s', s.started_at) * 10 + substr(s.started_at, 21, 1) END AS started_at,
      CASE WHEN s.duration GLOB '[0-9]*' AND s.duration NOT GLOB '*[^0-9.]*' AND s.duration NOT GLOB '*.[0-9][0-9]*'
        THEN CAST(round(s.duration * 10) AS integer) END AS duration,
      CASE WHEN s.charge GLOB '[0-9]*' AND s.charge NOT GLOB '*[^0-9.]*' AND s.charge NOT GLOB '*.[0-9][0-9][0-9]*'
        THEN CAST(round(s.charge * 100) AS integer) END AS charge,
      s.other_number, s.area
    FROM staged s
    LEFT JOIN numbers n ON n.number = s.number
    LEFT JOIN call_types t ON t.code = s.call_type
  )
  SELECT line, source, contract_id, number_id, direction, started_at,
    CASE counted WHEN 1 THEN 0 ELSE duration END AS duration,
    CAST(strftime('%Y%m', (CASE counted WHEN 1 THEN started_at ELSE started_at + duration - 1 END) / 10 + 32400,
      'unixepoch') AS integer) AS billing_month,
    other_number, area, line_class, call_type_id, charge,
    CASE
      WHEN source = '' THEN 'source_id: empty'
      WHEN number_id IS NULL THEN 'number: not a number of any contract'
      WHEN direction IS NULL THEN 'direction: neither outgoing nor incoming'
      WHEN started_at IS NULL THEN 'started_at: not a time with its zone'
      WHEN duration IS NULL OR duration >= 36000000 THEN 'duration: not a number of seconds below 1000 hours'
      WHEN other_number = '' AND direction = 0 OR other_number GLOB '*[^0-9]*' OR length(other_number) > 20
        THEN 'other_number: not a telephone number'
      WHEN line_class IS NULL THEN 'line_class: neither external nor internal'
      WHEN call_type_id IS NULL THEN 'call_type: not known'
      WHEN charge IS NULL OR charge >= 99999950 THEN 'charge: not an amount in 1/100 yen below 999,999.50'
    END AS reason
  FROM known;
CREATE TEMP TABLE unanswered (line integer PRIMARY KEY);
