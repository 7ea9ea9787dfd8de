"""``reportkit new``."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reportkit.language import _

if TYPE_CHECKING:
    from reportkit.report import Town


class Kind(Enum):
    """Kinds of body."""

    TOWN = "town"
    TOWNSHIP = "township"
    SUBDISTRICT = "subdistrict"
    DEPARTMENT = "department"
    COUNTY = "county"
    CITY = "city"


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that is new or empty.")],
    *,
    town: Annotated[
        str | None, typer.Option("--town", metavar="ID", help="Your town's id, such as qinghe.")
    ] = None,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Its name: 清禾镇.")] = None,
    county: Annotated[str, typer.Option(metavar="NAME", help="Its county: 示例县.")] = "",
    province: Annotated[str, typer.Option(metavar="NAME", help="Its province.")] = "",
    kind: Annotated[Kind, typer.Option(help="What kind of body it is.")] = Kind.TOWN,
) -> None:
    """Start a project folder of your own: an invented town with a report to look at, or your town, ready to fill in."""
    from reportkit.starter import start_project
    from reportkit.today import today

    own = _town(town, name, county=county, province=province, kind=kind.value)
    for path in start_project(folder, today(), own):
        typer.echo(path)
    next_ = _("Now: cd {folder} && reportkit run", folder=folder)
    if own is not None:
        next_ = _(
            "Now: fill in {folder}/data/台账.xlsx, then: cd {folder} && reportkit run",
            folder=folder,
        )
    typer.echo("\n" + next_, err=True)


def _town(
    id_: str | None, name: str | None, *, county: str, province: str, kind: str
) -> Town | None:
    from reportkit.errors import ParameterError
    from reportkit.ids import check_id
    from reportkit.report import Town

    if id_ is None and name is None:
        if county or province:
            raise ParameterError(
                _("--county and --province are of a town: give --town and --name too")
            )
        return None
    if not id_ or not name:
        raise ParameterError(_("a town of your own needs both --town ID and --name NAME"))
    try:
        check_id(id_)
    except ValueError as fault:
        raise ParameterError(f"--town: {fault}") from None
    return Town.model_validate(
        {"id": id_, "name": name, "county": county, "province": province, "kind": kind}
    )
