"""``reportkit diff``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.language import _

if TYPE_CHECKING:
    from reportkit.export.changes import Difference


def diff(
    before: Annotated[
        Path, typer.Argument(metavar="OUT", help="An output folder, or a report.json.")
    ],
    after: Annotated[Path, typer.Argument(metavar="OUT", help="The other one.")],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
    as_html: Annotated[
        bool, typer.Option("--html", help="Print one HTML page, in Chinese.")
    ] = False,
) -> None:
    """Say what changed between two outputs, and why: data, parameters, form, template or code.

    Exit code 0: equal; 1: different; 2: nothing could be compared.
    """
    import json

    from reportkit.errors import CallError
    from reportkit.export.changes import changes_to_json, compare_outputs, render_changes

    if as_json and as_html:
        raise CallError(_("--json and --html exclude one another: choose one"))
    differences = compare_outputs(before, after)
    if as_json:
        typer.echo(json.dumps(changes_to_json(differences), ensure_ascii=False, indent=2).encode())
    elif as_html:
        typer.echo(render_changes(differences, before.name, after.name), nl=False)
    else:
        for difference in differences:
            _print(difference)
        typer.echo(
            _("{count} reports differ", count=len(differences)) if differences else _("equal")
        )
    if differences:
        raise typer.Exit(1)


def _print(difference: Difference) -> None:
    """Print one report's changes, a line each."""
    from reportkit.export.changes import CAUSES, KINDS, STATUSES

    causes = _(", ").join(_(CAUSES[cause]) for cause in difference.causes)
    why = f"  [{causes}]" if causes else ""
    typer.echo(f"{difference.title}: {_(STATUSES[difference.status])}{why}")
    for change in difference.changes:
        if change.kind == "file":
            typer.echo(f"  {_(KINDS[change.kind])} {change.place}")
        else:
            before, after = (
                _("(none)") if side is None else side for side in (change.before, change.after)
            )
            typer.echo(
                f"  {_(KINDS[change.kind])} {change.place} {change.name}: {before} -> {after}"
            )
