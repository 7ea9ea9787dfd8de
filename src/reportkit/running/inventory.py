"""What a source holds, as the plan needs it: its towns, their years, and the digest of every year.

Taking it means reading the whole source, so a process of its own does that and ends, and the result is kept
beside the manifest: as long as no byte of the source changes, the next run reads none of it.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter, ValidationError

from reportkit.errors import CallError
from reportkit.files import write_whole
from reportkit.report import Town
from reportkit.sources.kept import Kept

if TYPE_CHECKING:
    from reportkit.sources.dossier import Source

_FILE: Final = "catalogue.json"

_TELL_SECONDS: Final = 10.0
"""How often whoever waits is told that the reading goes on."""


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """What a source holds."""

    key: str
    """The digest of all that it was taken from: the source's bytes, the towns of params, this package."""
    uri: str
    towns: Mapping[str, Town]
    digests: Mapping[str, Mapping[int, str]]
    """By town and year, for every year that the town has something to report for."""
    problems: tuple[str, ...] = ()
    """What was passed over in reading."""
    kept: Mapping[str, Kept] = field(default_factory=dict)
    """What the office keeps of towns, counties and provinces, by id: of towns no prose, which is their reports'."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """By town, where the source can tell what changed without being read: see :mod:`reportkit.registers.store.marks`."""
    made_with: str = ""
    """The digest of all but the source's bytes: with another one the marks tell nothing."""

    def years(self, town: str) -> tuple[int, ...]:
        """Return the years that a town has something to report for, ascending."""
        return tuple(sorted(self.digests.get(town, ())))


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What the process that takes a catalogue is asked."""

    key: str
    uri: str
    towns: Mapping[str, Town]
    editions: Mapping[str, str]
    only: tuple[str, ...] | None
    """The towns that are asked for; ``None``: every one."""
    slices: str | None
    """The folder for the slices of towns that have a year to make; ``None``: nothing is going to be made."""
    known: Mapping[tuple[str, int], str]
    """The digests of reports that need not be made again while they stay the same."""
    wholes: Mapping[str, Town] = field(default_factory=dict)
    """The declared counties and provinces, whose prose is asked for."""
    office: bool = False
    """Whether what the office keeps of the towns is asked for: that is for levels above theirs."""
    before: Catalogue | None = None
    """What the last run found in it, made with the same."""
    made_with: str = ""
    years: tuple[int, ...] | None = None
    """The years that are asked for; ``None``: every one."""

    def is_due(self, town: str, digests: Mapping[int, str]) -> bool:
        """Say whether a report of a town is to be made, from the digests of its years."""
        return any(
            self.known.get((town, year)) != digest
            for year, digest in digests.items()
            if self.years is None or year in self.years
        )


_CATALOGUE: Final[TypeAdapter[Catalogue]] = TypeAdapter(Catalogue)


def take(survey: Survey, alive: Callable[[], object] = lambda: None) -> Catalogue | CallError:
    """Read a source and return its catalogue, or the error that it cannot be read with. Imports what reads.

    ``alive`` is called now and then, so that whoever waits sees that it goes on.
    """
    from reportkit.sources.source import sweep  # noqa: PLC0415  # heavy; the parent has no need of it

    towns: dict[str, Town] = {}
    digests: dict[str, dict[int, str]] = {}
    problems: list[str] = []
    kept: dict[str, Kept] = {}
    uri = survey.uri
    told = time.monotonic()
    marks: dict[str, str] = {}

    try:
        pieces = sweep(
            survey.uri,
            survey.towns,
            survey.editions,
            survey.only,
            survey.wholes,
            stands=lambda town, mark: _stands(survey, town, mark, digests, kept),
        )
        for source, every in pieces:
            uri = source.uri
            towns.update(every)
            problems += source.problems
            marks.update(source.marks)
            for town in source.towns:
                if survey.only is None or town in survey.only:
                    digests[town] = _take_town(survey, source, town)
                    if survey.office:
                        kept[town] = replace(source.kept(town), texts={})
                    if time.monotonic() - told >= _TELL_SECONDS:
                        told = time.monotonic()
                        alive()
            for whole in survey.wholes:
                if (own := source.kept(whole)).texts:
                    kept[whole] = own
            del source  # its rows, before the next part's are read
    except CallError as fault:
        return fault
    return Catalogue(
        key=survey.key,
        uri=uri,
        towns=towns,
        digests=digests,
        problems=tuple(problems),
        kept=kept,
        marks=marks,
        made_with=survey.made_with,
    )


def _stands(
    survey: Survey,
    town: str,
    mark: str,
    digests: dict[str, dict[int, str]],
    kept: dict[str, Kept],
) -> bool:
    """Take over what the last run found of a town, where it has not changed since and no year of it is to be made."""
    before = survey.before
    if before is None or before.marks.get(town) != mark or town not in before.digests:
        return False
    held = dict(before.digests[town])
    if survey.slices is not None and survey.is_due(town, held):
        return False  # its rows are needed
    digests[town] = held
    if survey.office:
        kept[town] = before.kept.get(town, Kept())
    return True


def _take_town(survey: Survey, source: Source, town: str) -> dict[int, str]:
    """Return a town's digests by year, and write its slice where a year is to be made."""
    digests = {year: source.digest(town, year) for year in source.years(town)}
    if survey.slices is not None and survey.is_due(town, digests):
        content = source.pack(town)
        if content is not None:
            (Path(survey.slices) / town).write_bytes(content)
    return digests


def load(state: Path, key: str, made_with: str) -> Catalogue | None:
    """Return the catalogue that an earlier run kept, if it was taken from the very same.

    One of the same source as it was before is returned too where it has marks: its ``key`` is another one then.
    """
    with contextlib.suppress(OSError, KeyError, TypeError, ValueError, ValidationError):
        body: Any = json.loads((state / _FILE).read_bytes())
        if body["key"] == key or (body["made_with"] == made_with and body["marks"]):
            return _CATALOGUE.validate_python(body)
    return None


def save(state: Path, catalogue: Catalogue) -> None:
    """Keep a catalogue for the next run."""
    write_whole(state / _FILE, _CATALOGUE.dump_json(catalogue))
