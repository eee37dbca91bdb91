"""The board pack: one description of what is to be shown, written as slides, as a workbook and as one HTML file."""
