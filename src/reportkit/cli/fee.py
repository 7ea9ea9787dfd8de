"""``reportkit fee``."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from reportkit.language import _


def fee(
    application_no: Annotated[str, typer.Argument(metavar="NUMBER", help="申请编号")],
    *,
    town: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Its town; needed where the source has several."),
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
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Show how the handling fee of one application is computed."""
    from reportkit.masking import mask
    from reportkit.sources.casework import fee_of, open_registers

    explained, covered = fee_of(open_registers(batch, source), application_no, town)
    if not covered:
        typer.echo(
            _("the register does not cover that year: the month may not be complete"), err=True
        )
    if not as_json:
        typer.echo("\n".join(explained.lines))
        return
    body = asdict(explained) | {
        "application_no": mask(explained.application_no),
        "overcharged_yuan": explained.overcharged_yuan,
        "steps": [asdict(step) | {"amount_yuan": step.amount_yuan} for step in explained.steps],
    }
    typer.echo(json.dumps(body, ensure_ascii=False, indent=2, default=_plain).encode())


def _plain(value: object) -> str:
    """Write an amount in plain digits and a day as ISO has it."""
    from reportkit.form import plain

    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in this JSON")
