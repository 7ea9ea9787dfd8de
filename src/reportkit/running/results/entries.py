"""From an outcome to the entry of its report in the record."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reportkit.manifest import Entry
from reportkit.running.job import Failure, Outcome
from reportkit.running.planning.plan import Plan, Step
from reportkit.running.results.record import Record
from reportkit.sources.kept import Kept


def note_outcome(plan: Plan, record: Record, step: Step, outcome: Outcome) -> None:
    """Note in the record what became of a report, and remove its files of a format that is made no more."""
    old = record.manifest.entries.get(step.key)
    entry = _entry(plan, step, outcome)
    if outcome.status == "ok" and old is not None:
        for name in old.outputs.keys() - outcome.outputs.keys():
            plan.request.output.remove(name)  # it would age unseen
    if outcome.status != "ok" and old is not None and _stands(plan, old):
        entry = replace(old, status="stale", attempt=outcome.status, name=entry.name)
    failure = None if outcome.failure is None else _failure(outcome.status, outcome.failure)
    record.add(entry, failure, (plan.build_id, dict(plan.build)))


def _entry(plan: Plan, step: Step, outcome: Outcome) -> Entry:
    """Return the entry of a report as this run left it."""
    body, year = step.key
    months: tuple[int, ...] = ()
    if step.level == "town" and outcome.status == "ok":
        months = plan.kept.get(body, Kept()).months.get(year, ())
    return Entry(
        town=body,
        name=step.town.name,
        county=step.town.county,
        province=step.town.province,
        county_id=plan.request.project.bodies.county_of.get(body, ""),
        year=year,
        status=outcome.status,
        level=step.level,
        edition=outcome.edition,
        illustrative=outcome.illustrative or step.town.illustrative,
        figures=outcome.figures,
        findings=outcome.findings,
        inputs=step.inputs,
        outputs=outcome.outputs,
        published_on=outcome.published_on,
        months=months,
        seconds=round(outcome.seconds, 3),
    )


def _stands(plan: Plan, old: Entry) -> bool:
    """Say whether a report that was made before is still there, so that it stands as stale."""
    page = old.file(".html")
    return page is not None and plan.request.output.read(page) is not None


def _failure(status: str, failure: Failure) -> dict[str, Any]:
    return {
        "status": status,
        "cell": failure.cell,
        "name": failure.name,
        "message": failure.message,
        "lines": list(failure.lines),
    }
