"""How long each wait for one of our own processes may take."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    """How many seconds each wait for a process may take. A notebook itself has the time that ``--timeout`` gives it."""

    start: float = 180.0
    """From a job's sending until its execution begins: a new process imports for seconds, on a busy machine longer."""
    export: float = 120.0
    """The export of one report."""
    silence: float = 900.0
    """Between two signs of life of the process that reads the source; one town takes far less."""
    index: float = 600.0
    """The index of all reports."""


def after(seconds: float) -> float:
    """Return the deadline so many seconds from now, as :meth:`.client.Process.answer` takes it."""
    return time.monotonic() + seconds
