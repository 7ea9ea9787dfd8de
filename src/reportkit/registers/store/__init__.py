"""The store: all registers of a county or a province in a DuckDB file or in PostgreSQL."""
