"""What a source holds, as the plan needs it, its inventory: its towns, their years, and the digest of every year.

Taking it means reading the whole source, so a process of its own does that and ends: see :mod:`.inventory`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportkit.errors import ReportkitError
from reportkit.files import naming
from reportkit.report import Town
from reportkit.running.build import digest
from reportkit.sources.kept import Kept

if TYPE_CHECKING:
    from reportkit.sources.dossier import Source

_TELL_SECONDS: Final = 10.0
"""How often whoever waits is told that the reading goes on."""


@dataclass(frozen=True, kw_only=True)
class Inventory:
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
    placed: frozenset[str] = frozenset()
    """The towns of whose rows a finding tells the place."""
    made_with: str = ""
    """The digest of all but the source's bytes: with another one the marks tell nothing."""

    def years(self, town: str) -> tuple[int, ...]:
        """Return the years that a town has something to report for, ascending."""
        return tuple(sorted(self.digests.get(town, ())))

    @cached_property
    def digest_of_all(self) -> str:
        """The digest of every year of every town."""
        return digest({t: dict(self.digests.get(t, {})) for t in sorted(self.towns)})


@dataclass(frozen=True, kw_only=True)
class Survey:
    """What the process that takes an inventory is asked."""

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
    before: Inventory | None = None
    """What the last run found in it, made with the same."""
    made_with: str = ""
    years: tuple[int, ...] | None = None
    """The years that are asked for; ``None``: every one."""
    indexes: str | None = None
    """The folder in which indexes of the source's files are kept between runs."""

    def is_due(self, town: str, digests: Mapping[int, str]) -> bool:
        """Say whether a report of a town is to be made, from the digests of its years."""
        return any(
            self.known.get((town, year)) != held
            for year, held in digests.items()
            if self.years is None or year in self.years
        )


Untaken = ReportkitError | OSError
"""Why there is no inventory: the source cannot be read, or the disk is full."""


def take(survey: Survey, alive: Callable[[], object] = lambda: None) -> Inventory | Untaken:
    """Read a source and return its inventory, or the error that there is none with. Imports what reads.

    ``alive`` is called now and then, so that whoever waits sees that it goes on.
    """
    taking = _Taking(survey, alive)
    try:
        return taking.take()
    except (ReportkitError, OSError) as fault:
        return fault


class _Taking:
    """An inventory that is being taken."""

    def __init__(self, survey: Survey, alive: Callable[[], object]) -> None:
        self._survey = survey
        self._alive = alive
        self._told = time.monotonic()
        self._digests: dict[str, dict[int, str]] = {}
        self._kept: dict[str, Kept] = {}
        self._placed: set[str] = set()

    def take(self) -> Inventory:
        """Read what has to be read."""
        from reportkit.registers.reading.files.stored import Indexes  # noqa: PLC0415
        from reportkit.sources.source import sweep  # noqa: PLC0415  # heavy; the parent has no need of it

        survey = self._survey
        towns: dict[str, Town] = {}
        problems: list[str] = []
        marks: dict[str, str] = {}
        uri = survey.uri
        indexes = None if survey.indexes is None else Path(survey.indexes)
        pieces = sweep(
            survey.uri,
            survey.towns,
            survey.editions,
            survey.only,
            survey.wholes,
            stands=self._stands,
            indexes=Indexes(indexes, write=survey.slices is not None),
        )
        for source, every in pieces:
            uri = source.uri
            towns.update(every)
            problems += source.problems
            marks.update(source.marks)
            self._read(source)
            del source  # its rows, before the next part's are read
        return Inventory(
            key=survey.key,
            uri=uri,
            towns=towns,
            digests=self._digests,
            problems=tuple(problems),
            kept={**self._of_others(), **self._kept},
            marks=marks,
            placed=frozenset(self._placed),
            made_with=survey.made_with,
        )

    def _of_others(self) -> Mapping[str, Kept]:
        """Return what the last whole inventory kept of the towns that are not asked for: the board shows them too."""
        survey = self._survey
        return survey.before.kept if survey.before is not None and survey.only is not None else {}

    def _read(self, source: Source) -> None:
        """Take over what a piece of the source holds."""
        survey = self._survey
        self._placed |= source.placed
        for town in source.towns:
            if survey.only is None or town in survey.only:
                self._digests[town] = self._take_town(source, town)
                if survey.office:
                    self._kept[town] = replace(source.kept(town), texts={})
                if time.monotonic() - self._told >= _TELL_SECONDS:
                    self._told = time.monotonic()
                    self._alive()
        for whole in survey.wholes:
            if (own := source.kept(whole)).texts:
                self._kept[whole] = own

    def _take_town(self, source: Source, town: str) -> dict[int, str]:
        """Return a town's digests by year, and write its slice where a year is to be made."""
        digests = {year: source.digest(town, year) for year in source.years(town)}
        slices = self._survey.slices
        if slices is not None and self._survey.is_due(town, digests):
            content = source.pack(town)
            if content is not None:
                path = Path(slices) / town
                with naming(path):
                    path.write_bytes(content)
        return digests

    def _stands(self, town: str, mark: str) -> bool:
        """Take over what the last run found of a town, where it has not changed since and no year of it is to be made."""
        before = self._survey.before
        if before is None or town not in before.digests or not _same(before, town, mark):
            return False
        held = dict(before.digests[town])
        if self._survey.slices is not None and self._survey.is_due(town, held):
            return False  # its rows are needed
        self._digests[town] = held
        if town in before.placed:
            self._placed.add(town)
        if self._survey.office:
            self._kept[town] = before.kept.get(town, Kept())
        return True


def _same(before: Inventory, town: str, mark: str) -> bool:
    """Say whether a mark tells that nothing of a town changed; its second word is of places, which not all show."""
    old = before.marks.get(town, "")
    return old == mark or (town not in before.placed and old.split()[:1] == mark.split()[:1])
