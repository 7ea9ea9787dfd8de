"""``reportkit run``."""

from __future__ import annotations

import os
import re
from enum import Enum
from pathlib import Path
from typing import Annotated, Literal

import typer

from reportkit.language import _


class LevelName(Enum):
    """Whose reports to make."""

    TOWN = "town"
    COUNTY = "county"
    PROVINCE = "province"


def run(
    *,
    town: Annotated[
        list[str] | None,
        typer.Option("--town", metavar="ID", help="Only this town; repeatable."),
    ] = None,
    year: Annotated[
        list[int] | None,
        typer.Option("--year", metavar="Y", help="Only this year; repeatable."),
    ] = None,
    level: Annotated[
        list[LevelName] | None,
        typer.Option(
            "--level",
            help="Whose reports to make; repeatable. A county's are made from its bodies', which come first.",
        ),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="A county's own published report, laid against the sum of its bodies on the county's page.",
        ),
    ] = None,
    batch: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="The batch file; default: the nearest params/batch.yaml."
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(metavar="URI", help="Where the data are, instead of the batch file's source."),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Default: output, or output-internal."),
    ] = None,
    audience: Annotated[
        Literal["public", "internal"] | None,
        typer.Option(help="Whom the reports are for. The internal ones show findings."),
    ] = None,
    formats: Annotated[
        str | None,
        typer.Option(
            "--format",
            metavar="NAMES",
            help="Formats to make, with commas; html, json and ipynb always are.",
        ),
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Let drafts through, marked 草稿 on every page.")
    ] = False,
    notebook: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="A notebook of your own, with a cell tagged parameters."),
    ] = None,
    given: Annotated[
        list[str] | None,
        typer.Option(
            "-p",
            metavar="NAME VALUE",
            help="A parameter of a notebook of your own; repeatable. params/batch.yaml has others under parameters.",
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="Default: the number of cores.")
    ] = None,
    engine: Annotated[
        Literal["warm", "stock"],
        typer.Option(help="warm: a fork of a warm process a report; stock: papermill's kernels."),
    ] = "warm",
    force: Annotated[bool, typer.Option("--force", help="Make what is up to date too.")] = False,
    timeout: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", min=0.1, help="Kill a report that takes longer."),
    ] = None,
    retries: Annotated[
        int, typer.Option(metavar="N", min=0, help="Try a failed report again.")
    ] = 0,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="Start no report after one that failed.")
    ] = False,
    cluster: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="A Dask scheduler, such as tcp://host:8786."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be made and why, and make nothing.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the manifest as one JSON document.")
    ] = False,
) -> None:
    """Make every town's annual report, and the index."""
    from reportkit.running.command import plan_request, run_request
    from reportkit.running.forecast import Forecast
    from reportkit.running.request import resolve
    from reportkit.sources.against import load_published

    request = resolve(
        batch=batch,
        source=source,
        output=output,
        audience=audience,
        notebook=notebook,
        towns=tuple(town or ()),
        years=tuple(year or ()),
        levels=tuple(each.value for each in level or ()),
        against=None if against is None else load_published(against),
        draft=draft,
        formats=None if formats is None else [n for n in re.split(r"[,\s]+", formats) if n],
        given=tuple(given or ()),
        workers=workers or os.cpu_count() or 1,
        engine=engine,
        force=force,
        timeout=timeout,
        retries=retries,
        fail_fast=fail_fast,
        cluster=cluster,
    )
    if request.project.packaged:
        typer.echo(
            _(
                "no params/batch.yaml here or above: the sample counties are built; "
                "reportkit new FOLDER starts a project of your own"
            ),
            err=True,
        )
    if dry_run:
        forecast = Forecast(plan_request(request))
        typer.echo(forecast.to_json().encode() if as_json else forecast.text(), nl=False)
        return
    summary = run_request(request)
    if as_json:
        typer.echo(summary.manifest.to_json().encode(), nl=False)
    typer.echo(summary.line(), err=as_json)
    raise typer.Exit(summary.exit_code)
