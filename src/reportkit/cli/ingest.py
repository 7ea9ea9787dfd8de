"""``reportkit ingest``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from reportkit.language import _, marked

if TYPE_CHECKING:
    from reportkit.registers.ingest.files import FileResult


_STATUS: Final = {
    "loaded": marked("loaded"),
    "replaced": marked("replaced"),
    "unchanged": marked("unchanged"),
    "refused": marked("refused"),
    "empty": marked("empty"),
}


def ingest(
    paths: Annotated[
        list[Path] | None,
        typer.Argument(metavar="PATH...", help="Register files, or folders of them."),
    ] = None,
    *,
    store: Annotated[
        str, typer.Option(metavar="URI", help="duckdb:///FILE or postgresql://USER@HOST/DATABASE")
    ],
    partial: Annotated[
        bool, typer.Option("--partial", help="Load the good rows of a file that has faults.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.xlsx", help="Write the faults, cells marked.")
    ] = None,
    town: Annotated[
        str | None, typer.Option(metavar="ID", help="The town of rows that name none.")
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Take a file out of the store first, by the name it was loaded by; with --town that town's alone.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Validate registers (xlsx, xls, csv, parquet) and load them into a store.

    A file is loaded whole or, where it has faults, not at all. All faults of all files are told at once. A file of the
    same name takes the place of what it brought before. A case that several files tell alike counts once; one that they
    tell differently counts nowhere until a file is corrected or removed, and every report says so.
    """
    from rich.console import Console

    from reportkit.errors import ParameterError
    from reportkit.project import find_project
    from reportkit.registers.ingest.ingest import ingest as load
    from reportkit.watching import watched

    if not paths and not remove:
        raise ParameterError(_("name a register file or a folder to ingest, or a file to --remove"))
    missing = _removed(remove or [], store, town)
    if not paths:
        raise typer.Exit(1 if missing else 0)
    names = {known.name: id_ for id_, known in find_project().towns.items()}
    results = load(
        paths,
        store,
        partial=partial,
        town=town,
        towns=names,
        say=lambda line: typer.echo(line, err=True),
        watch=lambda files: watched(files, len(files), _("Loading"), Console(stderr=True)),
    )
    if report is not None:
        from reportkit.registers.ingest.marked import write_faults

        write_faults(report, results)
    _print(results, as_json=json)
    if missing or any(result.status == "refused" for result in results):
        raise typer.Exit(1)


def _removed(names: list[str], store: str, town: str | None) -> bool:
    """Take files out of a store; say whether any was not there."""
    if not names:
        return False
    from reportkit.registers.ingest.ingest import remove

    gone = remove(names, store, town=town, say=lambda line: typer.echo(line, err=True))
    for name in names:
        said = _("removed") if name in gone else _("no such file in this store; nothing removed")
        typer.echo(f"{name}: {said}", err=True)
    return set(names) != set(gone)


def _print(results: list[FileResult], *, as_json: bool) -> None:
    from reportkit.finding import LEVEL_NAMES

    if as_json:
        import json

        document = [
            {
                "file": result.name,
                "status": result.status,
                "rows": result.rows,
                "repeated": result.repeated,
                "conflicts": result.conflicts,
                "faults": [fault.to_json() for fault in result.lines()],
            }
            for result in results
        ]
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1).encode())
        return
    from rich.console import Console
    from rich.table import Table

    out = Console(soft_wrap=False)
    lines = [line for result in results for line in result.lines()]
    if lines:
        wrong = sum(line.level == "error" for line in lines)
        told = f"，{len(lines) - wrong}处提醒" if len(lines) > wrong else ""
        table = Table(title=f"{wrong}处问题{told}")
        for heading in ("文件", "工作表", "行", "列", "内容", "问题", "怎么改", "级别"):
            table.add_column(heading, overflow="fold")  # what is cut off mends nothing
        for fault in lines:
            row = "" if fault.row is None else str(fault.row)
            level = LEVEL_NAMES[fault.level]
            shown = (fault.file, fault.sheet or "", row, fault.heading, fault.value or "")
            table.add_row(*map(_literal, (*shown, fault.what, fault.how, level)))
        out.print(table)
    for result in results:
        if result.status == "passed":
            continue
        rows = sum(result.rows.values())
        said = [_(_STATUS[result.status]), _("{count} rows", count=rows)]
        if result.repeated:
            said.append(_("{count} repeated rows counted once", count=result.repeated))
        if result.conflicts:
            said.append(
                _(
                    "{count} rows in conflict with other files counted nowhere",
                    count=result.conflicts,
                )
            )
        out.print(f"{_literal(result.name)}: {_(', ').join(said)}", highlight=False)


def _literal(text: str) -> str:
    from rich.markup import escape

    return escape(text)
