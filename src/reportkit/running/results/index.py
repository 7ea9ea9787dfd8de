"""The pages of the index: rendered from the record when a run has ended, where what they show has changed."""

from __future__ import annotations

from dataclasses import asdict

from reportkit.running.build import digest
from reportkit.running.planning.plan import Plan
from reportkit.running.processes.crew import crew_for
from reportkit.running.processes.once import ask_once
from reportkit.running.results.board import board_of
from reportkit.running.results.record import Record


def write_index(plan: Plan, record: Record) -> None:
    """Render the index of the output folder anew, unless it shows the record as it stands."""
    request = plan.request
    board = board_of(plan, record) if request.upper_levels else ()
    key = digest([asdict(year) for year in board])
    if record.index_is_current(key):
        return
    entries = sorted(record.manifest.entries.values(), key=lambda e: (e.year, e.town))
    crew = crew_for(request.engine)
    pages: dict[str, str] = ask_once(
        crew, "index", (entries, request.audience, board), crew.bounds.index
    )
    record.write_index(pages, key)
