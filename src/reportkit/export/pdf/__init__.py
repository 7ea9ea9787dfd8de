"""The report as a PDF: the same document as the Word file, for reading, archiving and reading aloud."""
