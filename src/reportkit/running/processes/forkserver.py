"""The forkserver: a process that has imported what a report needs, has one thread, and forks a child per report.

A fork copies a warm process in milliseconds where a kernel takes seconds to start. But a fork copies only the
thread that calls it, and whatever lock another thread held stays locked in the child for ever. So the forkserver is
exec'd clean with the libraries' threads turned off, opens no data, and counts its threads before every fork.

It is told over a socket what to fork: one message is a task's name, with two file descriptors. The first is the
child's connection; on the second the forkserver itself writes the child's pid, and later its exit code. When
the socket ends, the forkserver kills all its children and ends, so nothing outlives a parent that was killed.

A child closes every descriptor that is not its own: a pipe whose writing end a neighbour holds never ends, and who
reads it would wait for ever.

What a fork and its end take grows with what the process has mapped, and most of that are the libraries of data. So there
are two forkservers. The light one has only what the master notebook needs where its report is derived already
(:attr:`reportkit.running.job.Job.plain`). The heavy one is its child and has pandas and the like; to it the light one
hands on all other orders: reports in a notebook of somebody's own, the reading of the source, the exporters.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import pickle
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import nbformat  # noqa: F401  # both forkservers need it

import reportkit.blocks  # noqa: F401
from reportkit.running.processes.forking import ForkServer, assert_one_thread
from reportkit.running.processes.kill import (
    adopt_orphans,
    close_descriptors_but,
    die_with_parent,
    kill_tree,
    name_process,
)
from reportkit.running.processes.pages import gather_pages
from reportkit.running.processes.warmup import example_jobs, run_examples

LIGHT: Final = "plain"
"""The one task whose children the light forkserver forks itself."""

_HEAVY: Final = (
    "reportkit.export.country",
    "reportkit.running.execution.prepare",
    "reportkit.running.execution.publish",
    "reportkit.running.planning.survey",
    "reportkit.sources.source",
)
"""What the heavy forkserver imports before it forks anything."""

_LEFT_OUT: Final = ("boto3", "pyarrow", "azure", "gcsfs")
"""What papermill imports where it is there, to read notebooks from clouds: the light forkserver's stand in memory."""


_END_SECONDS: Final = 5.0
"""How long the heavy forkserver may take to end its children and itself before it is killed."""


class Heavy(ForkServer):
    """The forkserver that has the libraries of data."""

    def __init__(self, control: socket.socket) -> None:
        super().__init__(control)
        self._examples: bytes | None = None
        """The example's reports, derived; ``None``: nothing is warm yet."""
        self._rehearsed = False

    def _order(self, task: str, connection: int, status: int) -> None:
        """Fork a child once what it needs is warm, or give the examples to the light forkserver."""
        if task == "examples":
            with socket.socket(fileno=connection) as end:
                end.sendall(self._warm_up())
            os.close(status)
            return
        for name in _HEAVY:
            importlib.import_module(name)
        if task != "catalogue":
            self._warm_up()
        if task in ("report", "cells"):
            self._rehearse()
        super()._order(task, connection, status)
        if task == "catalogue":
            self._warm_up()  # while that child reads the source

    def _warm_up(self) -> bytes:
        """Derive the example's reports once, so that what libraries do at first use is done before the forks.

        Reading data starts threads, so a child reads the example's.
        """
        if self._examples is None:
            ours, theirs = socket.socketpair()
            with theirs:
                pid = self._fork("example", theirs.fileno())
            with ours, ours.makefile("rb") as stream:
                content = stream.read()
            os.waitpid(pid, 0)
            self._examples = pickle.dumps(example_jobs(content))
            _settle()
        return self._examples

    def _rehearse(self) -> None:
        """Execute the examples too. Only the package's own notebook runs here, never a user's."""
        if not self._rehearsed:
            self._rehearsed = True
            _rehearse(self._warm_up(), libraries=True)


