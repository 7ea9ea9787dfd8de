"""Files of registers: the bytes of a workbook, CSV or Parquet file to raw tables, as they stand there."""
