"""Which run, if any, a notebook's cells are executed by: the run leaves a note, and the cell asks for it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from typing import Final

from reportkit.project.params import Audience

RUN_VARIABLE: Final = "REPORTKIT_RUN"
"""The environment variable with the note of the run that executes a notebook."""


@dataclass(frozen=True, kw_only=True)
class ThisRun:
    """The batch that executes the notebook which asks: for whom, and where to."""

    town: str
    """The id of the town, or of the county or province, whose report is being made."""
    year: int
    """The reporting year."""
    audience: Audience
    """``public`` or ``internal``."""
    output: str
    """The folder or URL that the files go to."""
    formats: tuple[str, ...]
    """The formats that are being made, by name."""

    def note(self) -> str:
        """Return it as a run hands it to the process that executes the notebook."""
        return json.dumps(asdict(self), ensure_ascii=False)


def this_run() -> ThisRun | None:
    """Say whether this cell runs in a batch, for whom and where to; ``None`` where a person runs it by hand.

    In a run of ``reportkit run`` or ``rk.run``, on whatever engine, it is the one that executes this notebook. What a
    cell makes of ``output`` is not part of what a report is made from: a report that prints it is not made anew when
    it goes elsewhere.

    >>> import reportkit as rk
    >>> rk.batch() is None
    True
    """
    note = os.environ.get(RUN_VARIABLE)
    if not note:
        return None
    given = json.loads(note)
    return ThisRun(**{**given, "formats": tuple(given["formats"])})