class Light(ForkServer):
    """The forkserver of the master notebook's reports, and the parent of the other one."""

    def __init__(self, control: socket.socket, heavy: socket.socket, pid: int) -> None:
        super().__init__(control)
        self._heavy = heavy
        self._heavy_pid = pid
        self._rehearsed = False

    def serve(self) -> None:
        """Fork on request until the socket ends, and let the heavy forkserver end first."""
        try:
            super().serve()
        finally:
            self._heavy.close()
            until = time.monotonic() + _END_SECONDS
            while not self._alone() and time.monotonic() < until:
                time.sleep(0.01)
            kill_tree(os.getpid(), itself=False)

    def _alone(self) -> bool:
        """Say whether the heavy forkserver has ended."""
        try:
            pid, _ = os.waitpid(self._heavy_pid, os.WNOHANG)
        except ChildProcessError:
            return True
        return pid != 0

    def _order(self, task: str, connection: int, status: int) -> None:
        """Fork a child of the light task, and hand on every other order."""
        if task == LIGHT:
            self._rehearse()
            super()._order(task, connection, status)
            return
        socket.send_fds(self._heavy, [task.encode()], [connection, status])
        os.close(connection)
        os.close(status)
        if task == "catalogue":
            self._rehearse()  # while the source is read

    def _end(self, pid: int) -> None:
        """Kill a child, whichever forkserver's it is."""
        super()._end(pid)
        if pid not in self._statuses:
            self._heavy.send(f"kill {pid}".encode())

    def _rehearse(self) -> None:
        """Execute the examples once, as the heavy forkserver has derived them."""
        if self._rehearsed:
            return
        self._rehearsed = True
        ours, theirs = socket.socketpair()
        with theirs, Path(os.devnull).open("wb") as unheard:
            socket.send_fds(self._heavy, [b"examples"], [theirs.fileno(), unheard.fileno()])
        with ours, ours.makefile("rb") as stream:
            content = stream.read()
        with _without(_LEFT_OUT):
            _rehearse(content, libraries=False)

    def _reap(self) -> None:
        """See to the children; without the heavy forkserver this one ends too, and a new one is started for both."""
        super()._reap()
        if self._alone():
            raise SystemExit(1)


def _rehearse(content: bytes, *, libraries: bool) -> None:
    from reportkit.running.processes import tasks  # noqa: PLC0415  # it imports papermill

    with contextlib.suppress(OSError):  # of a full disk: each report says so itself
        run_examples(pickle.loads(content), libraries=libraries)  # noqa: S301  # our own process wrote it
    tasks.prepare()
    _settle()


def _settle() -> None:
    """Let what is alive now stay shared with the children."""
    gc.collect()
    gc.freeze()  # it is never looked at again, so nothing of it is copied
    gather_pages()


@contextlib.contextmanager
def _without(names: tuple[str, ...]) -> Iterator[None]:
    """Let some libraries seem not to be there."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # as the import system has it
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


def _fork_heavy() -> tuple[socket.socket, int]:
    """Fork the heavy forkserver; return the socket that it takes orders from, and its pid."""
    assert_one_thread()
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pid = os.fork()
    if pid:
        theirs.close()
        with contextlib.suppress(OSError):
            os.setpgid(pid, pid)
        return ours, pid
    code = 1
    try:
        close_descriptors_but(theirs.fileno())
        os.setpgid(0, 0)
        die_with_parent()
        name_process("heavy")
        adopt_orphans()
        with theirs:
            Heavy(theirs).serve()
        code = 0
    finally:
        kill_tree(os.getpid(), itself=False)  # what its children started and left
        sys.stderr.flush()
        os._exit(code)


def main() -> None:
    """Serve on the socket whose descriptor is the first argument; when its parent is gone remove the scratch folder.

    A forkserver that ends before its parent leaves the folder: the next one works in it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for the parent
    name_process("forkserver")
    adopt_orphans()
    os.set_inheritable(int(sys.argv[1]), False)
    with socket.socket(fileno=int(sys.argv[1])) as control:
        Light(control, *_fork_heavy()).serve()
    shutil.rmtree(sys.argv[2], ignore_errors=True)
