"""``reportkit new``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is new or empty.")],
) -> None:
    """Start a project folder of your own, with the smallest registers that work."""
    from reportkit.starter import start_project
    from reportkit.today import today

    for path in start_project(folder, today()):
        typer.echo(path)
    typer.echo(f"\nNow: cd {folder} && reportkit run", err=True)
