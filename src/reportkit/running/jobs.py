"""From the steps of a plan to the jobs that cross the border to the processes which do them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from reportkit.running.execution.parcel import COMPARED, GATHERED, note, pack
from reportkit.running.job import Job
from reportkit.running.planning.plan import Plan, Step


def jobs_of(plan: Plan, slices: Path) -> Iterator[tuple[Step, Job]]:
    """Yield the job of every report that is due, by town: what a town has read serves all its years.

    A job holds its notebook's data, so each is made when it is asked for.
    """
    for step in sorted(plan.due, key=lambda step: step.key):
        yield step, _job(plan, step, slices)


def _job(plan: Plan, step: Step, slices: Path) -> Job:
    request = plan.request
    return Job(
        notebook=plan.notebook,
        parameters=step.parameters.model_dump() if step.given is None else step.given,
        key=step.key,
        files={**_parcel(plan, step, slices), **note(plan, step)},
        output=request.output,
        internal=request.internal,
        draft=request.draft,
        formats=plan.formats,
        stem=step.stem,
        portal=request.project.portal(*step.key),
        engine=request.engine,
        timeout=request.timeout,
        retries=request.retries,
        workers=request.workers,
    )


def _parcel(plan: Plan, step: Step, slices: Path) -> Mapping[str, bytes]:
    if step.gather is None:
        return pack(plan, step, slices)
    return {COMPARED if step.level == "comparison" else GATHERED: step.gather()}
