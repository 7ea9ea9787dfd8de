"""``reportkit check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def check(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="report.json files, published reports (txt, html, docx, pdf), or folders of them.",
        ),
    ],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document: a list, one a report.")
    ] = False,
    review: Annotated[
        bool,
        typer.Option("--review", help="Walk through the open findings and decide on each."),
    ] = False,
    letter: Annotated[
        bool,
        typer.Option(
            "--letter",
            help="Write a Word letter for each report to send back (退回修改通知) and, where a folder is checked, "
            "to each body of params/towns.yaml without a report (催报通知).",
        ),
    ] = False,
    workbook: Annotated[
        bool, typer.Option("--workbook", help="Write checks.xlsx, one a year, for the county.")
    ] = False,
    output: Annotated[
        Path,
        typer.Option(metavar="DIR", help="Where letters and workbook go; never a folder to share."),
    ] = Path("output-internal"),
    copied: Annotated[
        bool,
        typer.Option("--copied/--no-copied", help="Look for copied text, which takes longest."),
    ] = True,
) -> None:
    """Check reports, and say what a county office would send them back for.

    Findings are computed afresh. Decisions are kept in reviews/<year>.yaml of the project folder. Exit code 1:
    a finding of level error that is not accepted; 2: nothing could be read.
    """
    from reportkit.project import find_project
    from reportkit.review.files import FOLDER
    from reportkit.review.terminal import CheckRequest, check_command

    project = find_project()
    request = CheckRequest(
        paths=tuple(paths),
        reviews=project.folder / FOLDER,
        output=output,
        as_json=as_json,
        review=review,
        letters=letter,
        workbook=workbook,
        copied=copied,
        towns=project.towns,
        deadlines=project.deadlines,
    )
    code = check_command(request)
    if code:
        raise typer.Exit(code)
