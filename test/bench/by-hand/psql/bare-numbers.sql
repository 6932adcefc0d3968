-- The file into a table, and nothing else.
CREATE TABLE numbers (contract_code text, number text, kind text, aliases text);
\copy numbers FROM numbers.csv WITH (FORMAT csv, HEADER)
