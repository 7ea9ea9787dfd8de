"""papermill's books of a notebook, kept without reading back what was just written."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from papermill.engines import NotebookExecutionManager


class Books(NotebookExecutionManager):  # type: ignore[misc]  # papermill has no types
    """papermill's manager, which parses the time of a cell's start anew with dateutil when the cell ends.

    That takes longer than many a cell. The texts are those of :meth:`datetime.isoformat`, so its reverse reads them.
    """

    def cell_complete(self, cell: Any, *_: object, **__: object) -> None:
        """Note that a cell ended. Its place goes into papermill's log alone, which is not kept here."""
        books, end = cell.metadata.papermill, self.now()
        books["end_time"] = end.isoformat()
        if books.get("start_time"):
            start = datetime.fromisoformat(books["start_time"])
            books["duration"] = (end - start).total_seconds()
        if books["status"] != self.FAILED:
            books["status"] = self.COMPLETED
        self.save()
