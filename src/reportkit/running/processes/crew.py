"""The processes of one machine that make reports, and how a job goes through them.

:func:`make` is what an executor's worker calls, whichever executor it is: threads here, a Dask worker's
threads on a cluster. A job is executed in one process and exported in another, both of the machine's :class:`Crew`.
Nothing that a notebook does reaches this process.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import sys
import tempfile
import threading
import time
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

from reportkit.errors import CallError, RunError
from reportkit.manifest import Entry
from reportkit.running.inventory import Catalogue, Survey
from reportkit.running.job import ADDED_CELLS, EngineName, Executed, Failure, Job, Outcome
from reportkit.running.processes.clients import Died, Hung, Process, Spawned, Zygote

WORKER_LIFE: Final = 200
"""How many reports a spawned worker makes before it is replaced."""
EXPORTER_LIFE: Final = 1000
"""How many reports an exporting process writes before it is replaced, so that it cannot grow without end."""
EXPORT_SECONDS: Final = 120.0
"""How long the export of one report may take."""
STARTED: Final = -1
"""What an executing process says before it begins: the start of the process itself takes no report's time."""
TRIES: Final = 3
"""How often a report is begun anew when our own processes fail it."""
LOG: Final = "stderr.txt"
"""In a report's working folder: what libraries in C had to say."""


def can_fork() -> bool:
    """Say whether a warm process can be forked here.

    On macOS a fork after the system's libraries were used crashes; ``REPORTKIT_FORK=0`` says no anywhere.
    """
    return sys.platform == "linux" and os.environ.get("REPORTKIT_FORK") != "0"


def make(job: Job) -> Outcome:
    """Make one report with this machine's crew, again where it fails and the job allows it."""
    crew = crew_for(job.engine, job.workers)
    outcome = crew.make(job)
    for _ in range(job.retries):
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


class Member:
    """A process with its role and how many reports it has made."""

    def __init__(self, role: str, process: Process) -> None:
        self.role = role
        self.process = process
        self.made = 0


