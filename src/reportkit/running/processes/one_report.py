"""One report's way through our processes: derived in one, executed in another, exported in a third.

The death of a process is a value, as a cell's failure is. Where it is our own processes that failed, the report is
begun anew.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from reportkit.errors import RunError
from reportkit.language import _
from reportkit.running.execution.parcel import SLICE
from reportkit.running.job import ADDED_CELLS, PREPARED, Executed, Job, Outcome
from reportkit.running.processes.bounds import Bounds, after
from reportkit.running.processes.client import Died, Hung
from reportkit.running.processes.ends import failure_of, last_cell
from reportkit.running.processes.members import Member, Members
from reportkit.running.processes.messages import STARTED

WORKER_LIFE: Final = 200
"""How many reports a spawned worker makes before it is replaced."""
EXPORTER_LIFE: Final = 1000
"""How many reports an exporting process writes before it is replaced, so that it cannot grow without end."""
TRIES: Final = 3
"""How often a report is begun anew when our own processes fail it."""


def derive(members: Members, bounds: Bounds, job: Job) -> Job:
    """Have a report derived before its notebook runs; where that cannot be done the notebook does it."""
    if not members.forks or SLICE not in job.files:
        return job
    member = members.get("export", EXPORTER_LIFE)
    try:
        member.process.ask(job, after(bounds.start))
        content: bytes | None = member.process.answer(after(bounds.export))
    except (Died, Hung):
        members.drop(member, kill=True)
        members.check_open()
        return job
    members.give_back(member)
    return job if content is None else replace(job, files={**job.files, PREPARED: content})


def execute(members: Members, bounds: Bounds, job: Job, folder: Path) -> Executed:
    """Execute a job's notebook in another process; its death is a value too.

    Where it is our own processes that died, it is tried again, then without a neighbour: a report that kills
    what it shares with others is found out by that. Raises :class:`~reportkit.errors.RunError` where none starts.
    """
    for number in range(TRIES):
        executed = try_once(members, bounds, job, folder, apart=number > 0)
        if executed is not None:
            return executed
        members.check_open()
    raise RunError(_("the processes that execute notebooks do not start; see the messages above"))


def try_once(
    members: Members, bounds: Bounds, job: Job, folder: Path, *, apart: bool = False
) -> Executed | None:
    """Return what one process made of a job; ``None`` where the report is not to blame for its end.

    ``apart``: in a process that shares nothing with another's, so that the report is to blame once it has begun.
    """
    try:
        member = (
            members.get_apart(members.executing(job))
            if apart
            else members.get(members.executing(job), WORKER_LIFE)
        )
    except Died:
        return None
    deadline: float | None = after(bounds.start)
    cell: int | None = None
    started = False
    try:
        member.process.ask((job, str(folder)), after(bounds.start))
        while isinstance(message := member.process.answer(deadline), int):
            if message != STARTED:
                cell = message + ADDED_CELLS + 1
                continue
            started = True
            deadline = None if job.timeout is None else after(job.timeout)
    except (Died, Hung) as fault:
        members.drop(member, kill=True)
        members.check_open()
        if not started or (isinstance(fault, Died) and fault.code is None and not apart):
            return None
        cell = last_cell(folder) if cell is None else cell
        return Executed(notebook=b"", failure=failure_of(fault, job.timeout, cell, folder))
    executed: Executed = message
    _part_with(members, member, executed)
    return executed


def _part_with(members: Members, member: Member, executed: Executed) -> None:
    """Keep the process that executed a notebook for the next one, where it can be as if it had executed none."""
    if members.forks:
        members.drop(member, kill=False)
    elif executed.failure is not None:
        members.drop(member, kill=True)  # whatever made it fail may still be there
    else:
        members.give_back(member)


def export(
    members: Members, bounds: Bounds, job: Job, executed: Executed, seconds: float
) -> Outcome:
    """Write the files in an exporting process. One that died is replaced once.

    ``seconds`` is how long the execution took.
    """
    files = {name: body for name, body in job.files.items() if name != SLICE}
    message = (replace(job, files=files), executed, seconds)
    outcome = _try_export(members, bounds, message)
    if not isinstance(outcome, Outcome):
        outcome = _try_export(members, bounds, message)
    if isinstance(outcome, Outcome):
        return outcome
    failure = failure_of(outcome, bounds.export, None, None)
    return Outcome(status="failed", failure=failure, seconds=seconds)


def _try_export(
    members: Members, bounds: Bounds, message: tuple[Job, Executed, float]
) -> Outcome | Died | Hung:
    """Return what one exporting process made of a notebook, or how it ended."""
    member = members.get("export", EXPORTER_LIFE)
    try:
        member.process.ask(message, after(bounds.start))
        outcome: Outcome = member.process.answer(after(bounds.export))
    except (Died, Hung) as fault:
        members.drop(member, kill=True)
        members.drop_idle(member.task)
        members.check_open()
        return fault
    members.give_back(member)
    return outcome
