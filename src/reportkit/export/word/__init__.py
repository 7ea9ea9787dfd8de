"""The report as a Word file, laid out like an official document (GB/T 9704-2012)."""
