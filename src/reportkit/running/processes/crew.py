"""The processes of one machine that make reports, and how a job goes through them.

:func:`make` is what an executor's worker calls, whichever executor it is: threads here, a Dask worker's
threads on a cluster. A job is executed in one process and exported in another, both of the machine's :class:`Crew`.
Nothing that a notebook does reaches this process, and nothing here waits without a bound: see :class:`Bounds`.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import struct
import tempfile
import threading
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from reportkit.errors import CallError, RunError
from reportkit.export.board import BoardYear
from reportkit.language import _
from reportkit.manifest import Entry
from reportkit.running.execution.parcel import PREPARED, SLICE
from reportkit.running.inventory import Catalogue, Survey
from reportkit.running.job import ADDED_CELLS, EngineName, Executed, Failure, Job, Outcome
from reportkit.running.processes import messages as wire
from reportkit.running.processes.client import Died, Hung
from reportkit.running.processes.members import Members

WORKER_LIFE: Final = 200
"""How many reports a spawned worker makes before it is replaced."""
EXPORTER_LIFE: Final = 1000
"""How many reports an exporting process writes before it is replaced, so that it cannot grow without end."""
STARTED: Final = -1
"""What a process says before it begins, and as it goes on: its start takes no report's time."""
TRIES: Final = 3
"""How often a report is begun anew when our own processes fail it."""
LOG: Final = "stderr.txt"
"""In a report's working folder: what libraries in C had to say."""
CELL: Final = "cell"
"""In a report's working folder: the place of the cell that runs, as the process that runs it writes it down."""


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
        self.scratch = Path(tempfile.mkdtemp(prefix="reportkit-"))
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
                executed = self._execute(self._prepared(job), folder)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            seconds = time.monotonic() - started
        with self._exporting:
            files = {name: body for name, body in job.files.items() if name != SLICE}
            return self._export(replace(job, files=files), executed, seconds)

    def cells(
        self, notebook: bytes, folder: Path, variables: dict[str, str], timeout: float | None
    ) -> Executed:
        """Execute a notebook that papermill has prepared, in a folder and environment that are there.

        A failure's ``cell`` is the place of the cell that ran when the process died.
        """
        member = self.members.get("cells", 1)
        deadline: float | None = self._by(self.bounds.start)
        cell: int | None = None
        try:
            member.process.ask((notebook, str(folder), variables), self._by(self.bounds.start))
            while isinstance(message := member.process.answer(deadline), int):
                if message != STARTED:
                    cell = message
                else:
                    deadline = None if timeout is None else self._by(timeout)
        except (Died, Hung) as fault:
            return Executed(notebook=b"", failure=_failure(fault, timeout, cell, None))
        finally:
            self.members.drop(member, kill=True)
        return Executed(notebook=message)

    def take(self, survey: Survey) -> Catalogue | CallError:
        """Have a source read by a process of its own."""
        taken: Catalogue | CallError = self._once("catalogue", survey, self.bounds.silence)
        return taken

    def index(
        self, entries: list[Entry], audience: str, board: tuple[BoardYear, ...] = ()
    ) -> dict[str, str]:
        """Have the pages of the index rendered by a process of its own."""
        pages: dict[str, str] = self._once("index", (entries, audience, board), self.bounds.index)
        return pages

    def close(self) -> None:
        """End every process; reports under way are lost, files that are there are whole."""
        self.members.close()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _prepared(self, job: Job) -> Job:
        """Have a report derived before its notebook runs; where that cannot be done the notebook does it."""
        if not self.members.forks or SLICE not in job.files:
            return job
        member = self.members.get("export", EXPORTER_LIFE)
        try:
            member.process.ask(job, self._by(self.bounds.start))
            content: bytes | None = member.process.answer(self._by(self.bounds.export))
        except (Died, Hung):
            self.members.drop(member, kill=True)
            self.members.check_open()
            return job
        self.members.give_back(member)
        return job if content is None else replace(job, files={**job.files, PREPARED: content})

    def _execute(self, job: Job, folder: Path) -> Executed:
        """Execute a job's notebook in another process; its death is a value too.

        Where it is our own processes that died, it is tried again, then without a neighbour: a report that kills
        what it shares with others is found out by that.
        """
        for number in range(TRIES):
            executed = self._try(job, folder, apart=number > 0)
            if executed is not None:
                return executed
            self.members.check_open()
        raise RunError(
            _("the processes that execute notebooks do not start; see the messages above")
        )

    def _try(self, job: Job, folder: Path, *, apart: bool = False) -> Executed | None:
        """Return what one process made of a job; ``None`` where the report is not to blame for its end.

        ``apart``: in a process that shares nothing with another's, so that the report is to blame once it has begun.
        """
        try:
            member = (
                self.members.get_apart(self.members.executing)
                if apart
                else self.members.get(self.members.executing, WORKER_LIFE)
            )
        except Died:
            return None
        deadline: float | None = self._by(self.bounds.start)
        cell: int | None = None
        started = False
        try:
            member.process.ask((job, str(folder)), self._by(self.bounds.start))
            while isinstance(message := member.process.answer(deadline), int):
                if message != STARTED:
                    cell = message + ADDED_CELLS + 1
                    continue
                started = True
                deadline = None if job.timeout is None else self._by(job.timeout)
        except (Died, Hung) as fault:
            self.members.drop(member, kill=True)
            self.members.check_open()
            if not started or (isinstance(fault, Died) and fault.code is None and not apart):
                return None
            cell = _cell_of(folder) if cell is None else cell
            return Executed(notebook=b"", failure=_failure(fault, job.timeout, cell, folder))
        executed: Executed = message
        if self.members.forks:
            self.members.drop(member, kill=False)
        elif executed.failure is not None:
            self.members.drop(member, kill=True)  # whatever made it fail may still be there
        else:
            self.members.give_back(member)
        return executed

    def _export(self, job: Job, executed: Executed, seconds: float) -> Outcome:
        """Write the files in an exporting process. One that died is replaced once."""
        bound = self.bounds.export
        for last in (False, True):
            member = self.members.get("export", EXPORTER_LIFE)
            try:
                member.process.ask((job, executed, seconds), self._by(self.bounds.start))
                outcome: Outcome = member.process.answer(self._by(bound))
            except (Died, Hung) as fault:
                self.members.drop(member, kill=True)
                self.members.drop_idle(member.role)
                self.members.check_open()
                if last:
                    failure = _failure(fault, bound, None, None)
                    return Outcome(status="failed", failure=failure, seconds=seconds)
            else:
                self.members.give_back(member)
                return outcome
        raise AssertionError

    def _once(self, role: str, message: object, silence: float) -> Any:
        """Return the one answer of a process that is made for it and gives a sign of life now and then."""
        member = self.members.get(role, 1)
        kill = True
        try:
            member.process.ask(message, self._by(self.bounds.start))
            while (answer := member.process.answer(self._by(silence))) == STARTED:
                pass
            kill = not self.members.forks
        except (Died, Hung) as fault:
            self.members.check_open()
            how = str(fault) or _(
                "gave no sign of life for {seconds:g} s and was killed", seconds=silence
            )
            raise RunError(_("{role}: {how}; see the messages above", role=role, how=how)) from None
        else:
            return answer
        finally:
            self.members.drop(member, kill=kill)

    @staticmethod
    def _by(seconds: float) -> float:
        return time.monotonic() + seconds


def _cell_of(folder: Path) -> int | None:
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


def _failure(
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
