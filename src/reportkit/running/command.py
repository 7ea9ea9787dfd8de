"""A run, what ``reportkit run`` calls and any other program may: request, inventory, plan, jobs, outcomes, record."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path

from reportkit.running.guard import ended_at_once, guarded
from reportkit.running.jobs import jobs_of
from reportkit.running.outcomes import outcomes_of
from reportkit.running.planning.asked import read_asked
from reportkit.running.planning.inventory import take_inventory
from reportkit.running.planning.last_run import look_back
from reportkit.running.planning.plan import Plan, make_plan
from reportkit.running.planning.stages import check_stages, stages, stages_ahead
from reportkit.running.processes.cluster import Workers, open_executor
from reportkit.running.processes.crew import crew_for
from reportkit.running.progress import Watcher, say
from reportkit.running.request import Request
from reportkit.running.results.entries import note_outcome
from reportkit.running.results.index import write_index
from reportkit.running.results.record import INDEX, Record, locked
from reportkit.running.results.tidy_data import write_data
from reportkit.running.summary import Summary


def run_request(request: Request, *, keep: bool = False) -> Summary:
    """Plan and run a request; with ``keep`` the processes stay warm for the next one, where nothing went wrong.

    Raises :class:`~reportkit.errors.CallError` before anything has started, :class:`~reportkit.errors.RunError` where
    the run itself cannot go on, and :class:`KeyboardInterrupt` for Ctrl-C and SIGTERM. Whatever it raises, what is
    done is recorded, and no process is left.
    """
    with guarded(keep=keep), locked(request, say):
        record = Record(request)
        slices = crew_for(request.engine, request.workers).scratch
        plan = _plan(request, record, slices)
        for problem in plan.problems:
            say(problem)
        with Watcher(len(plan.due)) as watcher, open_executor(request) as workers, ended_at_once():
            return _make(plan, record, workers, watcher, slices)


def plan_request(request: Request) -> Plan:
    """Return what a run would do, and do nothing: nothing is written, not even a lock."""
    with guarded():
        record = Record(request)
        return stages_ahead(_plan(request, record, None), record)


def _plan(request: Request, record: Record, slices: Path | None) -> Plan:
    """Return the plan of the towns, with the slices of those that are due in a folder, once all stages are checked."""
    asked = read_asked(request)
    last = look_back(asked, record.manifest)
    inventory = take_inventory(asked, last, slices)
    plan = make_plan(asked, last, inventory)
    check_stages(plan)
    return plan


def _make(plan: Plan, record: Record, workers: Workers, watcher: Watcher, slices: Path) -> Summary:
    """Make every report that is due, stage by stage, and then the index; the record holds it all the while."""
    attempts: Counter[str] = Counter()
    skipped = 0

    def stopped() -> bool:
        return plan.request.fail_fast and attempts["failed"] > 0

    with closing(record):
        for stage in stages(plan, record):
            skipped += len(stage.steps) - len(stage.due)
            if stage is not plan:
                watcher.more(len(stage.due))
            jobs = jobs_of(stage, slices)
            for step, outcome in outcomes_of(jobs, workers, watcher, stopped=stopped):
                attempts[outcome.status] += 1
                for note in outcome.notes:
                    watcher.say(f"{step.name}: {note}")
                note_outcome(stage, record, step, outcome)
                watcher.done(step.name, outcome.status, str(outcome.failure or ""))
            if stopped():
                break
    write_index(plan, record)
    write_data(plan.request, record.manifest)
    return Summary(attempts, skipped, record.manifest, plan.request.output.where(INDEX))
