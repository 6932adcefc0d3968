-- The file into a table, and nothing else.
.import --csv numbers.csv numbers
