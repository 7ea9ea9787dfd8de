"""The counties' and provinces' part of a run: made after the towns, from the reports that the towns' part left.

Nothing is derived twice: a body's report is read back from its JSON in the output folder. A body whose report was
refused or failed, or that has none, is unknown on the county's page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from reportkit.errors import ParameterError
from reportkit.language import _
from reportkit.manifest import Entry
from reportkit.project import Level
from reportkit.project.levels import Whole, find_wholes
from reportkit.prose.order import by_place
from reportkit.report import Town, TownReport
from reportkit.rollup.gathering import OVERDUE, STATES, Body, Gathering, State
from reportkit.running.build import build_of, digest
from reportkit.running.comparison import check_comparison, comparison_plan
from reportkit.running.execution.parameters import CountyParams, check_notebook
from reportkit.running.plan import Plan, Step, build_id, why
from reportkit.running.record import Record
from reportkit.sources.kept import Kept
from reportkit.today import today


def county_levels(plan: Plan) -> tuple[Level, ...]:
    """Return the levels above the towns' that a run makes."""
    return tuple(level for level in plan.request.levels if level != "town")


def check_counties(plan: Plan) -> None:
    """Refuse, before anything runs, levels that the project gives no ids for, and a notebook that cannot be run.

    Raises :class:`~reportkit.errors.ParameterError`.
    """
    for level in county_levels(plan):
        find_wholes(plan.request.project, plan.towns, level)
    _check_against(plan)
    if county_levels(plan):
        check_notebook(plan.request.project.county_notebook, CountyParams)
        check_comparison(plan)


def _check_against(plan: Plan) -> None:
    """Refuse a published report that is of none of the counties and years that the run makes."""
    given = plan.request.against
    if given is None:
        return
    years = sorted({step.parameters.year for step in plan.steps})
    bodies = [
        whole.town
        for level in county_levels(plan)
        for whole in find_wholes(plan.request.project, plan.towns, level).values()
    ]
    if not any(is_of(given, body, year) for body in bodies for year in years):
        of = f"{given.town.name} {given.year}"
        names = ", ".join(body.name for body in bodies[:12]) or _("no county: add --level county")
        raise ParameterError(
            _(
                "--against: it is the report of {of!r}; this run makes {names}, {years}",
                of=of,
                names=names,
                years=", ".join(map(str, years)),
            )
        )


def is_of(report: TownReport, whole: Town, year: int) -> bool:
    """Say whether a published report is that of a county or province and a year, by its id or its name."""
    if report.year != year:
        return False
    name = report.town.name.removesuffix("人民政府")
    return report.town.id == whole.id or name in (whole.name, whole.province + whole.name)


def county_plan(plan: Plan, record: Record) -> Plan:
    """Return the plan of the counties and provinces whose bodies were asked for, after the towns were made."""
    notebook = plan.request.project.county_notebook.read_bytes()
    build = build_of(notebook, plan.request.formats)
    steps = tuple(_Planner(plan, record, build).steps())
    before = record.manifest.entries.values()
    return replace(plan, notebook=notebook, build=build, steps=steps, before=before, problems=())


def with_counties(plan: Plan, record: Record) -> Plan:
    """Return a plan with the counties' steps in it, for people to read: a county whose bodies are due is due."""
    check_counties(plan)
    if not county_levels(plan):
        return plan
    due = {step.key for step in plan.due}
    steps = []
    for step in county_plan(plan, record).steps:
        level: Level = "province" if step.level == "province" else "county"
        bodies = find_wholes(plan.request.project, plan.towns, level)[step.key[0]].members
        waits = any((town, step.key[1]) in due for town in bodies)
        steps.append(replace(step, why=step.why or ("its bodies' reports are made" * waits)))
    steps += [
        replace(step, why=step.why or ("reports are made" * bool(due)))
        for step in comparison_plan(plan, record).steps
    ]
    return replace(plan, steps=(*plan.steps, *steps))


