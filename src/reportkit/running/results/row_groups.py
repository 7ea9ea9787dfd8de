"""Row groups: the reports of an output folder by year and town, cut into stretches that stay where they were.

A stretch ends after a report whose own key says so, never after a count: a town that comes or goes changes the stretch
that it stands in, and no other. So the rows of all others can be taken from the files of last time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from pydantic import TypeAdapter, ValidationError

MEAN: Final = 128
"""So many reports make a group on average."""
MOST: Final = 256
"""No group has more reports: the rows of a group are held at once."""


class ReportFile(NamedTuple):
    """A report's JSON in an output folder."""

    year: int
    town: str
    name: str
    digest: str


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Reports whose rows stand together."""

    reports: tuple[ReportFile, ...]

    def key(self, build: str) -> str:
        """Return the digest of all that the group's rows are made from."""
        told = "".join(f"{report.name} {report.digest}\n" for report in self.reports)
        return hashlib.sha256(f"{build}\n{told}".encode()).hexdigest()


def row_groups(reports: Iterable[ReportFile]) -> Iterator[RowGroup]:
    """Yield the groups of some reports, which are given by year and town."""
    held: list[ReportFile] = []
    for report in reports:
        held.append(report)
        if len(held) == MOST or _ends(report):
            yield RowGroup(tuple(held))
            held = []
    if held:
        yield RowGroup(tuple(held))


def _ends(report: ReportFile) -> bool:
    drawn = hashlib.sha256(f"{report.year} {report.town}".encode()).digest()
    return int.from_bytes(drawn[:4], "big") % MEAN == 0


@dataclass(frozen=True, slots=True)
class Written:
    """What a run wrote: its files, and where each group's rows of each table stand in them."""

    key: str
    """The digest of all that the files were made from; empty where a report could not be read."""
    files: Mapping[str, str]
    """SHA-256 by name."""
    heads: Mapping[str, int]
    """By table: how many bytes of the CSV stand before the first group."""
    groups: tuple[tuple[str, Mapping[str, tuple[int, int]]], ...]
    """By key, in the files' order: each table's rows, and how many bytes of the CSV they take."""

    def to_json(self) -> bytes:
        """Return it as one JSON document."""
        return _WRITTEN.dump_json(self)

    @classmethod
    def from_json(cls, content: bytes) -> Written:
        """Parse it; what is damaged is nothing written."""
        try:
            return _WRITTEN.validate_json(content)
        except ValidationError:
            return NOTHING


_WRITTEN = TypeAdapter(Written)
NOTHING: Final = Written("", {}, {}, ())
