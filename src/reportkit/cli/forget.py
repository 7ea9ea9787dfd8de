"""``reportkit forget``."""

from __future__ import annotations

from typing import Annotated

import typer

from reportkit.language import _


def forget(
    application_nos: Annotated[list[str], typer.Argument(metavar="NUMBER...", help="申请编号")],
    *,
    store: Annotated[
        str, typer.Option(metavar="URI", help="duckdb:///FILE or postgresql://USER@HOST/DATABASE")
    ],
    town: Annotated[str, typer.Option(metavar="ID", help="The town that the applications are of.")],
) -> None:
    """Delete for good what a store holds of the applicants of some applications.

    The applications stay, and so do the figures. A file that brings an applicant again is loaded without.
    """
    from reportkit.masking import mask
    from reportkit.registers.store.address import parse_address
    from reportkit.registers.store.privacy import forget as delete

    found = delete(
        parse_address(store),
        "applications",
        town,
        application_nos,
        lambda line: typer.echo(line, err=True),
    )
    for number in found:
        typer.echo(_("{number}: the applicant is deleted", number=mask(number)))
    missing = sorted(set(application_nos) - set(found))
    for number in missing:
        typer.echo(
            _(
                "{number}: no such application of {town} in this store; "
                "check the number and the town (a file that brings it later is loaded without its applicant)",
                number=mask(number),
                town=town,
            ),
            err=True,
        )
    if missing:
        raise typer.Exit(1)
