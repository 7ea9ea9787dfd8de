"""Every error that reportkit raises on purpose, in one tree.

::

    ReportkitError
    ├── CallError                the call or a parameter is wrong; nothing was run (exit 2)
    │   ├── ParameterError       a notebook parameter or a key of a params file
    │   ├── SourceError          a source that is not there or cannot be opened
    │   ├── UnknownTown          a town that the source does not hold
    │   └── UnknownYear          a year that the source does not hold for that town
    ├── FormError                something that no edition of the form has
    │   └── UnknownAddress       a cell address that the edition does not have
    ├── ReportFileError          a report.json that is not one
    ├── BlockRefused             an executed notebook whose blocks are forged, damaged or of another version
    ├── ReadError                a published report that cannot be read at all
    ├── PublicRefused            a draft that may not be published (contract: the public gate)
    ├── YearNotCovered           a year for which no working days are known
    ├── RunError                 a notebook that failed, died or ran out of time
    └── StoreError               a store that is locked, damaged or of another version

A message says what is wrong, where, and how to mend it. It never holds a value of a
personal column. All of them survive pickling, because they cross process borders.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

from reportkit.language import _, marked


class ReportkitError(Exception):
    """Base of every error that this package raises on purpose."""

    def _render_traceback_(self) -> list[str]:
        """Return what a notebook shows: one line that says it all, and no frame of this package."""
        return [f"{type(self).__name__}: {self}"]


class CallError(ReportkitError):
    """The call or a parameter is wrong, and nothing was run."""


class ParameterError(CallError):
    """A notebook parameter or a key of a params file is unknown, missing or impossible."""


class SourceError(CallError):
    """A source of data is not there, cannot be opened or is not a source."""


class UnknownTown(CallError):
    """The source holds no town of that id."""


class UnknownYear(CallError):
    """The source holds nothing for the town in that year."""


class FormError(ReportkitError):
    """Something that no edition of the statutory form has."""


class UnknownAddress(FormError, KeyError):
    """A cell address that the edition does not have."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class ReportFileError(ReportkitError):
    """A file that should hold a report.json and does not."""


class BlockRefused(ReportkitError):
    """Data in an executed notebook that are no block of this version."""


class ReadError(ReportkitError):
    """A published report that cannot be read at all."""


class PublicRefused(ReportkitError):
    """A draft (year not over, or open error findings) that may not be published."""


class YearNotCovered(ReportkitError):
    """The working calendar has no holiday notice for a year, so nothing is counted in it."""

    def __init__(self, year: int, first: int, last: int) -> None:
        """Name the year that is missing, and the first and the last one that are covered."""
        super().__init__(year, first, last)
        self.year = year
        self.first = first
        self.last = last

    def __str__(self) -> str:
        return _(
            "the working calendar covers {first} to {last}, not {year}; "
            "a newer release of chinesecalendar may have it",
            first=self.first,
            last=self.last,
            year=self.year,
        )


class RunError(ReportkitError):
    """A report's notebook failed, died or ran out of time."""


class StoreError(ReportkitError):
    """A store is locked, damaged or of another version."""


_SYSTEMS: Final = (
    marked("No such file or directory"),
    marked("Permission denied"),
    marked("File exists"),
    marked("Is a directory"),
    marked("Not a directory"),
    marked("Directory not empty"),
    marked("File name too long"),
    marked("No space left on device"),
    marked("Disk quota exceeded"),
    marked("Read-only file system"),
    marked("Too many open files"),
    marked("Input/output error"),
    marked("Address already in use"),
)
"""What the system says of files most often; the rest stays in its words."""


def system_words(fault: OSError) -> str:
    """Return what happened to a file, in the language to speak.

    >>> import os; os.environ["REPORTKIT_LANG"] = "zh"
    >>> system_words(FileNotFoundError(2, "No such file or directory", "a"))
    '没有这个文件或文件夹'
    """
    return _(fault.strerror or str(fault) or type(fault).__name__)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return the words «; did you mean X?» for the nearest known name, or an empty text.

    Without a near match the known names are listed, at most twelve of them.
    """
    names = sorted(known)
    match = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
    if match:
        return _("; did you mean {name!r}?", name=match[0])
    if not names:
        return ""
    shown = ", ".join(names[:12])
    if len(names) > 12:
        return _("; known: {names} and {count} more", names=shown, count=len(names) - 12)
    return _("; known: {names}", names=shown)
