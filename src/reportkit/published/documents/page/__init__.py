"""A page of a PDF: its glyphs and rules, and from them its lines, tables and running heads."""