class Crew:
    """The processes that make reports on this machine with one engine.

    At any time at most ``workers`` of them execute a notebook and as many export one: while one report is being
    written to disk, the next is already being executed.
    """

    def __init__(self, engine: EngineName, workers: int) -> None:
        self.scratch = Path(tempfile.mkdtemp(prefix="reportkit-"))
        """For working folders and slices; it goes with the crew, also when this process is killed."""
        self._role = "stock" if engine == "stock" else "worker"
        self._forks = engine == "warm" and can_fork()
        self._zygote: Zygote | None = None
        self._lock = threading.Lock()
        self._idle: defaultdict[str, list[Member]] = defaultdict(list)
        self._members: set[Member] = set()
        self._executing = threading.Semaphore(workers)
        self._exporting = threading.Semaphore(workers)
        self._closed = False

    def make(self, job: Job) -> Outcome:
        """Make one report. Raises :class:`~reportkit.errors.RunError` where our own processes fail."""
        with self._executing:
            started = time.monotonic()
            folder = Path(tempfile.mkdtemp(dir=self.scratch))
            try:
                executed = self._execute(job, folder)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
            seconds = time.monotonic() - started
        with self._exporting:
            return self._export(job, executed, seconds)

    def cells(
        self, notebook: bytes, folder: Path, variables: dict[str, str], timeout: float | None
    ) -> Executed:
        """Execute a notebook that papermill has prepared, in a folder and environment that are there.

        A failure's ``cell`` is the place of the cell that ran when the process died.
        """
        member = self._member("cells", 1)
        deadline: float | None = None
        cell: int | None = None
        try:
            member.process.ask((notebook, str(folder), variables))
            while isinstance(message := member.process.answer(deadline), int):
                if message != STARTED:
                    cell = message
                elif timeout is not None:
                    deadline = time.monotonic() + timeout
        except (Died, Hung) as fault:
            return Executed(notebook=b"", failure=_failure(fault, timeout, cell, None))
        finally:
            self._drop(member, kill=True)
        return Executed(notebook=message)

    def take(self, survey: Survey) -> Catalogue | CallError:
        """Have a source read by a process of its own."""
        taken: Catalogue | CallError = self._once("catalogue", survey)
        return taken

    def index(self, entries: list[Entry], audience: str) -> str:
        """Have the index rendered by a process of its own."""
        page: str = self._once("index", (entries, audience))
        return page

    def close(self) -> None:
        """End every process; reports under way are lost, files that are there are whole."""
        with self._lock:
            self._closed = True
            zygote, self._zygote = self._zygote, None
            members, self._members = self._members, set()
        if zygote is not None:
            zygote.close()
        for member in members:
            if isinstance(member.process, Spawned):
                member.process.kill()
        shutil.rmtree(self.scratch, ignore_errors=True)

    def _execute(self, job: Job, folder: Path) -> Executed:
        """Execute a job's notebook in another process; its death is a value too.

        Where it is our own processes that died, it is tried again.
        """
        for _ in range(TRIES):
            executed = self._try(job, folder)
            if executed is not None:
                return executed
            self._check_open()
        raise RunError("the processes that execute notebooks do not start; see the messages above")

    def _try(self, job: Job, folder: Path) -> Executed | None:
        """Return what one process made of a job; ``None`` where the report is not to blame for its end."""
        member = self._member("report" if self._forks else self._role, WORKER_LIFE)
        deadline: float | None = None
        cell: int | None = None
        started = False
        try:
            member.process.ask((job, str(folder)))
            while isinstance(message := member.process.answer(deadline), int):
                if message != STARTED:
                    cell = message + ADDED_CELLS + 1
                    continue
                started = True
                if job.timeout is not None:
                    deadline = time.monotonic() + job.timeout
        except (Died, Hung) as fault:
            self._drop(member, kill=True)
            self._check_open()
            if isinstance(fault, Died) and (fault.code is None or not started):
                return None
            return Executed(notebook=b"", failure=_failure(fault, job.timeout, cell, folder))
        executed: Executed = message
        if self._forks:
            self._drop(member, kill=False)
        elif executed.failure is not None:
            self._drop(member, kill=True)  # whatever made it fail may still be there
        else:
            self._give_back(member)
        return executed

    def _export(self, job: Job, executed: Executed, seconds: float) -> Outcome:
        """Write the files in an exporting process. One that died is replaced once."""
        for last in (False, True):
            member = self._member("export", EXPORTER_LIFE)
            try:
                member.process.ask((job, executed, seconds))
                outcome: Outcome = member.process.answer(time.monotonic() + EXPORT_SECONDS)
            except (Died, Hung) as fault:
                self._drop(member, kill=True)
                self._check_open()
                if last:
                    failure = _failure(fault, EXPORT_SECONDS, None, None)
                    return Outcome(status="failed", failure=failure, seconds=seconds)
            else:
                self._give_back(member)
                return outcome
        raise AssertionError

    def _once(self, role: str, message: object) -> Any:
        """Return the one answer of a process that is made for it."""
        member = self._member(role, 1)
        try:
            member.process.ask(message)
            return member.process.answer(None)
        except Died as fault:
            self._check_open()
            raise RunError(f"{role}: {fault}; see the messages above") from None
        finally:
            self._drop(member, kill=True)

    def _member(self, role: str, life: int) -> Member:
        """Return an idle process of a role, or a new one where all are busy or have done their share."""
        self._check_open()
        member: Member | None = None
        with self._lock:
            if self._idle[role]:
                member = self._idle[role].pop()
        if member is not None and member.made >= life:
            self._drop(member, kill=True)
            member = None
        if member is None:
            member = Member(role, self._start(role))
            with self._lock:
                self._members.add(member)
        member.made += 1
        return member

    def _give_back(self, member: Member) -> None:
        with self._lock:
            self._idle[member.role].append(member)

    def _start(self, role: str) -> Process:
        if not self._forks:
            return Spawned(role)
        for _ in range(2):
            with self._lock:
                self._check_open()
                if self._zygote is None or not self._zygote.alive:
                    self._zygote = Zygote(self.scratch)
                zygote = self._zygote
            with contextlib.suppress(Died):
                return zygote.fork(role)
        raise RunError("the warm process does not start; try --engine stock")

    def _drop(self, member: Member, *, kill: bool) -> None:
        with self._lock:
            self._members.discard(member)
        if kill:
            member.process.kill()
        else:
            member.process.release()

    def _check_open(self) -> None:
        if self._closed:
            raise RunError("the run was stopped")


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
        return Failure(
            name="Timeout", message=f"not done after {seconds:g} s, killed", cell=cell, lines=lines
        )
    return Failure(name="Died", message=str(fault), cell=cell, lines=lines)
