"""Verifying a shared file: what stands in it visibly, compared with the report that it carries under seal."""
