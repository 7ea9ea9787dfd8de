"""From jobs to their outcomes: an executor is kept busy, and what becomes of each report comes back as a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait

from reportkit.errors import ReportkitError
from reportkit.running.job import Failure, Job, Outcome
from reportkit.running.planning.plan import Step
from reportkit.running.processes.cluster import Workers
from reportkit.running.processes.crew import make
from reportkit.running.progress import Watcher

LOOK_SECONDS = 5.0
"""How long a run waits for a report before it looks whether anybody is left to make it."""


def outcomes_of(
    jobs: Iterable[tuple[Step, Job]],
    workers: Workers,
    watcher: Watcher,
    *,
    stopped: Callable[[], bool],
) -> Iterator[tuple[Step, Outcome]]:
    """Have jobs done and yield their outcomes as they come; once ``stopped``, those under way alone.

    At most ``workers.ahead`` jobs are under way, so that nothing grows with their number.
    """
    waiting = iter(jobs)
    running: dict[Future[Outcome], Step] = {}
    while True:
        while not stopped() and len(running) < workers.ahead and (following := next(waiting, None)):
            step, job = following
            watcher.start(step.name)
            running[workers.executor.submit(make, job)] = step
        if not running:
            return
        done = wait(running, LOOK_SECONDS, FIRST_COMPLETED).done
        if not done:
            workers.check()
        for future in done:
            yield running.pop(future), _result(future, workers)


def _result(future: Future[Outcome], workers: Workers) -> Outcome:
    """Return a job's outcome. An executor that loses its worker too often loses that job alone."""
    try:
        return future.result()
    except ReportkitError:
        raise
    except CancelledError:
        workers.lost()
        raise
    except Exception as fault:  # noqa: BLE001  # whatever kind the executor words it in
        name = type(fault).__name__
        return Outcome(status="failed", failure=Failure(name=name, message=str(fault)))
