"""The plan of a run: every report of the matrix, what is to be done about it, and why.

Parameters and data are checked for the whole matrix first. Nothing starts when the plan is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

from reportkit.errors import ParameterError, UnknownTown, UnknownYear, nearest
from reportkit.ids import check_id
from reportkit.language import _
from reportkit.manifest import Entries, Entry, Manifest
from reportkit.project import RUN_PARAMETERS, Level
from reportkit.report import Town
from reportkit.running.build import build_of, digest
from reportkit.running.execution.own import own_parameters, read_takes
from reportkit.running.execution.parameters import (
    CompareParams,
    CountyParams,
    RunParams,
    parse_params,
)
from reportkit.running.inventory import Catalogue
from reportkit.running.request import Request
from reportkit.sources.kept import Kept
from reportkit.today import today

WITHOUT_CELLS: Final = ("html", "docx", "pdf")
"""The formats that print what has no statutory form in it."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One report of the matrix."""

    town: Town
    parameters: RunParams | CountyParams | CompareParams
    inputs: Mapping[str, str]
    """The digests that decide whether it is up to date; see :class:`~reportkit.manifest.Entry`."""
    why: str
    """Why it is to be made; empty: it is up to date."""
    decisions: tuple[Mapping[str, Any], ...] = ()
    """What was decided on the town's findings of the year, as reviews/<year>.yaml has it."""
    level: Level | Literal["comparison"] = "town"
    given: Mapping[str, Any] | None = None
    """What its notebook is given, where that is not all of ``parameters`` and nothing else."""
    gather: Callable[[], bytes] | None = None
    """For a county, or the comparison: packs what its notebook is given, when the notebook is about to run."""

    @property
    def key(self) -> tuple[str, int]:
        """Town and year."""
        return self.parameters.town, self.parameters.year

    @property
    def name(self) -> str:
        """Town and year, for people."""
        return self.stem or f"{self.parameters.town} {self.parameters.year}"

    @property
    def stem(self) -> str:
        """What its files are called where it is not year and town."""
        return self.parameters.town if self.level == "comparison" else ""


