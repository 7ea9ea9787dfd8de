"""``reportkit sample``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reportkit.language import _


def sample(
    directory: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder that is new or empty.")
    ],
    *,
    towns: Annotated[int, typer.Option(metavar="N", help="How many towns.")] = 24,
    years: Annotated[str, typer.Option(metavar="A-B", help="A year or a span.")] = "2019-2024",
    seed: Annotated[int, typer.Option(metavar="S", help="The same seed gives the same data.")] = 1,
    hotline_rows: Annotated[
        float, typer.Option(metavar="ROWS", help="Hotline rows a town and year, on average.")
    ] = 150,
    applications: Annotated[
        float, typer.Option(metavar="ROWS", help="Applications a town and year, on average.")
    ] = 16,
) -> None:
    """Write a synthetic county of any size as a project folder: no row in it is bad."""
    from rich.console import Console

    from reportkit.registers.sample.county import (
        SyntheticCounty,
        parse_years,
        require_empty,
        write_county,
    )
    from reportkit.watching import watched

    county = SyntheticCounty(
        towns=towns,
        years=parse_years(years),
        seed=seed,
        hotline_rows=hotline_rows,
        applications=applications,
    )
    require_empty(directory)
    console = Console(stderr=True)
    rows = write_county(
        directory,
        county,
        lambda numbers: watched(numbers, len(numbers), _("Making towns"), console),
    )
    typer.echo(
        _(
            "{towns} towns, {rows} rows in {folder}",
            towns=county.towns,
            rows=sum(rows.values()),
            folder=directory,
        )
    )
    typer.echo("\n" + _("Now: cd {folder} && reportkit run", folder=directory), err=True)
