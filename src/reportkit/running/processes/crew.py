"""The processes of one machine that make reports.

:func:`make` is what an executor's worker calls, whichever executor it is: threads here, a Dask worker's
threads on a cluster. A job is executed in one process and exported in another, both of the machine's :class:`Crew`.
Nothing that a notebook does reaches this process, and nothing here waits without a bound: see :class:`Bounds`.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
import threading
import time
from pathlib import Path

from reportkit.files import temporary_folder
from reportkit.running.job import EngineName, Job, Outcome
from reportkit.running.processes.bounds import Bounds
from reportkit.running.processes.members import Members
from reportkit.running.processes.one_report import derive, execute, export


def make(job: Job) -> Outcome:
    """Make one report with this machine's crew, again where it fails and the job allows it."""
    crew = crew_for(job.engine, job.workers)
    outcome = crew.make(job)
    for _again in range(job.retries):
        if outcome.status != "failed":
            break
        outcome = crew.make(job)
    return outcome


_CREWS: dict[EngineName, Crew] = {}
_LOCK = threading.Lock()


def crew_for(engine: EngineName, workers: int = 1) -> Crew:
    """Return this process's crew for an engine, of so many workers where it is new. It ends with the process."""
    with _LOCK:
        if engine not in _CREWS:
            _CREWS[engine] = Crew(engine, workers)
        return _CREWS[engine]


@atexit.register
def close_crews() -> None:
    """End every crew of this process."""
    with _LOCK:
        crews = list(_CREWS.values())
        _CREWS.clear()
    for crew in crews:
        crew.close()


class Crew:
    """The processes that make reports on this machine with one engine.

    At any time at most ``workers`` of them execute a notebook and as many export one: while one report is being
    written to disk, the next is already being executed.
    """

    def __init__(self, engine: EngineName, workers: int) -> None:
        self.scratch = temporary_folder("reportkit-run-")
        """For working folders and slices; it goes with the crew, also when this process is killed."""
        self.members = Members(engine, self.scratch)
        self.bounds = Bounds()
        self._executing = threading.Semaphore(workers)
        self._exporting = threading.Semaphore(workers)

    def make(self, job: Job) -> Outcome:
        """Make one report. Raises :class:`~reportkit.errors.RunError` where our own processes fail."""
        with self._executing:
            started = time.monotonic()
            folder = Path(tempfile.mkdtemp(dir=self.scratch))
            try:
                derived = derive(self.members, self.bounds, job)
                executed = execute(self.members, self.bounds, derived, folder)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            seconds = time.monotonic() - started
        with self._exporting:
            return export(self.members, self.bounds, job, executed, seconds)

    def close(self) -> None:
        """End every process; reports under way are lost, files that are there are whole."""
        self.members.close()
        shutil.rmtree(self.scratch, ignore_errors=True)
