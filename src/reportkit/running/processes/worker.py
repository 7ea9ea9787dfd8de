"""A spawned process that does one task on its standard streams (see :mod:`reportkit.running.processes.tasks`).

It is what there is where nothing can be forked, and what runs papermill's own engine anywhere.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from typing import BinaryIO

from reportkit.running.processes import messages as wire
from reportkit.running.processes import tasks
from reportkit.running.processes.kill import adopt_orphans, kill_tree


def main() -> None:
    """Do the task named by the first argument."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is for the parent
    adopt_orphans()
    jobs, answers = _own_streams()
    inbox: queue.SimpleQueue[object] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(jobs, inbox), daemon=True).start()
    task = tasks.TASKS[sys.argv[1]]
    while True:
        task(inbox.get(), lambda message: wire.send(answers, message))


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Take the standard streams for our messages, and leave a notebook others to read and print on."""
    jobs, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(2, 1)
    os.close(nothing)
    return jobs, answers


def _read(jobs: BinaryIO, inbox: queue.SimpleQueue[object]) -> None:
    """Pass jobs on; when the parent has gone, end this process with whatever it started."""
    try:
        while True:
            inbox.put(wire.receive(jobs))
    except (EOFError, OSError):
        kill_tree(os.getpid())


if __name__ == "__main__":
    main()
