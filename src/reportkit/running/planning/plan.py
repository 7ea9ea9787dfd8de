"""The plan of a run: every report of the matrix, what is to be done about it, and why.

Parameters and data are checked for the whole matrix first. Nothing starts when the plan is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final, Literal

from reportkit.errors import UnknownYear
from reportkit.language import _
from reportkit.manifest import Entry
from reportkit.project import Level
from reportkit.report import Town
from reportkit.running.build import build_id
from reportkit.running.execution.parameters import (
    CompareParams,
    CountyParams,
    RunParams,
    parse_params,
)
from reportkit.running.planning.asked import Asked
from reportkit.running.planning.last_run import LastRun
from reportkit.running.planning.matrix import reports_of
from reportkit.running.planning.survey import Inventory
from reportkit.running.request import Request
from reportkit.sources.kept import Kept

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
    """What one stage of a run will do: see :mod:`.stages`."""

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

    @cached_property
    def build_id(self) -> str:
        """The name under which the manifest has the build."""
        return build_id(self.build)


def make_plan(asked: Asked, last: LastRun, inventory: Inventory) -> Plan:
    """Return what is to be done about the towns' reports.

    Raises :class:`~reportkit.errors.CallError` naming file, key and nearest valid name.
    """
    request = asked.request
    reports = reports_of(asked, inventory)
    if not reports:
        raise UnknownYear(
            _(
                "{source}: no town has anything to report for the years asked for; a year has where the registers of "
                "coverage, narratives or figures name it",
                source=request.source,
            )
        )
    return Plan(
        request=request,
        notebook=asked.notebook.content,
        build=asked.notebook.build,
        steps=tuple(_step(asked, last, inventory, town, year) for town, year in reports),
        problems=inventory.problems,
        before=last.manifest.entries.values(),
        towns=inventory.towns,
        kept=inventory.kept,
    )


def _step(asked: Asked, last: LastRun, inventory: Inventory, town: str, year: int) -> Step:
    request = asked.request
    parameters = parse_params(
        {"town": town, "year": year, "source": inventory.uri, "audience": request.audience}
    )
    inputs = asked.inputs(inventory, town, year)
    return Step(
        town=inventory.towns.get(town) or Town(id=town, name=request.notebook.stem, kind="town"),
        parameters=parameters,
        given=asked.notebook.given(parameters),
        inputs=inputs,
        why=last.why(asked, inputs, (town, year)),
        decisions=asked.decided.of(town, year),
    )
