"""From anybody's file to typed shipments, and to a reason for every row that is none.

`sources` finds the files and unpacks them within limits, `columns` knows what columns are called, `delimited`, `workbook` and
`tables` turn a file into cells, `rates` and `places` know currencies and countries, `reading` types the cells
(`sql/intake.sql`), groups the lines of an order and counts what was refused.
"""
