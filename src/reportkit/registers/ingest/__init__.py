"""Ingest: register files, checked whole, into the store; what is wrong, told all at once."""
