"""The registers behind ``reportkit due`` and ``reportkit fee``: opened, and answered from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reportkit.errors import SourceError, UnknownTown
from reportkit.language import _
from reportkit.project import find_project, resolve_source
from reportkit.registers.derivation.fee_explained import FeeExplanation
from reportkit.registers.derivation.fees import explain_fee
from reportkit.registers.derivation.timeliness import Due, falls_due
from reportkit.sources.registers import RegisterSource
from reportkit.sources.source import open_source


@dataclass(frozen=True)
class Agenda:
    """What falls due in some towns."""

    due: tuple[Due, ...]
    """Town by town, in each the gravest first."""
    unknown: tuple[str, ...]
    """Towns whose register of applications does not cover the year: there may be more than it holds."""


def open_registers(batch: Path | None = None, source: str | None = None) -> RegisterSource:
    """Open the project's source, or another, whose registers hold single cases.

    Raises :class:`~reportkit.errors.SourceError` for one that has figures alone.
    """
    project = find_project(batch=batch)
    uri = project.source if source is None else resolve_source(source, Path.cwd())
    opened = open_source(uri, project.towns, project.editions)
    if not isinstance(opened, RegisterSource):
        raise SourceError(
            _("{uri!r} holds reports, not registers: it has no single applications", uri=uri)
        )
    return opened


def agenda(source: RegisterSource, towns: Iterable[str], today: date, within_days: int) -> Agenda:
    """Return the open applications of some towns that fall due within so many working days."""
    due: list[Due] = []
    unknown = []
    for town in towns:
        data = source.data(town)
        due.extend(falls_due(data.frame("applications"), today, within_days))
        if not data.covers("applications", today.year):
            unknown.append(town)
    return Agenda(tuple(due), tuple(unknown))


def fee_of(
    source: RegisterSource, application_no: str, town: str | None
) -> tuple[FeeExplanation, bool]:
    """Return the fee of one application, and whether the town's register covers its year.

    Where it does not, the applications of the month may not all be there. Raises
    :class:`~reportkit.errors.CallError` where town or application are not there, or where there are
    several towns and none is named.
    """
    if town is None:
        if len(source.towns) != 1:
            raise UnknownTown(
                _(
                    "{uri!r} has {count} towns: name one by --town",
                    uri=source.uri,
                    count=len(source.towns),
                )
            )
        town = next(iter(source.towns))
    data = source.data(town)
    fee = explain_fee(data.frame("applications"), application_no)
    covered = fee.received_on is None or data.covers("applications", fee.received_on.year)
    return fee, covered
