-- The file into a table, and nothing else.
CREATE TABLE calls (source_id text, number text, direction text, started_at text, duration text, other_number text, area text,
  line_class text, call_type text, charge text);
\copy calls FROM calls.csv WITH (FORMAT csv, HEADER)
