"""The plan of a run: every report of the matrix, what is to be done about it, and why.

Parameters and data are checked for the whole matrix first. Nothing starts when the plan is wrong.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from reportkit.errors import ParameterError, UnknownTown, UnknownYear, nearest
from reportkit.manifest import Entry, Manifest
from reportkit.report import Town
from reportkit.run.build import build_of, digest
from reportkit.run.params import RunParams, check_notebook, parse_params
from reportkit.run.request import Request
from reportkit.sources import Source


@dataclass(frozen=True, kw_only=True)
class Step:
    """One report of the matrix."""

    town: Town
    parameters: RunParams
    inputs: Mapping[str, str]
    """The digests that decide whether it is up to date; see :class:`~reportkit.manifest.Entry`."""
    why: str
    """Why it is to be made; empty: it is up to date."""

    @property
    def key(self) -> tuple[str, int]:
        """Town and year."""
        return self.parameters.town, self.parameters.year


@dataclass(frozen=True)
class Plan:
    """What a run will do."""

    request: Request
    notebook: bytes
    build: Mapping[str, str]
    build_id: str
    steps: tuple[Step, ...]
    before: Manifest
    problems: tuple[str, ...] = field(default=())
    """What was passed over in reading the source."""

    @property
    def due(self) -> tuple[Step, ...]:
        """The steps that are to be made."""
        return tuple(step for step in self.steps if step.why)


def make_plan(request: Request, source: Source, before: Manifest) -> Plan:
    """Check a request against its source and the last manifest, and return what is to be done.

    Raises :class:`~reportkit.errors.CallError` naming file, key and nearest valid name.
    """
    check_notebook(request.notebook)
    notebook = request.notebook.read_bytes()
    build = build_of(notebook)
    build_id = digest(build)[:16]
    _check_names(request, source.towns)
    matrix = list(_matrix(request, source))
    if not matrix:
        raise UnknownYear(
            f"{request.source}: no town has anything to report for the years asked for"
        )
    steps = []
    for town, year in matrix:
        parameters = parse_params(
            {"town": town.id, "year": year, "source": source.uri, "audience": request.audience}
        )
        inputs = {
            "parameters": _parameters_digest(request, parameters),
            "data": source.digest(parameters.town, year),
            "build": build_id,
        }
        old = before.entries.get((parameters.town, year))
        steps.append(
            Step(
                town=town,
                parameters=parameters,
                inputs=inputs,
                why=_why(request, inputs, build, old, before),
            )
        )
    return Plan(request, notebook, build, build_id, tuple(steps), before, source.problems)


def _check_names(request: Request, towns: Mapping[str, Town]) -> None:
    """Refuse a town that the source does not have, with the place where it was named."""
    batch, file = request.project.batch, request.project.file
    for town in request.towns:
        if town not in towns:
            raise UnknownTown(
                f"--town {town}: {request.source} has no such town{nearest(town, towns)}"
            )
    if batch is None or not request.own_source:
        return
    for key, named in (("only", batch.only or ()), ("published_on", tuple(batch.published_on))):
        for town in named:
            if town not in towns:
                raise ParameterError(
                    f"{file}: {key}: {request.source} has no town {town!r}{nearest(town, towns)}"
                )


def _matrix(request: Request, source: Source) -> Iterator[tuple[Town, int]]:
    """Yield every town and year that is asked for and has something to report, by year."""
    batch = request.project.batch if request.own_source else None
    ids = request.towns or (batch.only if batch and batch.only is not None else tuple(source.towns))
    years = {id_: source.years(id_) for id_ in sorted(set(ids))}
    known = sorted({year for some in years.values() for year in some})
    for year in request.years:
        if year not in known:
            raise UnknownYear(
                f"--year {year}: {_selection(request)} has nothing to report for it"
                f"{nearest(str(year), map(str, known)) if len(known) < 13 else f'; known: {known[0]} to {known[-1]}'}"
            )
    wanted = request.years or (batch.years if batch else known)
    for year in sorted(set(wanted)):
        for id_, some in years.items():
            if year in some:
                yield source.towns[id_], year


def _selection(request: Request) -> str:
    return f"{request.source} for {', '.join(request.towns)}" if request.towns else request.source


def _parameters_digest(request: Request, parameters: RunParams) -> str:
    """Return the digest of all that is asked for one report, besides the data of its source.

    The source's place is left out: the same data elsewhere make the same report.
    """
    project = request.project
    previous = project.previous(parameters.town, parameters.year)
    return digest(
        {
            **parameters.model_dump(exclude={"source"}),
            "edition": project.editions.get(parameters.town),
            "published_on": project.published_on(parameters.town, parameters.year),
            "previous": None if previous is None else digest(previous.to_dict()),
            "draft": request.draft,
            "over": this_year() > parameters.year,
        }
    )


def this_year() -> int:
    """Return the current year, or that of SOURCE_DATE_EPOCH where it is set."""
    return datetime.fromtimestamp(
        int(os.environ.get("SOURCE_DATE_EPOCH") or time.time()), tz=UTC
    ).year


def _why(
    request: Request,
    inputs: Mapping[str, str],
    build: Mapping[str, str],
    old: Entry | None,
    before: Manifest,
) -> str:
    """Say why a report is to be made; an empty text where it is up to date."""
    if old is None or request.force:
        return "forced" if old else "new"
    if old.status != "ok":
        return f"{old.attempt or old.status} last time"
    changed = [name for name in ("data", "parameters") if old.inputs.get(name) != inputs[name]]
    if old.inputs.get("build") != inputs["build"]:
        past = before.builds.get(old.inputs.get("build", ""), {})
        changed += [name for name in build if past.get(name) != build[name]]
    if changed:
        return f"{', '.join(changed)} changed"
    return "" if request.output.holds(old.outputs) else "output missing or changed"
