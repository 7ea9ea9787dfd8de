"""A run from its request to its summary: what ``reportkit run`` calls, and any other program may."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from reportkit.errors import CallError
from reportkit.registers.fingerprint import source_fingerprint
from reportkit.run import catalogue as catalogues
from reportkit.run.batch import Summary, run_plan
from reportkit.run.build import digest, package_digest
from reportkit.run.catalogue import Catalogue, Survey
from reportkit.run.plan import Plan, Planner
from reportkit.run.pool import close_crews, crew_for, make
from reportkit.run.progress import Watcher
from reportkit.run.record import Record, locked
from reportkit.run.request import Request


def run_command(request: Request) -> Summary:
    """Plan and run a request. See :meth:`reportkit.run.plan.Planner.plan` for what it raises."""
    with (
        locked(request),
        tempfile.TemporaryDirectory(prefix="reportkit-") as slices,
        _crews_closed(),
    ):
        record = Record(request)
        plan = make_plan(request, record, Path(slices))
        with Watcher(len(plan.due)) as watcher, _executor(request) as executor:
            for problem in plan.problems:
                watcher.say(problem)
            return run_plan(
                plan, record, executor, make, watcher, workers=request.workers, slices=Path(slices)
            )


def make_plan(request: Request, record: Record, slices: Path) -> Plan:
    """Return the plan of a request, with the slices of its due towns in a folder."""
    planner = Planner(request, record.manifest)
    key = _catalogue_key(request)
    kept = catalogues.load(request.state, key) if key else None
    if kept is not None:
        plan = planner.plan(kept)
        if not plan.due:
            return plan
    survey = Survey(
        key=key or "",
        uri=request.source,
        towns=dict(request.project.towns),
        editions=dict(request.project.editions),
        only=planner.only,
        slices=str(slices),
        known=planner.known,
    )
    taken = crew_for(request.engine).take(survey)
    if isinstance(taken, CallError):
        raise taken
    if key and planner.only is None:
        catalogues.save(request.state, taken)
    return planner.plan(taken)


def _catalogue_key(request: Request) -> str | None:
    """Return the key under which a catalogue is kept; ``None`` where the source cannot tell that it changed."""
    project = request.project
    seen = source_fingerprint(request.source)
    return seen and digest(
        {
            "uri": request.source,
            "source": seen,
            "towns": {id_: entry.model_dump() for id_, entry in project.entries.items()},
            "package": package_digest(),
        }
    )


@contextmanager
def _executor(request: Request) -> Iterator[Executor]:
    with ThreadPoolExecutor(request.workers) as executor:
        yield executor


@contextmanager
def _crews_closed() -> Iterator[None]:
    try:
        yield
    finally:
        close_crews()


__all__ = ["Catalogue", "make_plan", "run_command"]
