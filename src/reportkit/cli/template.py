"""``reportkit template``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help="The workbook to write.")],
    *,
    force: Annotated[bool, typer.Option("--force", help="Write over a file.")] = False,
) -> None:
    """Write the empty register workbook (台账) that a town fills in with Excel or WPS."""
    from reportkit.registers.workbook import write_template

    write_template(file, force=force)
    typer.echo(file)
