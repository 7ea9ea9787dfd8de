"""A run from its request to its summary: what ``reportkit run`` calls, and any other program may."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from reportkit.run.batch import Summary, run_plan
from reportkit.run.plan import make_plan
from reportkit.run.pool import close_crews, make
from reportkit.run.progress import Watcher
from reportkit.run.record import Record, locked
from reportkit.run.request import Request
from reportkit.sources import open_source


def run_command(request: Request) -> Summary:
    """Plan and run a request; see :func:`reportkit.run.plan.make_plan` for what it raises."""
    source = open_source(request.source, request.project.towns, request.project.editions)
    with locked(request, wait=0):
        record = Record(request)
        plan = make_plan(request, source, record.manifest)
        with Watcher(len(plan.due)) as watcher, ThreadPoolExecutor(request.workers) as executor:
            for problem in plan.problems:
                watcher.say(problem)
            try:
                return run_plan(plan, record, executor, make, watcher, workers=request.workers)
            finally:
                close_crews()
