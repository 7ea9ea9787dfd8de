"""How a process ended before it had answered: the cell that ran then, and the end in words, for the report's failure."""

from __future__ import annotations

import contextlib
import os
import struct
from pathlib import Path
from typing import Final

from reportkit.language import _
from reportkit.running.job import ADDED_CELLS, Failure
from reportkit.running.processes import messages as wire
from reportkit.running.processes.client import Died, Hung

LOG: Final = "stderr.txt"
"""In a report's working folder: what libraries in C had to say."""
CELL: Final = "cell"
"""In a report's working folder: the place of the cell that runs, as the process that runs it writes it down."""


def last_cell(folder: Path) -> int | None:
    """Return the number of the cell that ran when a process ended, where it wrote one down.

    What lies there instead, if a notebook put it there, is not waited for.
    """
    try:
        written = os.open(folder / CELL, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return None
    try:
        (place,) = wire.NUMBER.unpack(os.read(written, wire.NUMBER.size))
    except (OSError, struct.error):
        return None
    finally:
        os.close(written)
    return None if place < 0 else int(place) + ADDED_CELLS + 1


def failure_of(
    fault: Died | Hung, seconds: float | None, cell: int | None, folder: Path | None
) -> Failure:
    """Word the end of a process; the last lines are what libraries in C left in its log."""
    lines: tuple[str, ...] = ()
    if folder is not None:
        with contextlib.suppress(OSError):
            text = (folder / LOG).read_text("utf-8", errors="replace")
            lines = tuple(text.splitlines()[-12:])
    if isinstance(fault, Hung):
        late = (
            _("did not start")
            if seconds is None
            else _("not done after {seconds:g} s, killed", seconds=seconds)
        )
        return Failure(name="Timeout", message=late, cell=cell, lines=lines)
    return Failure(name="Died", message=str(fault), cell=cell, lines=lines)
