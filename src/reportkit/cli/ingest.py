"""``reportkit ingest``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from reportkit.registers.ingest.ingest import FileResult


def ingest(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Register files, or folders of them.")
    ],
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
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Validate registers (xlsx, xls, csv, parquet) and load them into a store.

    A file is loaded whole or, where it has faults, not at all. All faults of all files are told at once.
    """
    from reportkit.project import find_project
    from reportkit.registers.ingest.ingest import ingest as load

    names = {known.name: id_ for id_, known in find_project().towns.items()}
    results = load(
        paths,
        store,
        partial=partial,
        town=town,
        towns=names,
        say=lambda line: typer.echo(line, err=True),
    )
    if report is not None:
        from reportkit.registers.ingest.marked import write_faults

        write_faults(report, results)
    _print(results, as_json=json)
    if any(result.status == "refused" for result in results):
        raise typer.Exit(1)


def _print(results: list[FileResult], *, as_json: bool) -> None:
    from reportkit.masking import mask

    for result in results:
        for note in result.notes:
            typer.echo(mask(note), err=True)
    if as_json:
        import json

        document = [
            {
                "file": result.name,
                "status": result.status,
                "rows": result.rows,
                "repeated": result.repeated,
                "faults": [fault.to_json() for fault in result.faults],
            }
            for result in results
        ]
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    from rich.console import Console
    from rich.table import Table

    out = Console(soft_wrap=False)
    faults = [fault for result in results for fault in result.faults]
    if faults:
        table = Table(title=f"{len(faults)}处问题")
        for heading in ("文件", "工作表", "行", "列", "内容", "问题", "怎么改"):
            table.add_column(heading, overflow="fold")  # what is cut off mends nothing
        for fault in faults:
            row = "" if fault.row is None else str(fault.row)
            shown = (fault.file, fault.sheet or "", row, fault.heading, fault.value or "")
            table.add_row(*map(_literal, (*shown, fault.what, fault.how)))
        out.print(table)
    for result in results:
        rows = sum(result.rows.values())
        again = f", {result.repeated} repeated rows counted once" if result.repeated else ""
        out.print(f"{_literal(result.name)}: {result.status}, {rows} rows{again}", highlight=False)


def _literal(text: str) -> str:
    from rich.markup import escape

    return escape(text)
