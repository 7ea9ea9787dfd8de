"""The project folder: which towns, which years, which source (params/towns.yaml, params/batch.yaml).

Everything here comes from files that people type, so every fault is named with its file, its key and the
nearest valid name, all of them at once. Paths inside a file are relative to that file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final

from reportkit.errors import ParameterError, ReportFileError, SourceError
from reportkit.language import _
from reportkit.project.counties import Bodies, Unresolved, resolve_bodies, undeclared_county
from reportkit.project.params import (
    Batch,
    CountyEntry,
    MonthDay,
    PortalEntry,
    ProvinceEntry,
    TownsFile,
)
from reportkit.project.text import load_yaml, parse_as, sibling
from reportkit.registers.sample import SAMPLE
from reportkit.report import Kind, Town, TownReport

MASTER: Final = "annual_report.ipynb"
COUNTY: Final = "county.ipynb"
COMPARE: Final = "compare.ipynb"

BATCH_VARIABLE: Final = "REPORTKIT_BATCH"
"""The environment variable that names the params file for the notebooks of a run."""

_NOT_REPORTS: Final = frozenset(("manifest.json", "datapackage.json"))
"""What of an output folder is JSON and no report."""


@dataclass(frozen=True)
class Project:
    """A project folder as its params files describe it; without any of them, an empty one."""

    folder: Path
    file: Path | None = None
    """The batch file, or the towns file where there is no batch file."""
    batch: Batch | None = None
    bodies: Bodies = field(default_factory=Bodies)
    """Who is named in the towns file."""
    packaged: bool = False
    """Whether these are the sample's params, which the package brings for a folder that has none."""

    @property
    def towns(self) -> Mapping[str, Town]:
        """The towns of the towns file by id, with the name of their county."""
        return self.bodies.towns

    @property
    def counties(self) -> Mapping[str, CountyEntry]:
        """The counties by id: the declared ones, else the one whose name all towns give, called ``county``."""
        if self.bodies.counties:
            return self.bodies.counties
        only = undeclared_county(self.towns)
        return MappingProxyType({} if only is None else {only.id: only})

    @property
    def provinces(self) -> Mapping[str, ProvinceEntry]:
        """The provinces that have an id, by id."""
        return self.bodies.provinces

    @property
    def wholes(self) -> Mapping[str, Town]:
        """The declared counties and the provinces as bodies by id: those that may have prose of their own."""
        named = {
            id_: Town(id=id_, name=county.name, province=county.province, kind="county")
            for id_, county in self.bodies.counties.items()
        }
        named |= {id_: Town(id=id_, name=each.name) for id_, each in self.provinces.items()}
        return MappingProxyType(named)

    def county_of(self, town: str) -> CountyEntry | None:
        """Return a town's county; ``None`` for a town of none."""
        if self.bodies.counties:
            return self.bodies.counties.get(self.bodies.county_of.get(town, ""))
        own = self.towns.get(town)
        return next((c for c in self.counties.values() if own and c.name == own.county), None)

    def resolve(self, source: str) -> str:
        """Return a source's URI with its path absolute.

        A relative path is relative to the folder of the batch file (params/), as ``source`` in that file is; without
        one, to the current folder.
        """
        return resolve_source(source, self.file.parent if self.file else Path.cwd())

    @property
    def editions(self) -> Mapping[str, str]:
        """The editions that the towns file sets, by town."""
        return self.bodies.editions

    @property
    def source(self) -> str:
        """The batch's source, its path absolute; without a batch the sample county."""
        if self.batch is None or self.file is None:
            return SAMPLE
        return resolve_source(self.batch.source, self.file.parent)

    @property
    def notebook(self) -> Path:
        """The master notebook: the project's own, else the copy that comes with the package."""
        return self.notebook_named(MASTER)

    @property
    def county_notebook(self) -> Path:
        """The notebook of counties and provinces, likewise."""
        return self.notebook_named(COUNTY)

    @property
    def compare_notebook(self) -> Path:
        """The notebook of the comparison, likewise."""
        return self.notebook_named(COMPARE)

    def notebook_named(self, name: str) -> Path:
        """Return the project's own notebook of a name, else the copy that comes with the package."""
        own = self.folder / "notebooks" / name
        return own if own.is_file() else packaged_notebook(name)

    def published_on(self, body: str, year: int) -> date | None:
        """Return the day on which a body's report of a year was published.

        A day that is given without a year is about the report of the year before it.
        """
        given = self.batch.published_on.get(body) if self.batch else None
        if isinstance(given, Mapping):
            return given.get(year)
        return given if given is not None and given.year == year + 1 else None

    def portal(self, body: str, year: int) -> PortalEntry:
        """Return what a portal shows beside a report; blank where nothing is given."""
        given = self.batch.portal.get(body, {}) if self.batch else {}
        return given.get(year) or PortalEntry()

    @property
    def denominator(self) -> Path | None:
        """The table of population or budget, its path absolute."""
        if self.batch is None or self.file is None or self.batch.denominator is None:
            return None
        return Path(os.path.normpath(self.file.parent.absolute() / self.batch.denominator))

    @property
    def deadlines(self) -> Mapping[Kind, MonthDay]:
        """The days by which kinds of body publish last year's report, where the batch says them."""
        return self.batch.deadlines if self.batch else {}

    def previous(self, town: str, year: int) -> TownReport | None:
        """Return last year's report as ``previous`` gives it, if it does."""
        return self._previous.get((town, year - 1))

    @cached_property
    def _previous(self) -> Mapping[tuple[str, int], TownReport]:
        if self.batch is None or self.file is None or self.batch.previous is None:
            return {}
        path = self.file.parent / self.batch.previous
        if not path.exists():
            raise ParameterError(
                _("{file}: previous: there is no {path}", file=self.file, path=path)
            )
        paths = (
            sorted(p for p in path.glob("**/*.json") if p.name not in _NOT_REPORTS)
            if path.is_dir()
            else [path]
        )
        reports = {}
        for one in paths:
            try:
                report = TownReport.from_json(one.read_bytes())
            except (ReportFileError, OSError) as fault:
                raise ParameterError(f"{self.file}: previous: {one}: {fault}") from None
            if report.town.id is not None and report.year is not None:
                reports[report.town.id, report.year] = report
        return reports


