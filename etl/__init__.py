"""From published figures to a warehouse file.

`reference` reads the CSV files that people keep in `data/reference` and refuses a broken row by file, line and column.
`warehouse` loads them into a new DuckDB file (`sql/schema.sql`: the tables and their contracts), adds the views that the
dashboard may read (`sql/marts.sql`), runs the cross-row rules (`sql/checks.sql`, which must return nothing), names the file
by the version of its content and only then moves the pointer `data/current`. Nothing is changed afterwards.
"""