@dataclass(frozen=True)
class Plan:
    """What a run will do."""

    request: Request
    notebook: bytes
    build: Mapping[str, str]
    steps: tuple[Step, ...]
    problems: tuple[str, ...]
    """What was passed over in reading the source."""
    before: Collection[Entry]
    """What the last run left."""
    towns: Mapping[str, Town] = field(default_factory=dict)
    """Every town that the source has, by id."""
    kept: Mapping[str, Kept] = field(default_factory=dict)
    """What the office keeps of towns, counties and provinces, by id."""

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats that its reports are made in: a comparison has no cells, so none that prints cells alone."""
        if any(step.level == "comparison" for step in self.steps):
            return tuple(name for name in self.request.formats if name in WITHOUT_CELLS)
        return self.request.formats

    @property
    def due(self) -> tuple[Step, ...]:
        """The steps that are to be made."""
        return tuple(step for step in self.steps if step.why)

    @property
    def build_id(self) -> str:
        """The name under which the manifest has the build."""
        return build_id(self.build)


def build_id(build: Mapping[str, str]) -> str:
    """Return a short name for what reports are made with."""
    return digest(build)[:16]


class Planner:
    """Checks a request against what its source holds and what the last run left."""

    def __init__(self, request: Request, before: Manifest) -> None:
        """Check the notebook; raise :class:`~reportkit.errors.CallError` for one that cannot be run."""
        self.request = request
        self.before = before
        batch = request.project.batch
        self.takes = read_takes(request.notebook)
        self.extra = own_parameters(
            self.takes,
            batch.parameters if batch else {},
            request.project.file,
            request.given,
            (request.project.folder / "notebooks", request.notebook.parent),
        )
        self.notebook = request.notebook.read_bytes()
        self.build = build_of(self.notebook, request.formats)
        self._decisions: dict[int, list[Mapping[str, Any]]] = {}

    @property
    def only(self) -> tuple[str, ...] | None:
        """The towns that are asked for by name, ``None`` where every one is."""
        batch = self.request.project.batch if self.request.own_source else None
        chosen = self.request.towns or (batch.only if batch else None)
        return None if chosen is None else tuple(sorted(set(chosen)))

    @property
    def years(self) -> tuple[int, ...] | None:
        """The years that are asked for, ``None`` where every one is."""
        batch = self.request.project.batch if self.request.own_source else None
        wanted = self.request.years or (batch.years if batch else ())
        return tuple(wanted) or None

    def decisions(self, town: str, year: int) -> tuple[Mapping[str, Any], ...]:
        """Return what was decided on a town's findings of a year."""
        if year not in self._decisions:
            self._decisions[year] = _load_decisions(self.request.project.folder, year)
        entry = self.request.project.towns.get(town)
        names = {town, None if entry is None else entry.name}
        return tuple(each for each in self._decisions[year] if each["town"] in names)

    @cached_property
    def known(self) -> Mapping[tuple[str, int], str]:
        """The data digests of the reports that stay up to date as long as their data do."""
        if self.request.force:
            return {}
        name = build_id(self.build)
        entries = [
            entry
            for entry in _of_towns(self.before, self.only)
            if entry.status == "ok"
            and entry.inputs.get("build") == name
            and (not self.request.years or entry.year in self.request.years)
            and entry.inputs.get("parameters") == self._parameters(entry.town, entry.year)
        ]
        with ThreadPoolExecutor() as threads:  # reading and hashing both let other threads run
            intact = threads.map(lambda entry: self.request.output.holds(entry.outputs), entries)
            return {
                entry.key: entry.inputs["data"]
                for entry, whole in zip(entries, intact, strict=True)
                if whole
            }

    def plan(self, catalogue: Catalogue) -> Plan:
        """Return what is to be done.

        Raises :class:`~reportkit.errors.CallError` naming file, key and nearest valid name.
        """
        self._check_names(catalogue)
        steps = tuple(self._step(catalogue, town, year) for town, year in self._matrix(catalogue))
        if not steps:
            raise UnknownYear(
                _(
                    "{source}: no town has anything to report for the years asked for; a year has where the registers of "
                    "coverage, narratives or figures name it",
                    source=self.request.source,
                )
            )
        before = self.before.entries.values()
        return Plan(
            self.request,
            self.notebook,
            self.build,
            steps,
            catalogue.problems,
            before,
            catalogue.towns,
            catalogue.kept,
        )

    def _step(self, catalogue: Catalogue, town: str, year: int) -> Step:
        parameters = parse_params(
            {
                "town": town,
                "year": year,
                "source": catalogue.uri,
                "audience": self.request.audience,
            }
        )
        inputs = {
            "parameters": self._parameters(town, year),
            "data": self._data(catalogue, town, year),
            "build": build_id(self.build),
        }
        why = self._why(inputs, (town, year))
        plain = set(self.takes.types) == set(RUN_PARAMETERS)
        return Step(
            town=catalogue.towns.get(town)
            or Town(id=town, name=self.request.notebook.stem, kind="town"),
            parameters=parameters,
            given=None if plain else self.takes.given(parameters.model_dump(), self.extra),
            inputs=inputs,
            why=why,
            decisions=self.decisions(town, year),
        )

    @cached_property
    def alone(self) -> str | None:
        """The id under which a notebook that takes no town stands; ``None`` for one that takes it."""
        if self.takes.of_run("town"):
            return None
        name = re.sub(r"[^a-z0-9-]+", "-", self.request.notebook.stem.lower()).strip("-")
        try:
            return check_id(name)
        except ValueError as fault:
            raise ParameterError(
                _(
                    "{notebook}: takes no town, so its files are named after it: {fault}",
                    notebook=self.request.notebook,
                    fault=fault,
                )
            ) from None

    def _data(self, catalogue: Catalogue, town: str, year: int) -> str:
        """Return the digest of the data that a report is made from: all towns' for a notebook that takes no town."""
        if self.alone is None:
            return catalogue.digests[town][year]
        return digest({t: dict(catalogue.digests.get(t, {})) for t in sorted(catalogue.towns)})

    def _check_names(self, catalogue: Catalogue) -> None:
        """Refuse a town that the source does not have, with the place where it was named."""
        request, towns = self.request, catalogue.towns
        for town in request.towns:
            if town not in towns:
                hint = nearest(town, towns)
                raise UnknownTown(
                    _(
                        "--town {town}: {source} has no such town{hint}",
                        town=town,
                        source=request.source,
                        hint=hint,
                    )
                )
        batch, file = request.project.batch, request.project.file
        if batch is None or not request.own_source:
            return
        bodies = {*towns, *request.project.counties, *request.project.provinces}
        for key, named, known in (
            ("only", batch.only or (), {*towns}),
            ("published_on", batch.published_on, bodies),
            ("portal", batch.portal, bodies),
        ):
            for body in named:
                if body not in known:
                    raise ParameterError(
                        _(
                            "{file}: {key}: {source} has no town {body!r}{near}",
                            file=file,
                            key=key,
                            source=request.source,
                            body=body,
                            near=nearest(body, known),
                        )
                    )

    def _matrix(self, catalogue: Catalogue) -> Iterator[tuple[str, int]]:
        """Yield every town and year that is asked for and has something to report, by year."""
        request = self.request
        batch = request.project.batch if request.own_source else None
        towns = sorted(catalogue.towns) if self.only is None else self.only
        years = {town: catalogue.years(town) for town in towns}
        known = sorted({year for some in years.values() for year in some})
        for year in request.years:
            if year not in known:
                whose = _(
                    "{towns} in {source}", towns=", ".join(request.towns), source=request.source
                )
                span = (
                    _("; known: {first} to {last}", first=known[0], last=known[-1]) if known else ""
                )
                raise UnknownYear(
                    _(
                        "--year {year}: {whose} has nothing to report for it{span}",
                        year=year,
                        whose=whose if request.towns else request.source,
                        span=span,
                    )
                )
        wanted = set(request.years or (batch.years if batch else known))
        found = {town: sorted(wanted & set(some)) for town, some in years.items()}
        if not self.takes.of_run("year"):  # it looks at the years by itself: once, under the last
            found = {town: some[-1:] for town, some in found.items()}
        if self.alone is not None:
            every = sorted({year for some in found.values() for year in some})
            found = {self.alone: every if self.takes.of_run("year") else every[-1:]}
        for year in sorted({year for some in found.values() for year in some}):
            for town, some in found.items():
                if year in some:
                    yield town, year

    def _parameters(self, town: str, year: int) -> str:
        """Return the digest of all that is asked for one report, besides the data of its source.

        The source's place is left out: the same data elsewhere make the same report.
        """
        project = self.request.project
        previous = project.previous(town, year)
        return digest(
            {
                "town": town,
                "year": year,
                "audience": self.request.audience,
                "edition": project.editions.get(town),
                "published_on": project.published_on(town, year),
                "previous": None if previous is None else digest(previous.to_dict()),
                "decisions": self.decisions(town, year),
                "draft": self.request.draft,
                "formats": self.request.formats,
                "portal": project.portal(town, year).model_dump()
                if "portal" in self.request.formats
                else None,
                "over": today().year > year,
                "deadlines": dict(project.deadlines),
                **({"given": self.extra} if self.extra else {}),
            }
        )

    def _why(self, inputs: Mapping[str, str], key: tuple[str, int]) -> str:
        """Say why a report is to be made; an empty text where it is up to date."""
        old = self.before.entries.get(key)
        found = why(self.before, self.build, inputs, old, force=self.request.force)
        return found or ("" if key in self.known else "output missing or changed")