class _Planner:
    """Finds each county's steps."""

    def __init__(self, plan: Plan, record: Record, build: Mapping[str, str]) -> None:
        self.plan, self.request = plan, plan.request
        self.record, self.build = record, build
        self.entries = record.manifest.entries

    def steps(self) -> Iterator[Step]:
        """Yield a step a year and county, for those that have a body among the towns' steps."""
        asked = {step.key for step in self.plan.steps}
        years = sorted({year for _, year in asked})
        for level in county_levels(self.plan):
            wholes = find_wholes(self.request.project, self.plan.towns, level)
            for year in years:
                for whole in wholes.values():
                    if any((town, year) in asked for town in whole.members):
                        yield self._step(whole, year)

    def _step(self, whole: Whole, year: int) -> Step:
        request, id_ = self.request, str(whole.town.id)
        published = self._published(whole.town, year)
        asked = {
            "county": whole.town.model_dump(mode="json"),
            "members": [self.plan.towns[town].model_dump(mode="json") for town in whole.members],
            "year": year,
            "audience": request.audience,
            "deadlines": dict(request.project.deadlines),
            "published_on": request.project.published_on(id_, year),
            "draft": request.draft,
            "formats": request.formats,
            "portal": request.project.portal(id_, year).model_dump()
            if "portal" in request.formats
            else None,
            "over": today().year > year,
            "texts": self._texts(id_, year),
            "published": None if published is None else published.to_dict(),
            "rounds": [[self._rounds(t, year), self._day(t, year)] for t in whole.members],
        }
        data = [self._told(town, each, year) for town in whole.members for each in (year - 1, year)]
        inputs = {
            "parameters": digest(asked),
            "data": digest(data),
            "build": build_id(self.build),
        }
        return Step(
            town=whole.town,
            parameters=CountyParams(
                county=id_,
                year=year,
                source=self.plan.steps[0].parameters.source,
                audience=request.audience,
            ),
            inputs=inputs,
            why=self._why(inputs, (id_, year)),
            level=whole.level,
            gather=lambda: self._gather(whole, year).to_json(),
        )

    def _published(self, whole: Town, year: int) -> TownReport | None:
        """Return the county's own published report, where the one given is of it and of the year."""
        given = self.request.against
        return given if given is not None and is_of(given, whole, year) else None

    def _texts(self, whole: str, year: int) -> Mapping[str, str]:
        return self._kept(whole).texts.get(year, {})

    def _rounds(self, town: str, year: int) -> tuple[str, ...]:
        """Return what a body handed in and got back; that is for the office alone."""
        if self.request.audience != "internal":
            return ()
        return self._kept(town).rounds.get(year, ())

    def _day(self, town: str, year: int) -> date | None:
        """Return when a body published its report, as the office has noted it; that is for the office alone."""
        if self.request.audience != "internal":
            return None
        return self._kept(town).published.get(year)

    def _kept(self, body: str) -> Kept:
        return self.plan.kept.get(body, Kept())

    def _told(self, town: str, year: int, page_year: int) -> object:
        """Return what a county's page depends on of one body's year."""
        entry = self.entries.get((town, year))
        if entry is None:
            return None
        here = year == page_year
        name = entry.file(".json")
        return [
            entry.status if here else bool(name),
            entry.outputs.get(name or ""),
            dict(entry.findings or {}) if here else None,
        ]

    def _why(self, inputs: Mapping[str, str], key: tuple[str, int]) -> str:
        old = self.entries.get(key)
        found = why(self.record.manifest, self.build, inputs, old, force=self.request.force)
        if found or old is None or self.request.output.holds(old.outputs):
            return found
        return "output missing or changed"

    def _gather(self, whole: Whole, year: int) -> Gathering:
        project = self.request.project
        return Gathering(
            whole=whole.town,
            year=year,
            bodies=tuple(self._body(str(town.id), year) for town in self._listed(whole)),
            deadlines=project.deadlines,
            published_on=project.published_on(str(whole.town.id), year),
            narratives=self._texts(str(whole.town.id), year),
            published=self._published(whole.town, year),
            drafts=self.request.draft and self.request.audience == "public",
        )

    def _listed(self, whole: Whole) -> list[Town]:
        """Return its bodies in the order in which they are listed."""
        return sorted((self.plan.towns[town] for town in whole.members), key=by_place)

    def _body(self, town: str, year: int) -> Body:
        entry = self.entries.get((town, year))
        held = self._held(entry)
        report = None if held is None else held.public()
        state: State = "absent" if entry is None else STATES.get(entry.status, "failed")
        if report is None and state == "reported":
            state = "failed"
        return Body(
            town=self.plan.towns[town],
            state=state,
            report=report,
            last=self._report(self.entries.get((town, year - 1))),
            page=(entry.file(".html") or "").rpartition("/")[2] if entry is not None else "",
            findings=None if entry is None else entry.findings,
            submitted=self._rounds(town, year),
            published_on=self._day(town, year),
            overdue=self._overdue(held),
        )

    def _overdue(self, held: TownReport | None) -> int | None:
        """Return how many answers were late, as the report's own findings say; for the office alone."""
        if held is None or self.request.audience != "internal":
            return None
        return sum(finding.code == OVERDUE for finding in held.findings)

    def _report(self, entry: Entry | None) -> TownReport | None:
        held = self._held(entry)
        return None if held is None else held.public()

    def _held(self, entry: Entry | None) -> TownReport | None:
        name = None if entry is None else entry.file(".json")
        content = None if name is None else self.request.output.read(name)
        return None if content is None else TownReport.from_json(content)
