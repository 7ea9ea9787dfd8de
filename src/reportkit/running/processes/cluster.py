"""Executors: threads that wait for this machine's processes, or a Dask cluster's workers.

Either is a :class:`concurrent.futures.Executor`, and either calls :func:`reportkit.running.processes.crew.make`: a Dask worker has
threads, so it starts a forkserver of its own. What crosses the network is a job with its notebook and the town's slice
of the data, and an outcome; the files go straight to the output folder, by path or URL.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

from reportkit.errors import ParameterError, RunError
from reportkit.language import _
from reportkit.running.request import Request

_AHEAD: Final = 3
"""How many jobs a worker has: one being executed, one being exported, one waiting."""

_ANSWER_SECONDS: Final = 10
"""How long a scheduler may take to answer."""


@dataclass
class Workers:
    """Who does the jobs of a run: an executor, and what is known of those behind it."""

    executor: Executor
    ahead: int
    """How many jobs keep it busy."""
    check: Callable[[], None] = lambda: None
    """Called now and then while a run waits: raises where nobody is left who could do the jobs."""
    lost: Callable[[], None] = lambda: None
    """Called where a job was given up: raises, as no scheduler does so that still is what it was."""


@contextmanager
def open_executor(request: Request) -> Iterator[Workers]:
    """Yield the executor that a request asks for.

    At the end nothing waits in it any more. Raises :class:`~reportkit.errors.ParameterError` for a cluster that is
    not there.
    """
    if request.cluster is not None:
        with _dask(request.cluster) as workers:
            yield workers
        return
    ahead = request.workers * _AHEAD
    executor = ThreadPoolExecutor(ahead)
    try:
        yield Workers(executor, ahead)
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _dask(address: str) -> Iterator[Workers]:
    try:
        from distributed import Client  # noqa: PLC0415  # an optional extra
        from distributed.client import ClosedClientError  # noqa: PLC0415
    except ModuleNotFoundError:
        raise ParameterError(
            _("--cluster needs Dask: install reportkit with the extra «cluster»")
        ) from None
    try:
        client = Client(address, timeout=_ANSWER_SECONDS)
    except (OSError, ValueError, TimeoutError) as fault:
        raise ParameterError(
            _(
                "--cluster {address}: no Dask scheduler answers: {fault}",
                address=address,
                fault=fault,
            )
        ) from None
    with _silent(), client:
        executor = client.get_executor(pure=False)
        try:
            threads = sum(_threads(client).values())
            attendance = _Attendance(address, client)
            yield Workers(executor, max(1, threads) * _AHEAD, attendance.check, attendance.lost)
        finally:
            with suppress(ClosedClientError):  # the scheduler has gone
                executor.shutdown(wait=False)  # what is still under way, nobody waits for


@contextmanager
def _silent() -> Iterator[None]:
    """Keep Dask from writing tracebacks of a scheduler that has gone: that is said in one line."""
    names = [*logging.root.manager.loggerDict]
    theirs = {"distributed", "tornado", "asyncio"}
    loggers = [logging.getLogger(name) for name in names if name.partition(".")[0] in theirs]
    talking = [logger for logger in loggers if not logger.disabled]
    for logger in talking:
        logger.disabled = True
    try:
        yield
    finally:
        for logger in talking:
            logger.disabled = False


class _Attendance:
    """Sees that a cluster still has workers: Dask itself would wait for new ones for ever."""

    def __init__(self, address: str, client: Any) -> None:
        self._address = address
        self._client = client
        self._empty_since: float | None = None
        self._silent_since: float | None = None

    def lost(self) -> None:
        """Raise :class:`~reportkit.errors.RunError`: jobs that nobody here cancelled went with their scheduler."""
        raise self._gone("CancelledError")

    def check(self) -> None:
        """Raise :class:`~reportkit.errors.RunError` where the scheduler has gone, or workers for a while."""
        now = time.monotonic()
        try:
            threads = _threads(self._client)
        except (OSError, TimeoutError) as fault:
            if isinstance(fault, TimeoutError):  # a busy machine's may be late
                self._silent_since = self._silent_since or now
                if now - self._silent_since < EMPTY_SECONDS:
                    return
            raise self._gone(repr(fault)) from None
        self._silent_since = None
        now = time.monotonic()
        if threads:
            self._empty_since = None
        elif self._empty_since is None:
            self._empty_since = now
        elif now - self._empty_since >= EMPTY_SECONDS:
            raise RunError(
                _(
                    "--cluster {address}: no worker has been there for {seconds:g} s; start some "
                    "and run again: what is done is kept",
                    address=self._address,
                    seconds=EMPTY_SECONDS,
                )
            )

    def _gone(self, why: str) -> RunError:
        return RunError(
            _(
                "--cluster {address}: the scheduler does not answer any more: {fault}; start it "
                "and run again: what is done is kept",
                address=self._address,
                fault=why,
            )
        )


EMPTY_SECONDS = 60.0
"""How long a cluster may be without any worker, or its scheduler silent: a worker that died is started anew in seconds."""


def _threads(client: Any) -> dict[str, int]:
    """Return the threads of each worker; raise :class:`OSError` or :class:`TimeoutError` where nobody answers."""
    return dict(client.sync(client.scheduler.ncores, callback_timeout=_ANSWER_SECONDS))