def _of_towns(before: Manifest, towns: tuple[str, ...] | None) -> Iterator[Entry]:
    """Yield the entries of some towns, ``None``: of all."""
    entries = before.entries if isinstance(before.entries, Entries) else Entries(before.entries)
    return entries.of_towns(towns)


def why(
    before: Manifest,
    build: Mapping[str, str],
    inputs: Mapping[str, str],
    old: Entry | None,
    *,
    force: bool,
) -> str:
    """Say why a report is to be made, by its inputs; an empty text where they are those of last time."""
    if old is None or force:
        return "forced" if old else "new"
    if old.status != "ok":
        return f"{old.attempt or old.status} last time"
    changed = [name for name in ("data", "parameters") if old.inputs.get(name) != inputs[name]]
    if old.inputs.get("build") != inputs["build"]:
        past = before.builds.get(old.inputs.get("build", ""), {})
        changed += [name for name in build if past.get(name) != build[name]]
    return f"{', '.join(changed)} changed" if changed else ""


def _load_decisions(folder: Path, year: int) -> list[Mapping[str, Any]]:
    """Return a year's decisions as plain values; none where the project has no reviews."""
    if not (folder / "reviews").is_dir():
        return []
    from pydantic import TypeAdapter  # noqa: PLC0415  # the rules are heavy, and most projects have no reviews

    from reportkit.review.decisions import Decision  # noqa: PLC0415
    from reportkit.review.files import FOLDER, load_reviews  # noqa: PLC0415

    held = load_reviews(folder / FOLDER, year)
    return list(TypeAdapter(list[Decision]).dump_python(list(held), mode="json"))
