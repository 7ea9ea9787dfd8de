"""The matrix of a run: every town and year that is asked for and has something to report."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from reportkit.errors import ParameterError, UnknownTown, UnknownYear, nearest
from reportkit.language import _
from reportkit.running.planning.asked import Asked
from reportkit.running.planning.run_notebook import RunNotebook
from reportkit.running.planning.survey import Inventory
from reportkit.running.request import Request


def reports_of(asked: Asked, inventory: Inventory) -> tuple[tuple[str, int], ...]:
    """Return the town and year of each report that is asked for, by year.

    Raises :class:`~reportkit.errors.CallError` for a town or year that the source does not have, naming where it was
    asked for and the nearest that there is.
    """
    request = asked.request
    _check_towns(request, inventory)
    towns = sorted(inventory.towns) if request.only is None else request.only
    years = {town: inventory.years(town) for town in towns}
    known = sorted({year for some in years.values() for year in some})
    _check_years(request, known)
    wanted = set(request.wanted_years or known)
    both = {town: sorted(wanted & set(some)) for town, some in years.items()}
    found = _as_taken(asked.notebook, both)
    every = sorted({year for some in found.values() for year in some})
    return tuple((town, year) for year in every for town, some in found.items() if year in some)


def _as_taken(
    notebook: RunNotebook, found: Mapping[str, Sequence[int]]
) -> Mapping[str, Sequence[int]]:
    """Return the matrix of a notebook that may take no year, or no town: it looks at them by itself."""
    if not notebook.takes.of_run("year"):  # once, under the last
        found = {town: some[-1:] for town, some in found.items()}
    if notebook.alone is not None:
        every = sorted({year for some in found.values() for year in some})
        found = {notebook.alone: every if notebook.takes.of_run("year") else every[-1:]}
    return found


def _check_towns(request: Request, inventory: Inventory) -> None:
    """Refuse a town that the source does not have, with the place where it was named."""
    towns = inventory.towns
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
    batch = request.choices
    if batch is None:
        return
    bodies = {*towns, *request.project.counties, *request.project.provinces}
    _check_bodies(request, "only", batch.only or (), {*towns})
    _check_bodies(request, "published_on", batch.published_on, bodies)
    _check_bodies(request, "portal", batch.portal, bodies)


def _check_bodies(
    request: Request, key: str, named: Collection[str], known: Collection[str]
) -> None:
    """Refuse a body that a key of the batch file names and nobody knows."""
    for body in named:
        if body not in known:
            raise ParameterError(
                _(
                    "{file}: {key}: {source} has no town {body!r}{near}",
                    file=request.project.file,
                    key=key,
                    source=request.source,
                    body=body,
                    near=nearest(body, known),
                )
            )


def _check_years(request: Request, known: Sequence[int]) -> None:
    """Refuse a year, asked for by name, for which none of the towns asked for has anything to report."""
    for year in request.years:
        if year not in known:
            whose = _("{towns} in {source}", towns=", ".join(request.towns), source=request.source)
            span = _("; known: {first} to {last}", first=known[0], last=known[-1]) if known else ""
            raise UnknownYear(
                _(
                    "--year {year}: {whose} has nothing to report for it{span}",
                    year=year,
                    whose=whose if request.towns else request.source,
                    span=span,
                )
            )