def find_project(
    start: Path | None = None, batch: Path | None = None, *, sample: bool = False
) -> Project:
    """Return the project that a call is about.

    ``batch`` names its batch file (or towns file); without it the variable :data:`BATCH_VARIABLE` does
    (set and empty: no project); without that the nearest params/batch.yaml or params/towns.yaml counts, from
    ``start`` (the current folder) upwards. Where there is none, the project is empty, or with ``sample`` the
    sample's: its towns and counties, the output in this folder. Raises :class:`ParameterError` naming every fault of the files.
    """
    here = (start or Path.cwd()).resolve()
    named = os.environ.get(BATCH_VARIABLE)
    if batch is None and named:
        batch = Path(named)
    if batch is not None:
        return _load(here / batch)
    if named is None:
        for folder in (here, *here.parents):
            for name in ("batch.yaml", "towns.yaml"):
                if (folder / "params" / name).is_file():
                    return _load(folder / "params" / name)
    if sample:
        return replace(_load(_packaged("params", "batch.yaml")), folder=here, packaged=True)
    return Project(here)


def _load(path: Path) -> Project:
    """Load a batch file with its towns, or a towns file alone."""
    body = load_yaml(path)
    folder = path.parent.parent if path.parent.name == "params" else path.parent
    if isinstance(body, dict) and isinstance(body.get("towns"), list):
        return Project(folder, path, None, _bodies(path, body))
    batch = parse_as(Batch, path, body)
    if batch.towns is not None:
        towns = path.parent / batch.towns
        if not _is_file(towns):
            raise ParameterError(
                _(
                    "{path}: towns: there is no file {towns}{near}",
                    path=path,
                    towns=towns,
                    near=sibling(towns),
                )
            )
    else:
        towns = path.parent / "towns.yaml"
    bodies = _bodies(towns, load_yaml(towns)) if towns.is_file() else Bodies()
    project = Project(folder, path, batch, bodies)
    table = project.denominator
    if table is not None and not _is_file(table):
        raise ParameterError(
            _(
                "{path}: denominator: there is no file {table}{near}",
                path=path,
                table=table,
                near=sibling(table),
            )
        )
    return project


def _is_file(path: Path) -> bool:
    """Say whether there is such a file; a name that no file can have is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _bodies(path: Path, body: object) -> Bodies:
    try:
        return resolve_bodies(parse_as(TownsFile, path, body))
    except Unresolved as fault:
        raise ParameterError(f"{path}: {fault}") from None


def resolve_source(uri: str, base: Path) -> str:
    """Return a source's URI with its path absolute, relative paths being relative to ``base``.

    Raises :class:`~reportkit.errors.SourceError` for a store's file that is named without its scheme.

    >>> resolve_source("sample:", Path("/p")), resolve_source("duckdb:////d/x.duckdb", Path("/p"))
    ('sample:', 'duckdb:////d/x.duckdb')
    """
    scheme, colon, rest = uri.partition(":")
    if not colon or len(scheme) < 2 or not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme):
        if uri.lower().endswith(".duckdb"):
            raise SourceError(
                _("{uri!r}: a store is named by its URI; write duckdb:///{uri}", uri=uri)
            )
        return str(Path(os.path.normpath(base.absolute() / Path(uri).expanduser())))
    if scheme == "published":
        return f"published:{os.path.normpath(base.absolute() / rest)}"
    if scheme == "duckdb" and rest.startswith("///"):
        return f"duckdb:///{os.path.normpath(base.absolute() / rest[3:])}"
    return uri


def packaged_notebook(name: str = MASTER) -> Path:
    """Return a notebook that the wheel carries, by default the master; in a checkout, the repository's own."""
    return _packaged("notebooks", name)


def _packaged(folder: str, name: str) -> Path:
    package = Path(str(files("reportkit")))
    places = (package / folder, package.parents[1] / folder)
    for place in places:
        if (place / name).is_file():
            return place / name
    raise ParameterError(_("a file of this package is missing: {place}", place=places[0] / name))
