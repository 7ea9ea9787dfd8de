"""A file's bytes to its text: paragraphs and grids, whatever the format."""
