"""A folder of published reports as a source: the towns are those that the pages name.

A town's id is that of the town of params/towns.yaml that has its name, else one made of the name, the same on every
machine. Registers are not seen here, so there is no monthly count and no time limit.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from reportkit.errors import SourceError, UnknownYear
from reportkit.finding import Finding, Place
from reportkit.language import _
from reportkit.masking import mask
from reportkit.report import Town, TownReport
from reportkit.sources.dossier import HISTORY, Dossier, require_town
from reportkit.sources.kept import Kept

if TYPE_CHECKING:
    from reportkit.published import PublishedReport

_MAGIC: Final = b"reportkit.sources.archive/1\n"

SECONDS: Final = 60.0
"""How long one file may take."""

_OFFICES: Final = ("人民政府", "办事处")


class Archive:
    """The reports of some towns as they published them."""

    def __init__(
        self,
        uri: str,
        reports: Mapping[tuple[str, int], TownReport],
        problems: tuple[str, ...] = (),
        listed: Mapping[str, Town] | None = None,
    ) -> None:
        """Hold reports by town and year; ``listed`` are bodies that there are, whether they published or not."""
        self.uri = uri
        self.problems = problems
        self.marks: Mapping[str, str] = {}
        self.placed: frozenset[str] = frozenset()
        self._reports = reports
        latest = {town: reports[town, year].town for town, year in sorted(reports)}
        self.towns: Mapping[str, Town] = {**(listed or {}), **latest}

    def years(self, town: str) -> tuple[int, ...]:
        """Return the years that a town's published reports are about, ascending: none for one that published none."""
        require_town(self, town)
        return tuple(sorted(year for id_, year in self._reports if id_ == town))

    def load(
        self,
        town: str,
        year: int,
        previous: TownReport | None = None,
        published_on: date | None = None,
    ) -> Dossier:
        """Return all for one report; see :class:`~reportkit.sources.dossier.Source`."""
        years = self.years(town)
        if year not in years:
            raise UnknownYear(
                _(
                    "{town}: no published report of {year}; it has {years}",
                    town=town,
                    year=year,
                    years=", ".join(map(str, years)) or "—",
                )
            )
        report = self._reports[town, year]
        if published_on is not None:
            report = report.with_(published_on=published_on)
        past = [self._reports[town, y] for y in years if year - HISTORY < y < year]
        if past and past[-1].year == year - 1:
            previous = past[-1]
        elif previous is not None:
            past.append(previous)
        return Dossier(report, previous, (*past, report), None, None, 0)

    def digest(self, town: str, year: int) -> str:
        """Return the SHA-256 of the town's reports up to that year."""
        seen = hashlib.sha256()
        for past in self.years(town):
            if past <= year:
                seen.update(self._reports[town, past].to_json().encode())
        return seen.hexdigest()

    def kept(self, body: str) -> Kept:  # noqa: ARG002 - a published report tells nothing of it
        """Return nothing: it stands in registers alone."""
        return Kept()

    def pack(self, town: str) -> bytes:
        """Return one town's reports apart, for the notebook that shows one of them."""
        body = [self._reports[town, year].to_dict() for year in self.years(town)]
        content = json.dumps({"uri": self.uri, "reports": body}, ensure_ascii=False)
        return _MAGIC + content.encode()

    @staticmethod
    def is_slice(content: bytes) -> bool:
        """Say whether a slice is one of an archive."""
        return content.startswith(_MAGIC)

    @classmethod
    def from_slice(cls, content: bytes) -> Archive | None:
        """Return what :meth:`pack` packed, or ``None`` where the content is something else."""
        if not cls.is_slice(content):
            return None
        body = json.loads(content[len(_MAGIC) :])
        reports = [TownReport.from_dict(report) for report in body["reports"]]
        return cls(body["uri"], {(str(r.town.id), int(r.year or 0)): r for r in reports})


def open_archive(uri: str, folder: Path, towns: Mapping[str, Town]) -> Archive:
    """Read every published report in a folder and the folders in it, each file in a child with bounded time and memory.

    A file that cannot be read, a report that does not tell its town or its year, and a second report of one town and year
    are problems. Raises :class:`~reportkit.errors.SourceError` where no report is left.
    """
    # Readers of PDF and Word are slow to import, and only this function needs them.
    from reportkit.published.pool import published_files, read_files, workers_for  # noqa: PLC0415

    files = published_files([folder])
    found: dict[tuple[str, int], list[PublishedReport]] = defaultdict(list)
    problems: list[str] = []
    for read in read_files(files, workers_for(files, os.cpu_count() or 1), seconds=SECONDS):
        if read.error is not None:
            problems.append(str(read.error))
        for one in read.reports:
            if not one.report.town.name or one.report.year is None:
                problems.append(_("{file}: tells no town or no year, passed over", file=one.file))
            else:
                town = known_town(one.report.town, towns)
                found[str(town.id), one.report.year].append(one)
    reports = {}
    for key, several in sorted(found.items()):
        first, *others = several
        problems.extend(
            _(
                "{file}: {town} {year} stands in {other} too, passed over",
                file=other.file,
                town=other.report.town.name,
                year=key[1],
                other=first.file,
            )
            for other in others
        )
        reports[key] = first.report.with_(
            town=known_town(first.report.town, towns),
            findings=tuple(_findings(first)),
            provenance={"from": "published"},
        )
    if not reports:
        raise SourceError(_("{folder}: no published report in it that can be read", folder=folder))
    return Archive(uri, reports, tuple(problems), towns)


def known_town(printed: Town, towns: Mapping[str, Town]) -> Town:
    """Return the town of the params that has a printed name, else the printed one with an id made of it."""
    name = _bare(printed.name)
    same = [
        town
        for town in towns.values()
        if name
        in {
            _bare(f"{before}{town.name}")
            for before in ("", town.county, town.province + town.county)
        }
    ]
    if len(same) == 1:
        return same[0]
    made = hashlib.sha256(name.encode()).hexdigest()[:10]
    return printed.model_copy(update={"id": f"p{made}"})


def _bare(name: str) -> str:
    for office in _OFFICES:
        name = name.removesuffix(office)
    return name


def _findings(one: PublishedReport) -> list[Finding]:
    """Turn what could not be read into findings, for the internal page."""
    return [
        Finding(
            code="READ-UNCERTAIN",
            level="info",
            message=f"{mask(problem.message)}（{problem.place}）",
            cells=tuple(a for a in problem.cells if a in one.report.cells),
            basis="原文",
            place=Place(file=one.file),
        )
        for problem in one.problems
    ]
