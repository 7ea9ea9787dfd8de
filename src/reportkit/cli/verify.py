"""``reportkit verify``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.language import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from reportkit.export.verify.verdict import Verdict
    from reportkit.report import TownReport


def verify(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Reports made by reportkit: html, docx, pdf, xlsx."),
    ],
    *,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="STORE-or-JSON",
            help="Compare with the source too: its URI or folder, or a report's JSON file.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
) -> None:
    """Say what was altered in a shared file since it was made: each cell, fact and sentence.

    REPORTKIT_SIGNING_KEY names the office's key, private or public, where its signature shall be checked.
    Exit code 0: as made; 1: altered; 2: unreadable, or nothing embedded.
    """
    import json

    from rich.console import Console

    from reportkit.export.seal import office_key
    from reportkit.export.verify.verdict import SCHEMA, verify_files
    from reportkit.watching import watched

    key = office_key()
    source = None if against is None else source_of(against)
    cores = min(os.cpu_count() or 1, len(files))
    verdicts = []
    judged = verify_files(files, cores, key=key, source=source)
    for verdict in watched(judged, len(files), _("Verifying"), Console(stderr=True)):
        verdicts.append(verdict)
        if not as_json:
            _print(verdict)
    if as_json:
        body = {"schema": SCHEMA, "files": [verdict.to_json() for verdict in verdicts]}
        typer.echo(json.dumps(body, ensure_ascii=False, indent=2))
    found = {verdict.status for verdict in verdicts}
    if "altered" in found:
        raise typer.Exit(1)
    if found != {"as made"}:
        raise typer.Exit(2)


def source_of(against: str) -> Callable[[TownReport], TownReport]:
    """Return what gives the source's report for one under seal."""
    from reportkit.api.sources import open_source
    from reportkit.errors import CallError, ReportFileError, UnknownTown
    from reportkit.report import TownReport

    if against.lower().endswith(".json"):
        try:
            held = TownReport.from_json(Path(against).read_bytes()).public()
        except ReportFileError as fault:
            raise CallError(f"{against}: {fault}") from None
        return lambda _: held
    opened = open_source(against)

    def of(report: TownReport) -> TownReport:
        if report.town.id is None or report.year is None:
            raise UnknownTown(
                _("{against}: the report under seal names no town or no year", against=against)
            )
        return opened.report(report.town.id, report.year).public()

    return of


def _print(verdict: Verdict) -> None:
    """Print one verdict, a line each change."""
    from reportkit.export.changes import KINDS
    from reportkit.export.verify.verdict import SIGNATURES

    words = {
        "as made": _("as made"),
        "altered": _("altered since it was made"),
        "unreadable": _("cannot be checked"),
        "nothing embedded": _("cannot be checked"),
    }
    typer.echo(f"{verdict.path}: {words[verdict.status]}")
    for line in filter(None, (verdict.error, *verdict.faults)):
        typer.echo(f"  · {line}")
    for template, changes in (
        (_("was {before}, is now {after}"), verdict.changes),
        (_("{before} in the source, {after} in the data that it carries"), verdict.source),
    ):
        for change in changes:
            before, after = (_("(none)") if s is None else s for s in (change.before, change.after))
            said = template.format(before=before, after=after)
            typer.echo(f"  · {_(KINDS[change.kind])} {change.name}: {said}")
    if verdict.sealed is not None:
        if verdict.signature not in ("bad", "foreign", "missing"):
            key = f" ({verdict.sealed.key})" if verdict.sealed.key else ""
            typer.echo(f"  · {_(SIGNATURES[verdict.signature])}{key}")
        typer.echo(f"  · SHA-256 {verdict.sealed.sha256}")
