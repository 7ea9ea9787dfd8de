"""The board of the index: every body of the project and every year that the output holds, from the manifest alone."""

from __future__ import annotations

from datetime import date

from reportkit.blocks import Handed
from reportkit.checks.deadlines import deadline_of
from reportkit.export.board import BoardYear, handed, in_order, remarks_of
from reportkit.prose.order import by_place
from reportkit.report import Town
from reportkit.rollup.gathering import STATES
from reportkit.running.planning.plan import Plan
from reportkit.running.results.record import Record
from reportkit.sources.kept import Kept


def board_of(plan: Plan, record: Record) -> tuple[BoardYear, ...]:
    """Return the board of every year, the newest first. A county's and a city's own government stand on it too."""
    years = sorted({year for _, year in record.manifest.entries}, reverse=True)
    towns = sorted(plan.towns.values(), key=by_place)
    return tuple(
        BoardYear(
            year,
            in_order([_line(plan, record, town, year) for town in towns]),
        )
        for year in years
    )


def _line(plan: Plan, record: Record, town: Town, year: int) -> Handed:
    id_ = str(town.id)
    entry = record.manifest.entries.get((id_, year))
    state = STATES.get(entry.status, "failed") if entry is not None else "absent"
    told = None if entry is None else entry.published_on
    day = None if told is None else date.fromisoformat(told)
    remarks = None
    if plan.request.audience == "internal":
        kept = plan.kept.get(id_, Kept())
        findings = None if entry is None else entry.findings
        remarks = remarks_of(state, findings, kept.rounds.get(year, ()))
        day = day or kept.published.get(year)
    return handed(
        town,
        state,
        page="" if entry is None else (entry.file(".html") or "").rpartition("/")[2],
        published_on=day,
        deadline=deadline_of(town, year, plan.request.project.deadlines),
        remarks=remarks,
    )
