"""The processes of one machine that make reports, and how a job goes through them.

:func:`make` is what an executor's worker calls, whichever executor it is: threads here, a Dask worker's
threads on a cluster. Each thread executes notebooks in one process and exports them in another; both belong to
the machine's :class:`Crew`. Nothing that a notebook does reaches this process.
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
from pathlib import Path
from typing import Any, Final

from reportkit.errors import CallError, RunError
from reportkit.manifest import Entry
from reportkit.run.catalogue import Catalogue, Survey
from reportkit.run.job import ADDED_CELLS, EngineName, Executed, Failure, Job, Outcome
from reportkit.run.processes import Died, Hung, Process, Spawned, Zygote

WORKER_LIFE: Final = 200
"""How many reports a spawned worker makes before it is replaced."""
EXPORTER_LIFE: Final = 1000
"""How many reports an exporting process writes before it is replaced, so that it cannot grow without end."""
EXPORT_SECONDS: Final = 120.0
"""How long the export of one report may take."""
LOG: Final = "stderr.txt"
"""In a report's working folder: what libraries in C had to say."""


def can_fork() -> bool:
    """Say whether a warm process can be forked here.

    On macOS a fork after the system's libraries were used crashes; ``REPORTKIT_FORK=0`` says no anywhere.
    """
    return sys.platform == "linux" and os.environ.get("REPORTKIT_FORK") != "0"


def make(job: Job) -> Outcome:
    """Make one report with this machine's crew, again where it fails and the job allows it."""
    crew = crew_for(job.engine)
    outcome = crew.make(job)
    for _ in range(job.retries):
        if outcome.status != "failed":
            break
        outcome = crew.make(job)
    return outcome


_CREWS: dict[EngineName, Crew] = {}
_LOCK = threading.Lock()


def crew_for(engine: EngineName) -> Crew:
    """Return this process's crew for an engine, which ends with the process."""
    with _LOCK:
        if engine not in _CREWS:
            _CREWS[engine] = Crew(engine)
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
    """The processes that make reports on this machine with one engine."""

    def __init__(self, engine: EngineName) -> None:
        self._role = "stock" if engine == "stock" else "worker"
        self._forks = engine == "warm" and can_fork()
        self._zygote: Zygote | None = None
        self._lock = threading.Lock()
        self._mine = threading.local()
        self._members: list[Member] = []
        self._scratch = Path(tempfile.mkdtemp(prefix="reportkit-"))
        self._closed = False

    def make(self, job: Job) -> Outcome:
        """Make one report. Raises :class:`~reportkit.errors.RunError` where our own processes fail."""
        started = time.monotonic()
        deadline = None if job.timeout is None else started + job.timeout
        folder = Path(tempfile.mkdtemp(dir=self._scratch))
        try:
            executed = self._execute(job, folder, deadline)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return self._export(job, executed, time.monotonic() - started)

    def take(self, survey: Survey) -> Catalogue | CallError:
        """Have a source read by a process of its own."""
        taken: Catalogue | CallError = self._once("catalogue", survey)
        return taken

    def index(self, entries: list[Entry], audience: str) -> str:
        """Have the index rendered by a process of its own."""
        page: str = self._once("index", (entries, audience))
        return page

    def _once(self, role: str, message: object) -> Any:
        """Return the one answer of a process that is made for it."""
        process = self._start(role)
        try:
            process.ask(message)
            return process.answer(None)
        except Died as fault:
            raise RunError(f"{role}: {fault}") from None
        finally:
            process.kill()

    def close(self) -> None:
        """End every process; reports under way are lost, files that are there are whole."""
        self._closed = True
        with self._lock:
            zygote, self._zygote = self._zygote, None
            members, self._members = self._members, []
        if zygote is not None:
            zygote.close()
        for member in members:
            if isinstance(member.process, Spawned):
                member.process.kill()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _execute(self, job: Job, folder: Path, deadline: float | None) -> Executed:
        """Execute a job's notebook in another process; its death is a value too."""
        once = self._forks
        member = self._member("report" if once else self._role, 1 if once else WORKER_LIFE)
        process = member.process
        cell: int | None = None
        try:
            process.ask((job, str(folder)))
            while isinstance(message := process.answer(deadline), int):
                cell = message + ADDED_CELLS + 1
        except (Died, Hung) as fault:
            self._drop(member, kill=True)
            self._check_open()
            return Executed(notebook=b"", failure=_failure(fault, job, cell, folder))
        executed: Executed = message
        if once:
            self._drop(member, kill=False)
        elif executed.failure is not None:
            self._drop(member, kill=True)  # whatever made it fail may still be there
        return executed

    def _export(self, job: Job, executed: Executed, seconds: float) -> Outcome:
        """Write the files in the exporting process. One that died is replaced once."""
        for last in (False, True):
            member = self._member("export", EXPORTER_LIFE)
            try:
                member.process.ask((job, executed, seconds))
                outcome: Outcome = member.process.answer(time.monotonic() + EXPORT_SECONDS)
            except (Died, Hung) as fault:
                self._drop(member, kill=True)
                self._check_open()
                if last:
                    failure = _failure(fault, job, None, None)
                    return Outcome(status="failed", failure=failure, seconds=seconds)
            else:
                return outcome
        raise AssertionError

    def _member(self, role: str, life: int) -> Member:
        """Return this thread's process for a role, a new one where the old has done its share."""
        self._check_open()
        member: Member | None = getattr(self._mine, role, None)
        if member is not None and member.made >= life:
            self._drop(member, kill=True)
            member = None
        if member is None:
            member = Member(role, self._start(role))
            with self._lock:
                self._members.append(member)
            setattr(self._mine, role, member)
        member.made += 1
        return member

    def _start(self, role: str) -> Process:
        if not self._forks:
            return Spawned(role)
        for _ in range(2):
            with self._lock:
                if self._zygote is None or not self._zygote.alive:
                    self._zygote = Zygote()
                zygote = self._zygote
            with contextlib.suppress(Died):
                return zygote.fork(role)
            self._check_open()
        raise RunError("the warm process does not start; try --engine stock")

    def _drop(self, member: Member, *, kill: bool) -> None:
        with self._lock, contextlib.suppress(ValueError):
            self._members.remove(member)
        setattr(self._mine, member.role, None)
        if kill:
            member.process.kill()
        else:
            member.process.release()

    def _check_open(self) -> None:
        if self._closed:
            raise RunError("the run was stopped")


class Member:
    """A process with its role and how many reports it has made."""

    def __init__(self, role: str, process: Process) -> None:
        self.role = role
        self.process = process
        self.made = 0


def _failure(fault: Died | Hung, job: Job, cell: int | None, folder: Path | None) -> Failure:
    """Word the end of a process; the last lines are what libraries in C left in its log."""
    lines: tuple[str, ...] = ()
    if folder is not None:
        with contextlib.suppress(OSError):
            text = (folder / LOG).read_text("utf-8", errors="replace")
            lines = tuple(text.splitlines()[-12:])
    if isinstance(fault, Hung):
        seconds: Any = job.timeout if folder is not None else EXPORT_SECONDS
        return Failure(
            name="Timeout", message=f"not done after {seconds:g} s, killed", cell=cell, lines=lines
        )
    return Failure(name="Died", message=str(fault), cell=cell, lines=lines)
