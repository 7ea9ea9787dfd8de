"""The processes that a crew has: started by fork or afresh, kept while they are idle, replaced, ended."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
from collections import defaultdict
from pathlib import Path

from reportkit.errors import RunError
from reportkit.language import _
from reportkit.running.job import EngineName, Job
from reportkit.running.processes.client import Died, Process
from reportkit.running.processes.forked import ForkServerClient
from reportkit.running.processes.spawned import Spawned


def can_fork() -> bool:
    """Say whether a warm process can be forked here.

    On macOS a fork after the system's libraries were used crashes; ``REPORTKIT_FORK=0`` says no anywhere.
    """
    return sys.platform == "linux" and os.environ.get("REPORTKIT_FORK") != "0"


class Member:
    """A process with its task and how many reports it has made."""

    def __init__(
        self, task: str, process: Process, forkserver: ForkServerClient | None = None
    ) -> None:
        self.task = task
        self.process = process
        self.forkserver = forkserver
        """The forkserver that it has for itself, where it shares none."""
        self.made = 0


class Members:
    """The processes of one crew. Threads share it."""

    def __init__(self, engine: EngineName, scratch: Path) -> None:
        self.forks = engine == "warm" and can_fork()
        """Whether a process is a fork of a warm one; else each is started afresh."""
        self._scratch = scratch
        self._engine = engine
        self._forkserver: ForkServerClient | None = None
        self._lock = threading.Lock()
        self._idle: defaultdict[str, list[Member]] = defaultdict(list)
        self._members: set[Member] = set()
        self._closed = False

    def executing(self, job: Job) -> str:
        """Return the task that executes a job's notebook."""
        if self._engine == "stock":
            return "stock"
        if not self.forks:
            return "worker"
        return "plain" if job.plain else "report"

    def get(self, task: str, life: int) -> Member:
        """Return an idle process of a task, or a new one where all are busy or have done their share."""
        self.check_open()
        member: Member | None = None
        with self._lock:
            if self._idle[task]:
                member = self._idle[task].pop()
        if member is not None and member.made >= life:
            self.drop(member, kill=True)
            member = None
        if member is None:
            member = Member(task, self._start(task))
            with self._lock:
                self._members.add(member)
        member.made += 1
        return member

    def get_apart(self, task: str) -> Member:
        """Return a process that shares no forkserver: what kills its parent then costs no other report.

        Raises :class:`~reportkit.running.processes.client.Died` where it does not start.
        """
        if not self.forks:
            return self.get(task, 1)
        self.check_open()
        forkserver = ForkServerClient(Path(tempfile.mkdtemp(dir=self._scratch)))
        try:
            member = Member(task, forkserver.fork(task), forkserver)
        except Died:
            forkserver.end()
            raise
        with self._lock:
            self._members.add(member)
        return member

    def give_back(self, member: Member) -> None:
        """Keep a process for the next job."""
        with self._lock:
            self._idle[member.task].append(member)

    def drop_idle(self, task: str) -> None:
        """End the idle processes of a task: what ended one may have ended them all, as a forkserver's end does."""
        with self._lock:
            idle = self._idle.pop(task, [])
        for member in idle:
            self.drop(member, kill=True)

    def drop(self, member: Member, *, kill: bool) -> None:
        """Part with a process: kill it, or leave it to end by itself."""
        with self._lock:
            self._members.discard(member)
        if kill:
            member.process.kill()
        else:
            member.process.release()
        if member.forkserver is not None:
            member.forkserver.close()

    def close(self) -> None:
        """End every process."""
        with self._lock:
            self._closed = True
            forkserver, self._forkserver = self._forkserver, None
            members, self._members = self._members, set()
            idle = [member for of_task in self._idle.values() for member in of_task]
            self._idle.clear()
        if forkserver is not None:
            forkserver.close()
        for member in members:
            if member.forkserver is not None:
                member.forkserver.end()
            elif isinstance(member.process, Spawned):
                member.process.kill()
        for member in idle:  # those at work are let go of by the thread that waits for them
            if not isinstance(member.process, Spawned):
                member.process.release()

    def check_open(self) -> None:
        """Raise :class:`~reportkit.errors.RunError` once the processes are ended."""
        if self._closed:
            raise RunError(_("the run was stopped"))

    def _start(self, task: str) -> Process:
        if not self.forks:
            return Spawned(task, self._scratch)
        for _again in range(2):
            with self._lock:
                self.check_open()
                if self._forkserver is None or not self._forkserver.alive:
                    self._forkserver = ForkServerClient(self._scratch)
                forkserver = self._forkserver
            with contextlib.suppress(Died):
                return forkserver.fork(task)
        raise RunError(_("the warm process does not start; try --engine stock"))
