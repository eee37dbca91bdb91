"""From published figures and publishers' interfaces to a warehouse file.

`reference` reads the CSV files that people keep in `data/reference` and refuses a broken row by file, line and column.
`refresh` asks the publishers: `sources` plans the calls and reads the answers without touching the network, `transport` is
the one door to it, `vintages` keeps every answer as received in `data/raw`; `imports` does the same with files downloaded by
hand, `standing` says how the sources stand, and `received` turns what was kept into rows, a vintage a change.
`warehouse` loads both into a new DuckDB file (`sql/schema.sql`: the tables and their contracts), adds the views that the
dashboard may read (`sql/marts.sql`), runs the cross-row rules (`sql/checks.sql`, which must return nothing), names the file
by the version of its content and only then moves the pointer `data/current`. Nothing is changed afterwards.
"""
