"""The zygote: a process that has imported everything, has one thread, and forks a child per report.

A fork copies a warm process in milliseconds where a kernel takes seconds to start. But a fork copies only the
thread that calls it, and whatever lock another thread held stays locked in the child for ever. So the zygote is
exec'd clean with the libraries' threads turned off, opens no data, and counts its threads before every fork.

It is told over a socket what to fork: one message is a role's name, with two file descriptors. The first is the
child's connection; on the second the zygote itself writes the child's pid, and later its wait status. When
the socket ends, the zygote kills all its children and ends, so nothing outlives a parent that was killed.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import sys
from pathlib import Path

from reportkit.run import roles
from reportkit.run.kill import die_with_parent
from reportkit.run.wire import NUMBER


class Threads(RuntimeError):
    """The zygote has more than one thread, so its children could hang."""


def assert_one_thread() -> None:
    """Raise :class:`Threads` unless this process has one thread."""
    tasks = list(Path("/proc/self/task").iterdir())
    if len(tasks) != 1:
        names = sorted((task / "comm").read_text().strip() for task in tasks)
        raise Threads(f"the zygote has {len(tasks)} threads ({', '.join(names)}), not one")


def serve(control: socket.socket) -> None:
    """Fork on request until the socket ends."""
    roles.prepare()
    gc.collect()
    gc.freeze()  # what is alive now is never looked at again, so its pages stay shared
    wake, awake = os.pipe()
    for end in (wake, awake):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(awake)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    statuses: dict[int, int] = {}
    try:
        while True:
            ready, _, _ = select.select([control.fileno(), wake], [], [])
            if wake in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(wake, 4096)
                _reap(statuses)
            if control.fileno() in ready and not _answer(control, statuses):
                return
    finally:
        for pid in statuses:
            _kill(pid)


def _answer(control: socket.socket, statuses: dict[int, int]) -> bool:
    """Do what one message asks; return whether there was one."""
    message, passed, _, _ = socket.recv_fds(control, 64, 2)
    if not message:
        return False
    word, _, argument = message.decode().partition(" ")
    if word == "kill":
        if int(argument) in statuses:
            _kill(int(argument))
        return True
    connection, status = passed
    assert_one_thread()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(status)
            _child(word, connection)
            code = 0
        finally:
            os._exit(code)
    with contextlib.suppress(OSError):  # the child may have done it already, or be gone
        os.setpgid(pid, pid)
    os.close(connection)
    statuses[pid] = status
    os.write(status, NUMBER.pack(pid))
    return True


def _child(role: str, connection: int) -> None:
    """Be a process of a role until it is done."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setpgid(0, 0)
    die_with_parent()
    with socket.socket(fileno=connection) as end:
        roles.play(role, end.makefile("rb"), end.makefile("wb"))


def _reap(statuses: dict[int, int]) -> None:
    """Write the status of every child that ended, after killing whatever it started."""
    while statuses:
        ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended is None:
            return
        _kill(
            ended.si_pid
        )  # the group; its number is not given to others before the child is reaped
        _, status = os.waitpid(ended.si_pid, 0)
        end = statuses.pop(ended.si_pid, None)
        if end is not None:
            with contextlib.suppress(OSError):
                os.write(end, NUMBER.pack(os.waitstatus_to_exitcode(status)))
            os.close(end)


def _kill(group: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGKILL)


def main() -> None:
    """Serve on the socket whose descriptor is the first argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for the parent
    with socket.socket(fileno=int(sys.argv[1])) as control:
        serve(control)


if __name__ == "__main__":
    main()
