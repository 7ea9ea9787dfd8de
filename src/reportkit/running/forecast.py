"""What ``--dry-run`` prints: what would be made and why, what is up to date, and about how long it takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from statistics import median
from typing import Final

from reportkit.export.formats import NOTEBOOK
from reportkit.language import _, marked
from reportkit.running.planning.plan import Plan

_START_SECONDS: Final = 4.0
"""What the warm process takes to start."""
_REPORT_SECONDS: Final = 0.3
"""What a report takes where no report has been made yet, on one worker."""

_WHY: Final = (
    marked("up to date"),
    marked("new"),
    marked("forced"),
    marked("output missing or changed"),
    marked("reports are made"),
    marked("its bodies' reports are made"),
)
_PARTS: Final = (
    marked("data"),
    marked("parameters"),
    marked("notebook"),
    marked("form"),
    marked("package"),
    marked("signature"),
    marked("failed"),
    marked("stale"),
)
"""What may have changed, and how the last time may have ended; other names are those of libraries and errors."""


def _why(why: str) -> str:
    """Return in the language to speak why a report is due; the plan's own words are for programs too."""
    if not why or why in _WHY:
        return _(why or "up to date")
    if why.endswith(" changed"):
        names = why.removesuffix(" changed").split(", ")
        return _("{names} changed", names=_(", ").join(map(_, names)))
    return _("{status} last time", status=_(why.removesuffix(" last time")))


class Forecast:
    """A plan as people and programs read it."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    @property
    def seconds(self) -> float:
        """About how long the run takes, from the seconds that reports took before."""
        if not self._plan.due:
            return 0.0
        known = [entry.seconds for entry in self._plan.before if entry.status == "ok"]
        each = median(known) if known else _REPORT_SECONDS
        return _START_SECONDS + each * len(self._plan.due) / self._plan.request.workers

    def text(self) -> str:
        """Return a line a report and a line of sums."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        for step in self._plan.steps:
            yield f"{step.name}: {_why(step.why)}"
        due = len(self._plan.due)
        yield _(
            "{due} of {count} reports to make, about {seconds:.0f} s with {workers} workers, each as {formats}",
            due=due,
            count=len(self._plan.steps),
            seconds=self.seconds,
            workers=self._plan.request.workers,
            formats=", ".join(self._formats),
        )

    @property
    def _formats(self) -> tuple[str, ...]:
        return (*self._plan.request.formats, NOTEBOOK)

    def to_json(self) -> str:
        """Return the plan as one JSON document."""
        body = {
            "schema": "reportkit.plan/1",
            "seconds": round(self.seconds, 1),
            "formats": list(self._formats),
            "reports": [
                {"town": step.key[0], "year": step.key[1], "why": step.why or None}
                for step in self._plan.steps
            ],
        }
        return json.dumps(body, ensure_ascii=False, indent=2) + "\n"
