"""``reportkit scan``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reportkit.language import _


def scan(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders.")],
    *,
    store: Annotated[
        str | None,
        typer.Option(metavar="URI", help="Search for this store's personal values as well."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Search files for personal information before they are handed out. Values are never shown."""
    from reportkit.registers.scan import scan as search

    values: set[str] = set()
    if store is not None:
        from reportkit.registers.store.address import parse_address
        from reportkit.registers.store.privacy import personal_values

        values = personal_values(parse_address(store))
    hits = search(paths, values)
    if json:
        import json as writer

        found = [{"file": str(hit.path), "place": hit.place, "kind": hit.kind} for hit in hits]
        typer.echo(writer.dumps(found, ensure_ascii=False, indent=1).encode())
    else:
        for hit in hits:
            typer.echo(" ".join(part for part in (f"{hit.path}:", hit.place, hit.kind) if part))
        typer.echo(_("{count} places with personal information", count=len(hits)), err=True)
    if hits:
        raise typer.Exit(1)
