"""``reportkit read``: published reports into cells, facts and sections."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.language import _

if TYPE_CHECKING:
    from reportkit.published import PublishedReport


def read(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...", help="Reports (txt, html, docx, pdf, ofd), or folders of them."
        ),
    ],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON list, a report each, and nothing else.")
    ] = False,
    as_csv: Annotated[
        bool,
        typer.Option(
            "--csv", help="Print one tidy table: town, year, table, row, column, value, place."
        ),
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            min=1,
            help="Files read at once; default: the cores, fewer where there is little to read.",
        ),
    ] = None,
) -> None:
    """Read published annual reports into cells, facts and sections.

    A cell is read with certainty or left empty and named among the problems. A file that cannot be
    read is one line on stderr. Exit code 2 if nothing could be read.
    """
    from rich.console import Console

    from reportkit.errors import CallError
    from reportkit.published.pool import published_files, read_files, workers_for
    from reportkit.watching import watched

    if as_json and as_csv:
        raise CallError(_("--json and --csv exclude one another: choose one"))
    console = Console(stderr=True)
    paths = published_files(files)
    if not paths:
        raise CallError(
            _("no report found: folders are searched for .txt, .html, .docx, .pdf and .ofd")
        )
    cores = workers or workers_for(paths, os.cpu_count() or 1)
    results = list(watched(read_files(paths, cores), len(paths), _("Reading"), console))
    reports = [report for result in results for report in result.reports]
    failed = [result for result in results if result.error is not None]
    for result in failed:
        console.print(
            f"✗ {result.path}: {result.error}", markup=False, highlight=False, soft_wrap=True
        )
    _print(reports, as_json=as_json, as_csv=as_csv)
    if len(results) > 1 or failed:
        console.print(
            _(
                "{files} files, {reports} reports, {failed} not read",
                files=len(results),
                reports=len(reports),
                failed=len(failed),
            ),
            highlight=False,
        )
    if not reports:
        raise typer.Exit(2)


def _print(reports: list[PublishedReport], *, as_json: bool, as_csv: bool) -> None:
    """Print the reports in the form asked for."""
    import json
    import sys

    from reportkit.published.tidy import write_tidy

    if as_json:
        typer.echo(
            json.dumps([each.to_dict() for each in reports], ensure_ascii=False, indent=2).encode()
        )
    elif as_csv:
        write_tidy(reports, sys.stdout)
    else:
        for each in reports:
            typer.echo(_summary(each))


def _summary(read: PublishedReport) -> str:
    """Say in a few lines what was read from a report."""
    report = read.report
    certain = sum(reading.confidence == "certain" for reading in read.readings.values())
    parts = [_("no table")]
    if report.edition:
        parts = [
            _("edition {edition}", edition=report.edition),
            _("{certain} of {count} cells certain", certain=certain, count=len(report.cells)),
        ]
    parts.append(_("{count} facts", count=len(report.facts)))
    name = report.town.name or _("(no town named)")
    year = _("(no year)") if report.year is None else report.year
    lines = [f"{read.file}: {name} {year}: {_(', ').join(parts)}"]
    lines += [f"  · {problem.place}：{problem.message}" for problem in read.problems]
    return "\n".join(lines)
