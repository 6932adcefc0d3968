-- The file into a table, and nothing else.
.import --csv calls.csv calls
