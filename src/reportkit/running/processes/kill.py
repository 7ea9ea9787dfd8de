"""Ending processes with everything that they started."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import sys
from pathlib import Path
from typing import Final

import psutil

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NAME: Final = 15
_PR_SET_CHILD_SUBREAPER: Final = 36


def kill_tree(pid: int, *, itself: bool = True) -> None:
    """Kill a process and all its descendants, or these alone."""
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        family = [*root.children(recursive=True), *([root] if itself else [])]
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


def die_with_parent() -> None:
    """Ask the kernel to kill this process when the one that forked it ends, however it ends (Linux).

    Only for a child of a process with one thread: the kernel goes by the thread that forked.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def name_process(task: str) -> None:
    """Let this process be seen under its task where the system lists processes (Linux): ``rk-export``."""
    if sys.platform == "linux":
        name = f"rk-{task}".encode()[:15]  # as long as the kernel keeps one
        ctypes.CDLL(None).prctl(_PR_SET_NAME, name, 0, 0, 0)


def adopt_orphans() -> None:
    """Ask the kernel to make this process the parent of descendants whose parent ended (Linux).

    So :func:`kill_tree` finds them too, whatever session they have moved to.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)


def close_descriptors_but(kept: int) -> None:
    """Close every descriptor of this process but the standard streams and one (Linux)."""
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208  # the listing's own descriptor is in it
        if int(name) > 2 and int(name) != kept:  # 0, 1 and 2 are the standard streams
            with contextlib.suppress(OSError):
                os.close(int(name))


def be_the_first_to_go() -> None:
    """Where memory runs out, let the kernel take this process before any other of ours (Linux)."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
