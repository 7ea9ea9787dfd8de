"""The counties' and provinces' part of a run: planned when the towns' reports are made, which they are the sum of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from reportkit.errors import ParameterError
from reportkit.language import _
from reportkit.project.levels import Whole, find_wholes
from reportkit.running.build import build_id, build_of, digest
from reportkit.running.execution.parameters import CountyParams, check_notebook
from reportkit.running.planning.gatherer import Gatherer, is_of
from reportkit.running.planning.last_run import why_one
from reportkit.running.planning.plan import Plan, Step
from reportkit.running.results.record import Record
from reportkit.today import today


def check_counties(plan: Plan) -> None:
    """Refuse, before anything runs, levels that the project gives no ids for, and a notebook that cannot be run.

    Raises :class:`~reportkit.errors.ParameterError`.
    """
    for level in plan.request.upper_levels:
        find_wholes(plan.request.project, plan.towns, level)
    check_notebook(plan.request.project.county_notebook, CountyParams)


def check_against(plan: Plan) -> None:
    """Refuse a published report that is of none of the counties and years that the run makes.

    Raises :class:`~reportkit.errors.ParameterError`.
    """
    given = plan.request.against
    if given is None:
        return
    years = sorted({step.parameters.year for step in plan.steps})
    bodies = [
        whole.town
        for level in plan.request.upper_levels
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


def county_plan(plan: Plan, record: Record) -> Plan:
    """Return the plan of the counties and provinces whose bodies were asked for, after the towns were made."""
    notebook = plan.request.project.county_notebook.read_bytes()
    build = build_of(notebook, plan.request.formats)
    before = record.manifest
    planning = _Planning(plan, record, build, Gatherer(plan, before.entries))
    return replace(
        plan,
        notebook=notebook,
        build=build,
        steps=tuple(planning.steps()),
        before=before.entries.values(),
        problems=(),
    )


@dataclass(frozen=True)
class _Planning:
    """What each county's step is worked out from."""

    plan: Plan
    """The towns'."""
    record: Record
    build: Mapping[str, str]
    gatherer: Gatherer

    def steps(self) -> Iterator[Step]:
        """Yield a step a year and county, for those that have a body among the towns' steps."""
        request = self.plan.request
        asked = {step.key for step in self.plan.steps}
        years = sorted({year for _, year in asked})
        for level in request.upper_levels:
            wholes = find_wholes(request.project, self.plan.towns, level)
            for year in years:
                for whole in wholes.values():
                    if any((town, year) in asked for town in whole.members):
                        yield self._step(whole, year)

    def _step(self, whole: Whole, year: int) -> Step:
        request, id_ = self.plan.request, str(whole.town.id)
        data = [self._told(town, each, year) for town in whole.members for each in (year - 1, year)]
        inputs = {
            "parameters": digest(self._asked(whole, year)),
            "data": digest(data),
            "build": build_id(self.build),
        }
        before = self.record.manifest
        return Step(
            town=whole.town,
            parameters=CountyParams(
                county=id_,
                year=year,
                source=self.plan.steps[0].parameters.source,
                audience=request.audience,
            ),
            inputs=inputs,
            why=why_one(request, before, self.build, inputs, before.entries.get((id_, year))),
            level=whole.level,
            gather=lambda: self.gatherer.gather(whole, year).to_json(),
        )

    def _asked(self, whole: Whole, year: int) -> Mapping[str, object]:
        """Return all that is asked for in a county's report, besides its bodies' reports."""
        request, id_, gatherer = self.plan.request, str(whole.town.id), self.gatherer
        published = gatherer.published(whole, year)
        return {
            "county": whole.town.model_dump(mode="json"),
            "members": [self.plan.towns[town].model_dump(mode="json") for town in whole.members],
            "year": year,
            "audience": request.audience,
            "deadlines": dict(request.project.deadlines),
            "published_on": request.project.published_on(id_, year),
            "draft": request.draft,
            "formats": request.formats,
            "portal": request.portal(id_, year),
            "over": today().year > year,
            "texts": gatherer.texts(id_, year),
            "published": None if published is None else published.to_dict(),
            "rounds": [[gatherer.rounds(t, year), gatherer.day(t, year)] for t in whole.members],
        }

    def _told(self, town: str, year: int, page_year: int) -> object:
        """Return what a county's page depends on of one body's year."""
        entry = self.record.manifest.entries.get((town, year))
        if entry is None:
            return None
        here = year == page_year
        name = entry.file(".json")
        return [
            entry.status if here else bool(name),
            entry.outputs.get(name or ""),
            dict(entry.findings or {}) if here else None,
        ]
