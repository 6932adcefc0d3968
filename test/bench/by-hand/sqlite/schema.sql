-- The tables of somebody who does by hand, in the sqlite3 shell, what `meisai import calls` does.
-- Money in 1/100 yen, times and durations in 0.1 s (times since the epoch), days and months those of Japan.
PRAGMA page_size = 16384;
PRAGMA journal_mode = WAL;

CREATE TABLE contracts (id integer PRIMARY KEY, code text NOT NULL UNIQUE);
CREATE TABLE numbers (
  id integer PRIMARY KEY,
  contract_id integer NOT NULL REFERENCES contracts,
  number text NOT NULL UNIQUE
);
CREATE TABLE call_types (id integer PRIMARY KEY, code text NOT NULL UNIQUE, counted integer NOT NULL);
CREATE TABLE areas (id integer PRIMARY KEY, name text NOT NULL UNIQUE);

-- The tariff, and the names of areas for calls whose rate names none.
CREATE TABLE rates (
  prefix text NOT NULL,
  from_time integer NOT NULL,
  area text NOT NULL,
  call_type_id integer NOT NULL REFERENCES call_types,
  unit_charge integer NOT NULL,
  unit_duration integer NOT NULL,
  PRIMARY KEY (prefix, from_time)
) WITHOUT ROWID;
CREATE TABLE area_codes (prefix text PRIMARY KEY, name text NOT NULL) WITHOUT ROWID;

CREATE TABLE batches (
  id integer PRIMARY KEY,
  file_name text NOT NULL,
  imported_at integer NOT NULL,
  records integer NOT NULL,
  added integer NOT NULL,
  duplicates integer NOT NULL,
  unanswered integer NOT NULL,
  rejected integer NOT NULL,
  duration integer NOT NULL,
  charge integer NOT NULL
);
CREATE TABLE rejects (
  batch_id integer NOT NULL REFERENCES batches,
  line integer NOT NULL,
  reason text NOT NULL,
  record text NOT NULL,
  PRIMARY KEY (batch_id, line)
) WITHOUT ROWID;

-- In the order in which a contract's month is read. The month comes first, so that a new one is written at the end.
CREATE TABLE calls (
  billing_month integer NOT NULL,
  contract_id integer NOT NULL,
  direction integer NOT NULL,
  number_id integer NOT NULL,
  started_at integer NOT NULL,
  id integer NOT NULL,
  duration integer NOT NULL,
  other_number text NOT NULL,
  area_id integer NOT NULL,
  line_class integer NOT NULL,
  call_type_id integer NOT NULL,
  charge integer NOT NULL,
  source text NOT NULL UNIQUE,
  PRIMARY KEY (billing_month, contract_id, direction, number_id, started_at, id)
) WITHOUT ROWID;

CREATE TABLE number_days (
  billing_month integer NOT NULL,
  contract_id integer NOT NULL,
  direction integer NOT NULL,
  number_id integer NOT NULL,
  call_type_id integer NOT NULL,
  day integer NOT NULL,
  calls integer NOT NULL,
  duration integer NOT NULL,
  charge integer NOT NULL,
  PRIMARY KEY (billing_month, contract_id, direction, number_id, call_type_id, day)
) WITHOUT ROWID;
CREATE TABLE number_sums (
  billing_month integer NOT NULL,
  contract_id integer NOT NULL,
  direction integer NOT NULL,
  number_id integer NOT NULL,
  call_type_id integer NOT NULL,
  calls integer NOT NULL,
  duration integer NOT NULL,
  charge integer NOT NULL,
  PRIMARY KEY (billing_month, contract_id, direction, number_id, call_type_id)
) WITHOUT ROWID;
CREATE TABLE contract_sums (
  billing_month integer NOT NULL,
  contract_id integer NOT NULL,
  direction integer NOT NULL,
  call_type_id integer NOT NULL,
  calls integer NOT NULL,
  duration integer NOT NULL,
  charge integer NOT NULL,
  PRIMARY KEY (billing_month, contract_id, direction, call_type_id)
) WITHOUT ROWID;
CREATE TABLE contract_hours (
  billing_month integer NOT NULL,
  contract_id integer NOT NULL,
  direction integer NOT NULL,
  hour integer NOT NULL,
  calls integer NOT NULL,
  PRIMARY KEY (billing_month, contract_id, direction, hour)
) WITHOUT ROWID;

INSERT INTO call_types (code, counted) VALUES
  ('domestic', 0), ('ip', 0), ('directory', 1), ('special', 0), ('free', 0),
  ('mobile_au', 0), ('mobile_au_flat', 0), ('mobile', 0), ('phs', 0), ('international', 0);

-- The files of this folder.
CREATE TEMP TABLE contract_file (contract_code, customer_number, service, channels, extra_dialin_numbers, start_date,
  connection_type, primary_dns, secondary_dns, options);
CREATE TEMP TABLE number_file (contract_code, number, kind, aliases);
CREATE TEMP TABLE tariff_file (prefix, area, call_type, yen_per_unit, unit_seconds, from_date);
.import --csv --skip 1 contracts.csv contract_file
.import --csv --skip 1 numbers.csv number_file
.import --csv --skip 1 tariff.csv tariff_file
.import --csv --skip 1 area-codes.csv area_codes
INSERT INTO contracts (code) SELECT contract_code FROM contract_file;
INSERT INTO numbers (contract_id, number)
  SELECT k.id, f.number FROM number_file f JOIN contracts k ON k.code = f.contract_code;
INSERT INTO rates
  SELECT f.prefix, (strftime('%s', f.from_date) - 32400) * 10, f.area, t.id,
    CAST(round(f.yen_per_unit * 100) AS integer), CAST(round(f.unit_seconds * 10) AS integer)
  FROM tariff_file f JOIN call_types t ON t.code = f.call_type;
