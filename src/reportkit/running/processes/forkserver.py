"""The zygote: a process that has imported everything, has one thread, and forks a child per report.

A fork copies a warm process in milliseconds where a kernel takes seconds to start. But a fork copies only the
thread that calls it, and whatever lock another thread held stays locked in the child for ever. So the zygote is
exec'd clean with the libraries' threads turned off, opens no data, and counts its threads before every fork.

It is told over a socket what to fork: one message is a role's name, with two file descriptors. The first is the
child's connection; on the second the zygote itself writes the child's pid, and later its exit code. When
the socket ends, the zygote kills all its children and ends, so nothing outlives a parent that was killed.

A child closes every descriptor that is not its own: a pipe whose writing end a neighbour holds never ends, and who
reads it would wait for ever.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import shutil
import signal
import socket
import sys
from pathlib import Path

from reportkit.running.processes import tasks as roles
from reportkit.running.processes.kill import (
    adopt_orphans,
    close_descriptors_but,
    die_with_parent,
    kill_tree,
    name_process,
)
from reportkit.running.processes.messages import NUMBER
from reportkit.running.processes.pages import gather_pages
from reportkit.running.processes.warmup import pack_example, run_example


class Threads(RuntimeError):
    """The zygote has more than one thread, so its children could hang."""


def assert_one_thread() -> None:
    """Raise :class:`Threads` unless this process has one thread."""
    tasks = list(Path("/proc/self/task").iterdir())
    if len(tasks) != 1:
        names = sorted((task / "comm").read_text().strip() for task in tasks)
        raise Threads(f"the zygote has {len(tasks)} threads ({', '.join(names)}), not one")


class Zygote:
    """Forks on request, and sees to its children."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._statuses: dict[int, int] = {}
        """Where to write what became of a child, by its pid."""
        self._warm = False

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
                _kill(pid)
            for pid in self._statuses:
                os.waitpid(pid, 0)
            kill_tree(os.getpid(), itself=False)  # what they started and left

    def _answer(self) -> bool:
        """Do what one message asks; return whether there was one."""
        message, passed, _, _ = socket.recv_fds(self._control, 64, 2)
        if not message:
            return False
        word, _, argument = message.decode().partition(" ")
        if word == "kill":
            if int(argument) in self._statuses:
                _kill(int(argument))
            return True
        if word != "catalogue":
            self._warm_up()
        connection, status = passed
        for received in passed:
            os.set_inheritable(
                received, False
            )  # they come inheritable, and a program would get them
        pid = self._fork(word, connection)
        os.close(connection)
        self._statuses[pid] = status
        with contextlib.suppress(BrokenPipeError):
            os.write(status, NUMBER.pack(pid))
        if word == "catalogue":
            self._warm_up()  # while that child reads the source
        return True

    def _warm_up(self) -> None:
        """Make an example report once, so that what libraries do at first use is done before the forks.

        Reading data starts threads, so a child reads the example's; and only the package's own notebook
        runs here, never a user's.
        """
        if self._warm:
            return
        self._warm = True
        ours, theirs = socket.socketpair()
        with theirs:
            pid = self._fork("example", theirs.fileno())
        with ours, ours.makefile("rb") as stream:
            content = stream.read()
        os.waitpid(pid, 0)
        run_example(content)
        roles.prepare()
        gc.collect()
        gc.freeze()  # what is alive now is never looked at again, so its pages stay shared
        gather_pages()

    def _fork(self, role: str, connection: int) -> int:
        """Return the pid of a new child of a role."""
        assert_one_thread()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                close_descriptors_but(connection)
                _be(role, connection)
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
            _kill(ended.si_pid)  # the group; its number stays taken until the child is reaped
            _, status = os.waitpid(ended.si_pid, 0)
            end = self._statuses.pop(ended.si_pid, None)
            if end is not None:
                with contextlib.suppress(BrokenPipeError):
                    os.write(end, NUMBER.pack(os.waitstatus_to_exitcode(status)))
                os.close(end)


def _be(role: str, connection: int) -> None:
    """Play a role in a child until it is done."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setpgid(0, 0)
    die_with_parent()
    name_process(role)
    with socket.socket(fileno=connection) as end:
        if role == "example":
            end.sendall(pack_example())
        else:
            roles.play(role, end.makefile("rb"), end.makefile("wb"))


def _kill(pid: int) -> None:
    """Kill a child and its group, which it may have left."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)


def main() -> None:
    """Serve on the socket whose descriptor is the first argument; at the end remove the scratch folder."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for the parent
    name_process("zygote")
    adopt_orphans()
    os.set_inheritable(int(sys.argv[1]), False)
    try:
        with socket.socket(fileno=int(sys.argv[1])) as control:
            Zygote(control).serve()
    finally:
        shutil.rmtree(sys.argv[2], ignore_errors=True)
