"""Ending processes with everything that they started."""

from __future__ import annotations

import contextlib
import ctypes
import signal
import sys
from pathlib import Path
from typing import Final

import psutil

_PR_SET_PDEATHSIG: Final = 1


def kill_tree(pid: int) -> None:
    """Kill a process and all its descendants."""
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        family = [*root.children(recursive=True), root]
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the one that forked it ends, however it ends (Linux).

    Only for a child of a process with one thread: the kernel goes by the thread that forked.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def be_the_first_to_go() -> None:
    """Where memory runs out, let the kernel take this process before any other of ours (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
