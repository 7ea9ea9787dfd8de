"""What a run was asked for, resolved against the project: nothing in it is relative any more."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportkit.errors import ParameterError
from reportkit.export.formats import ALWAYS, parse_formats
from reportkit.language import _
from reportkit.project import Audience, Batch, Level, Project, find_project, resolve_source
from reportkit.report import Town, TownReport
from reportkit.running.job import EngineName
from reportkit.running.output_folder import OutputFolder


@dataclass(frozen=True, kw_only=True)
class Request:
    """One call of ``reportkit run``."""

    project: Project
    source: str
    """The source's URI, its path absolute."""
    notebook: Path
    output: OutputFolder
    internal: OutputFolder
    audience: Audience = "public"
    towns: tuple[str, ...] = ()
    """The towns asked for by name; empty: the batch's, or every one."""
    years: tuple[int, ...] = ()
    """The years asked for by name; empty: the batch's, or every one."""
    levels: tuple[Level, ...] = ("town",)
    """Whose reports to make."""
    against: TownReport | None = None
    """A county's own published report, to be laid against the sum of its bodies."""
    draft: bool = False
    formats: tuple[str, ...] = ALWAYS
    """The formats to make, by name."""
    engine: EngineName = "warm"
    workers: int = 1
    force: bool = False
    timeout: float | None = None
    retries: int = 0
    fail_fast: bool = False
    given: tuple[str, ...] = ()
    """Parameters of a notebook of one's own, each as ``name=value``."""
    cluster: str | None = None
    """The address of a Dask scheduler; ``None``: this machine."""

    @property
    def choices(self) -> Batch | None:
        """The batch file where the source is its own, so that its choice of years and towns holds."""
        return self.project.batch if self.source == self.project.source else None

    @property
    def only(self) -> tuple[str, ...] | None:
        """The towns that are asked for, sorted; ``None``: every one."""
        chosen = self.towns or (self.choices.only if self.choices else None)
        return None if chosen is None else tuple(sorted(set(chosen)))

    @property
    def wanted_years(self) -> tuple[int, ...] | None:
        """The years that are asked for; ``None``: every one."""
        return self.years or (self.choices.years if self.choices else None)

    @property
    def upper_levels(self) -> tuple[Level, ...]:
        """The levels above the towns' whose reports are made."""
        return tuple(level for level in self.levels if level != "town")

    @property
    def of_office(self) -> bool:
        """Say whether a run shows what an office keeps of its bodies: where it makes more than the towns' reports."""
        return bool(self.upper_levels)

    @property
    def wholes(self) -> Mapping[str, Town]:
        """The counties and provinces whose prose a run shows, by id."""
        return self.project.wholes if self.of_office else {}

    def portal(self, body: str, year: int) -> Mapping[str, Any] | None:
        """Return what a portal shows beside a report; ``None`` where none is made for a portal."""
        if "portal" not in self.formats:
            return None
        return self.project.portal(body, year).model_dump()

    @property
    def state(self) -> Path:
        """The local folder of what a run notes for the next one. It may be deleted at any time.

        It stands beside the internal folder, which is there only where something internal is in it.
        """
        if self.internal.path is not None:
            return self.internal.path.with_name(f".{self.internal.path.name}.state")
        import typer  # noqa: PLC0415  # needed for remote outputs alone

        return Path(typer.get_app_dir("reportkit")) / self.output.key


def resolve(
    *,
    batch: Path | None = None,
    source: str | None = None,
    output: str | None = None,
    audience: Audience | None = None,
    notebook: Path | None = None,
    towns: tuple[str, ...] = (),
    years: tuple[int, ...] = (),
    levels: tuple[Level, ...] = (),
    draft: bool = False,
    formats: Iterable[str] | None = None,
    **options: Any,
) -> Request:
    """Return the request of a call; what is ``None`` comes from the batch file, else the default.

    ``options`` are those fields of :class:`Request` that are as they are given.

    Raises :class:`~reportkit.errors.ParameterError` for a params file or output that cannot be.
    """
    project = find_project(batch=batch, sample=source is None)
    chosen: Audience = audience or (project.batch.audience if project.batch else "public")
    if output is None:
        base = project.folder / ("output" if chosen == "public" else "output-internal")
        place = OutputFolder.at(base)
    else:
        place = OutputFolder.at(output)
    internal = place if chosen == "internal" else place.sibling("-internal")
    for folder in (place.path, internal.path):
        if folder is not None and folder.exists() and not folder.is_dir():
            raise ParameterError(_("--output {folder}: is a file, not a folder", folder=folder))
    return Request(
        project=project,
        source=project.source if source is None else resolve_source(source, Path.cwd()),
        notebook=Path(os.path.abspath(notebook)) if notebook else project.notebook,  # noqa: PTH100  # as typed
        output=place,
        internal=internal,
        audience=chosen,
        towns=towns,
        years=years,
        levels=levels or (project.batch.levels if project.batch else ("town",)),
        draft=draft,
        formats=_of_batch(project) if formats is None else parse_formats(formats),
        **options,
    )


def _of_batch(project: Project) -> tuple[str, ...]:
    """Return the batch file's formats; which there are is known here, so that this is where one is refused."""
    try:
        return parse_formats(project.batch.formats if project.batch else ())
    except ParameterError as fault:
        raise ParameterError(f"{project.file}: formats: {fault}") from None
