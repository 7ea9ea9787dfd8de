"""``reportkit due``."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from reportkit.language import _


def due(
    *,
    town: Annotated[
        list[str] | None,
        typer.Option("--town", metavar="ID", help="Only this town; repeatable."),
    ] = None,
    within: Annotated[
        int, typer.Option(min=0, metavar="DAYS", help="Due within so many working days.")
    ] = 5,
    on: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="As of this day; default: today."),
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
    """List the open applications that are overdue or fall due next, and those that may be closed.

    An application may be closed where its supplement or its handling fee did not come in time.
    """
    from rich.console import Console
    from rich.table import Table

    from reportkit.masking import mask
    from reportkit.sources.casework import agenda, open_registers
    from reportkit.today import today

    opened = open_registers(batch, source)
    day = on.date() if on else today()
    found = agenda(opened, town or opened.towns, day, within)
    if as_json:
        rows = [
            {
                "town": one.town,
                "application_no": mask(one.application_no),
                "due_on": one.due_on and one.due_on.isoformat(),
                "days_left": one.days_left,
                "overdue": one.overdue,
                "may_close_as": one.may_close_as,
            }
            for one in found.due
        ]
        body = {
            "on": day.isoformat(),
            "within": within,
            "due": rows,
            "not_covered": found.unknown,
        }
        typer.echo(json.dumps(body, ensure_ascii=False, indent=2).encode())
    elif found.due:
        table = Table(_("town"), _("application"), _("due on"), _("working days left"), box=None)
        for one in found.due:
            left = _("not known") if one.days_left is None else str(one.days_left)
            table.add_row(
                one.town,
                mask(one.application_no),
                _("not known") if one.due_on is None else one.due_on.isoformat(),
                _("{left}, overdue", left=left)
                if one.overdue
                else _("{left}, may be closed as {kind}", left=left, kind=one.may_close_as)
                if one.may_close_as
                else left,
            )
        Console(soft_wrap=True).print(table)
    if found.unknown:
        named = ", ".join(found.unknown[:12]) + (", …" if len(found.unknown) > 12 else "")
        _note(
            _(
                "the register of applications does not cover {year}, there may be more: {names}",
                year=day.year,
                names=named,
            )
        )
    if any(one.due_on is None or one.days_left is None for one in found.due):
        _note(_("what is not known runs through a year whose holidays the calendar does not have"))
    late = sum(bool(one.overdue) for one in found.due)
    _note(
        _(
            "{day}: {count} due within {within} working days, {late} of them overdue",
            day=day,
            count=len(found.due),
            within=within,
            late=late,
        )
    )


def _note(words: str) -> None:
    typer.echo(words, err=True)
