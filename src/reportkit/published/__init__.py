"""Published reports: a page or document of any town, read into the form's cells, facts and sections.

Nothing is guessed: a cell is certain, with the place where it was read, or unread, with the reason.
"""

from reportkit.prose.claim import Claim
from reportkit.prose.claims import claims_of
from reportkit.prose.content import Problem, TextPlace
from reportkit.published.pool import FileRead, published_files, read_files
from reportkit.published.reading import PublishedReport, read_bytes, read_file
from reportkit.published.tables.settle import Reading

__all__ = [
    "Claim",
    "FileRead",
    "Problem",
    "PublishedReport",
    "Reading",
    "TextPlace",
    "claims_of",
    "published_files",
    "read_bytes",
    "read_file",
    "read_files",
]
