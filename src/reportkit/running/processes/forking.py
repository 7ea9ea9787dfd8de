"""What both forkservers do: fork on request, see to their children, and end them (:mod:`reportkit.running.processes.forkserver`)."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket
import sys
from pathlib import Path

from reportkit.running.processes.kill import (
    close_descriptors_but,
    die_with_parent,
    name_process,
)
from reportkit.running.processes.messages import NUMBER
from reportkit.running.processes.warmup import example_slice


class Threads(RuntimeError):
    """The forkserver has more than one thread, so its children could hang."""


def assert_one_thread() -> None:
    """Raise :class:`Threads` unless this process has one thread."""
    threads = list(Path("/proc/self/task").iterdir())
    if len(threads) != 1:
        names = sorted((thread / "comm").read_text().strip() for thread in threads)
        raise Threads(f"the forkserver has {len(threads)} threads ({', '.join(names)}), not one")


class ForkServer:
    """Forks on request, and sees to its children."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._statuses: dict[int, int] = {}
        """Where to write what became of a child, by its pid."""

    def serve(self) -> None:
        """Fork on request until the socket ends."""
        wake, awake = os.pipe()
        for end in (wake, awake):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(awake)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        control = self._control.fileno()
        watch = (
            select.poll()
        )  # which takes a descriptor of any number; a program may have thousands open
        watch.register(control, select.POLLIN)
        watch.register(wake, select.POLLIN)
        try:
            while True:
                ready = {descriptor for descriptor, _ in watch.poll()}
                if wake in ready:
                    with contextlib.suppress(BlockingIOError):
                        os.read(wake, 4096)
                    self._reap()
                if control in ready and not self._answer():
                    return
        finally:
            for pid in self._statuses:
                kill_group(pid)
            for pid in self._statuses:
                os.waitpid(pid, 0)

    def _answer(self) -> bool:
        """Do what one message asks; return whether there was one."""
        message, passed, _, _ = socket.recv_fds(self._control, 64, 2)
        if not message:
            return False
        word, _, argument = message.decode().partition(" ")
        if word == "kill":
            self._end(int(argument))
            return True
        for received in passed:
            os.set_inheritable(
                received, False
            )  # they come inheritable, and a program would get them
        self._order(word, passed[0], passed[1])
        return True

    def _end(self, pid: int) -> None:
        """Kill a child of this forkserver's own."""
        if pid in self._statuses:
            kill_group(pid)

    def _order(self, task: str, connection: int, status: int) -> None:
        """Fork a child that does a task, and tell its number."""
        pid = self._fork(task, connection)
        os.close(connection)
        self._statuses[pid] = status
        with contextlib.suppress(BrokenPipeError):
            os.write(status, NUMBER.pack(pid))

    def _fork(self, task: str, connection: int) -> int:
        """Return the pid of a new child of a task."""
        assert_one_thread()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                close_descriptors_but(connection)
                _do(task, connection)
                code = 0
            finally:
                sys.stderr.flush()
                os._exit(code)
        with contextlib.suppress(OSError):  # the child may have done it already, or be gone
            os.setpgid(pid, pid)
        return pid

    def _reap(self) -> None:
        """Write the exit code of every child that ended, after killing whatever it started."""
        while self._statuses:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None:
                return
            kill_group(ended.si_pid)  # the group; its number stays taken until the child is reaped
            _, status = os.waitpid(ended.si_pid, 0)
            end = self._statuses.pop(ended.si_pid, None)
            if end is not None:
                with contextlib.suppress(BrokenPipeError):
                    os.write(end, NUMBER.pack(os.waitstatus_to_exitcode(status)))
                os.close(end)


def _do(task: str, connection: int) -> None:
    """Do a task in a child until it is done."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setpgid(0, 0)
    die_with_parent()
    name_process(task)
    with socket.socket(fileno=connection) as end:
        if task == "example":
            end.sendall(example_slice())
        else:
            from reportkit.running.processes import tasks  # noqa: PLC0415  # the heavy forkserver may have no papermill

            tasks.serve(task, end.makefile("rb"), end.makefile("wb"))


def kill_group(pid: int) -> None:
    """Kill a child and its group, which it may have left."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)
