"""Text and grids to the form's cells, each certain with its place or unread with a reason."""
