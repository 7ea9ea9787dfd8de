"""Executors: threads that wait for this machine's processes, or a Dask cluster's workers.

Either is a :class:`concurrent.futures.Executor`, and either calls :func:`reportkit.running.processes.crew.make`: a Dask worker has
threads, so it starts a zygote of its own. What crosses the network is a job with its notebook and the town's slice
of the data, and an outcome; the files go straight to the output folder, by path or URL.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from reportkit.errors import ParameterError
from reportkit.running.request import Request

_AHEAD: Final = 3
"""How many jobs a worker has: one being executed, one being exported, one waiting."""


@contextmanager
def open_executor(request: Request) -> Iterator[tuple[Executor, int]]:
    """Yield the executor that a request asks for, and how many jobs keep it busy.

    At the end nothing waits in it any more. Raises :class:`~reportkit.errors.ParameterError` for a cluster that is
    not there.
    """
    if request.cluster is not None:
        with _dask(request.cluster) as opened:
            yield opened
        return
    ahead = request.workers * _AHEAD
    executor = ThreadPoolExecutor(ahead)
    try:
        yield executor, ahead
    finally:
        executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _dask(address: str) -> Iterator[tuple[Executor, int]]:
    try:
        from distributed import Client  # noqa: PLC0415  # an optional extra
    except ModuleNotFoundError:
        raise ParameterError(
            "--cluster needs Dask: install reportkit with the extra «cluster»"
        ) from None
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError, TimeoutError) as fault:
        raise ParameterError(f"--cluster {address}: no Dask scheduler answers: {fault}") from None
    with client, client.get_executor(pure=False) as executor:
        threads = sum(client.nthreads().values())
        yield executor, max(1, threads) * _AHEAD
