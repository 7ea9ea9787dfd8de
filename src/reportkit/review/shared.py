"""Checking shared among the cores: forks of this process check a part of the reports each, and the order stays."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import Final

from reportkit.checks.several import Together
from reportkit.counts import chance_of_change
from reportkit.finding import Finding

FEWEST: Final = 400
"""Fewer reports are checked in less time than it takes to start processes."""
_PART: Final = 50
"""So many are checked at once: their findings come back in one message."""

_TOGETHER: list[Together] = []
"""What a fork finds here it need not be sent."""


def shared(together: Together, count: int, workers: int) -> Iterator[tuple[Finding, ...]]:
    """Return what is found in each of so many reports, in their order, by at most so many processes.

    They are started by this call, not by the iteration: whoever shows a bar has a thread by then, and a fork copies the
    thread alone that calls it. Where no process can be forked safely, or there is little to do, this one does it.
    """
    if workers < 2 or count < FEWEST or sys.platform != "linux":
        return map(together.findings, range(count))
    chance_of_change(1, [1])  # what the rules import late is imported once, before the forks
    _TOGETHER[:] = [together]
    pool = ProcessPoolExecutor(workers, get_context("fork"), _begin)
    parts = [range(first, min(first + _PART, count)) for first in range(0, count, _PART)]
    found = pool.map(_check, parts)
    _TOGETHER.clear()  # the forks have theirs
    return _each(together, pool, parts, found)


def _each(
    together: Together,
    pool: ProcessPoolExecutor,
    parts: list[range],
    found: Iterator[list[tuple[Finding, ...]]],
) -> Iterator[tuple[Finding, ...]]:
    """Yield the findings of all parts; those of a pool that lost a process are found here."""
    lost = False
    try:
        for part in parts:
            some = None
            if not lost:
                try:
                    some = next(found)
                except BrokenProcessPool:
                    lost = True
            yield from map(together.findings, part) if some is None else some
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    """Leave Ctrl-C to the process that was called."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _check(part: range) -> list[tuple[Finding, ...]]:
    """Check some reports in a fork."""
    return [*map(_TOGETHER[0].findings, part)]
