"""What a county's or province's notebook is given: its bodies and their reports, as the towns' part of the run left them.

Nothing is derived twice: a body's report is read back from its JSON in the output folder. A body whose report was
refused or failed, or that has none, is unknown on the county's page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from reportkit.manifest import Entry
from reportkit.project.levels import Whole
from reportkit.prose.order import by_place
from reportkit.report import Town, TownReport
from reportkit.rollup.gathering import OVERDUE, STATES, Body, Gathering, State
from reportkit.running.planning.plan import Plan
from reportkit.sources.kept import Kept


def is_of(report: TownReport, whole: Town, year: int) -> bool:
    """Say whether a published report is that of a county or province and a year, by its id or its name."""
    if report.year != year:
        return False
    name = report.town.name.removesuffix("人民政府")
    return report.town.id == whole.id or name in (whole.name, whole.province + whole.name)


@dataclass(frozen=True)
class Gatherer:
    """Gathers what a county's page shows from what was planned, what is kept of its bodies, and their entries."""

    plan: Plan
    """The towns'."""
    entries: Mapping[tuple[str, int], Entry]
    """What became of the reports, by town and year; it fills as they are made."""

    def gather(self, whole: Whole, year: int) -> Gathering:
        """Return all that the notebook of a county and year is given; the reports of its bodies are read."""
        request, id_ = self.plan.request, str(whole.town.id)
        listed = sorted((self.plan.towns[town] for town in whole.members), key=by_place)
        return Gathering(
            whole=whole.town,
            year=year,
            bodies=tuple(self._body(str(town.id), year) for town in listed),
            deadlines=request.project.deadlines,
            published_on=request.project.published_on(id_, year),
            narratives=self.texts(id_, year),
            published=self.published(whole, year),
            drafts=request.draft and request.audience == "public",
        )

    def published(self, whole: Whole, year: int) -> TownReport | None:
        """Return the county's own published report, where the one given is of it and of the year."""
        given = self.plan.request.against
        return given if given is not None and is_of(given, whole.town, year) else None

    def texts(self, whole: str, year: int) -> Mapping[str, str]:
        """Return the county's own prose of a year, by section."""
        return self._kept(whole).texts.get(year, {})

    def rounds(self, town: str, year: int) -> tuple[str, ...]:
        """Return what a body handed in and got back; that is for the office alone."""
        return self._kept(town).rounds.get(year, ()) if self._internal else ()

    def day(self, town: str, year: int) -> date | None:
        """Return when a body published its report, as the office has noted it; that is for the office alone."""
        return self._kept(town).published.get(year) if self._internal else None

    @property
    def _internal(self) -> bool:
        return self.plan.request.audience == "internal"

    def _kept(self, body: str) -> Kept:
        return self.plan.kept.get(body, Kept())

    def _body(self, town: str, year: int) -> Body:
        entry = self.entries.get((town, year))
        held = self._held(entry)
        last = self._held(self.entries.get((town, year - 1)))
        state: State = "absent" if entry is None else STATES.get(entry.status, "failed")
        if held is None and state == "reported":
            state = "failed"
        return Body(
            town=self.plan.towns[town],
            state=state,
            report=None if held is None else held.public(),
            last=None if last is None else last.public(),
            page="" if entry is None else (entry.file(".html") or "").rpartition("/")[2],
            findings=None if entry is None else entry.findings,
            submitted=self.rounds(town, year),
            published_on=self.day(town, year),
            overdue=self._overdue(held),
        )

    def _overdue(self, held: TownReport | None) -> int | None:
        """Return how many answers were late, as the report's own findings say; for the office alone."""
        if held is None or not self._internal:
            return None
        return sum(finding.code == OVERDUE for finding in held.findings)

    def _held(self, entry: Entry | None) -> TownReport | None:
        """Return a report as its JSON in the output folder has it, if it is there."""
        name = None if entry is None else entry.file(".json")
        content = None if name is None else self.plan.request.output.read(name)
        return None if content is None else TownReport.from_json(content)
