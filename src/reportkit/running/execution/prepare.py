"""Deriving a report before its notebook runs, in a process that lives long."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from reportkit.checks import check_dossier
from reportkit.checks.deadlines import Deadlines
from reportkit.registers.derivation.cases import Cases
from reportkit.registers.slices import parse_slice
from reportkit.report import TownReport
from reportkit.running.execution.parcel import BATCH, PREVIOUS, SLICE
from reportkit.running.job import PREPARED, Job
from reportkit.sources.archive import Archive
from reportkit.sources.prepared import Prepared
from reportkit.sources.registers import dossier


@dataclass(frozen=True)
class _Town:
    """A town's registers as the last report left them: its other years are likely to follow."""

    content: bytes
    uri: str
    cases: Cases

    last: ClassVar[_Town | None] = None


def with_report(job: Job) -> Job:
    """Return a job with its report derived beforehand, where that can be done."""
    content = prepare_report(job)
    return job if content is None else replace(job, files={**job.files, PREPARED: content})


def prepare_report(job: Job) -> bytes | None:
    """Return a job's report derived and checked, for the file :data:`PREPARED` of its parcel.

    ``None`` where there are no registers to derive it from, and where something is wrong: then the notebook derives it
    itself, and the fault is told in the cell that meets it.
    """
    content = job.files.get(SLICE)
    if content is None or Archive.is_slice(content):
        return None
    try:
        town = _Town.last
        if town is None or town.content != content:
            uri, data = parse_slice(content)
            town = _Town.last = _Town(content, uri, Cases(data))
        batch = json.loads(job.files.get(BATCH, b"{}"))
        day = batch.get("published_on", {}).get(job.town)
        published_on = None if day is None else date.fromisoformat(day)
        previous = None
        if PREVIOUS in job.files:
            previous = TownReport.from_json(job.files[PREVIOUS])
        held = dossier(
            town.cases.data,
            job.year,
            previous=previous,
            published_on=published_on,
            cases=town.cases,
        )
        deadlines: Deadlines = {
            kind: (int(day[:2]), int(day[3:])) for kind, day in batch.get("deadlines", {}).items()
        }
        held = replace(held, found=check_dossier(held, deadlines), trace=None)
        return Prepared(town.uri, previous, published_on, held).packed()
    except Exception:  # noqa: BLE001  # told by the notebook, see above
        return None
