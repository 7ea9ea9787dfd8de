"""The report as an Excel workbook that computes."""
