"""What all blocks share: how one shows itself in JupyterLab, and how its data stand in a notebook.

A block's data stand in the cell's output as JSON under :data:`BLOCK`, beside the HTML that JupyterLab
draws. Only the data are read back; see :func:`reportkit.blocks.parse_block`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final

from pydantic import BeforeValidator, ConfigDict, PlainSerializer

from reportkit.errors import FormError
from reportkit.form import CellValue, plain
from reportkit.form.cells import check_value

if TYPE_CHECKING:
    import jinja2
    import pandas as pd

BLOCK: Final = "application/vnd.reportkit.block+json"
"""The MIME type of a block's data."""

SCHEMA: Final = "reportkit.block/1"
"""The version of these data. It grows when a reader of the version before would misread them."""

FOR_OFFICE: Final = "application/vnd.reportkit.office+json"
"""The mark on a cell's output that is for the office alone: a public document leaves it out."""

HTML: Final = "text/html"
MARKDOWN: Final = "text/markdown"
VEGA_LITE: Final = "application/vnd.vegalite.v5+json"

UNKNOWN_MARK: Final = "—"
"""What a table prints for what is not known: never 0."""

UNKNOWN_NOTE: Final = "“—”表示未统计，不是零。"
"""The note under a table that has such a mark."""

STRICT: Final = ConfigDict(extra="forbid", strict=True)
"""How every block's data are checked: no key too many, no text for a number."""


def _value(value: object) -> object:
    """Read an amount from its text, so that a round trip is exact; a binary float is none."""
    try:
        return check_value(value, "decimal" if isinstance(value, str | Decimal) else "count")
    except FormError as fault:
        raise ValueError(str(fault)) from None


def _plain(value: object) -> object:
    return plain(value) if isinstance(value, Decimal) else value


Value = Annotated[int | Decimal | None, BeforeValidator(_value), PlainSerializer(_plain)]
"""A figure: a whole number, an exact amount, or ``None`` for unknown."""


def print_amount(value: CellValue) -> str:
    """Write a figure in plain digits, a dash for unknown.

    >>> print_amount(Decimal("12.50")), print_amount(None)
    ('12.5', '—')
    """
    if value is None:
        return UNKNOWN_MARK
    return plain(value)


class Block:
    """A piece of the report: frozen data, and one way to print them as HTML.

    What subclasses are: dataclasses whose field ``kind`` names them in JSON.
    """

    __slots__ = ()

    kind: str
    dump: ClassVar[Callable[[Block], dict[str, Any]]]
    """Set by :mod:`reportkit.blocks`, which knows every kind."""

    @property
    def words(self) -> str:
        """Return the block in words, for a front end that can draw nothing else."""
        raise NotImplementedError

    @property
    def opens(self) -> tuple[str, str] | None:
        """Return anchor and title of the section that begins with this block, if one does."""
        return None

    @property
    def data(self) -> pd.DataFrame | None:
        """Return the block's figures as a DataFrame, ``None`` where it has none."""
        return None

    def html(self) -> str:
        """Return the block as HTML, without the heading of the section that it opens."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """Return the data, ready for :func:`json.dumps`."""
        return {"schema": SCHEMA, **type(self).dump(self)}

    @property
    def bundle(self) -> dict[str, Any]:
        """Return what a cell's output holds, by MIME type."""
        body = self.html()
        if self.opens is not None:
            anchor, title = self.opens
            body = render("heading", anchor=anchor, title=title) + "\n" + body
        return {HTML: body, BLOCK: self.to_json()}

    def __repr__(self) -> str:
        return self.words or "（无内容）"

    def _repr_mimebundle_(
        self,
        include: object = None,  # noqa: ARG002 - IPython passes both
        exclude: object = None,  # noqa: ARG002
    ) -> dict[str, Any]:
        return self.bundle


def render(template: str, **values: object) -> str:
    """Return HTML made by a template of this package; every value is escaped."""
    return _templates().get_template(f"{template}.html.j2").render(values).strip()


@cache
def lab_style() -> str:
    """Return the style sheet that the masthead brings into JupyterLab."""
    return files(__package__).joinpath("templates", "lab.css").read_text("utf-8")


@cache
def _templates() -> jinja2.Environment:
    import jinja2  # noqa: PLC0415  # who takes the figures as data shows no block

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reportkit.blocks"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,  # or the file is looked at for each block
    )
    environment.filters["side"] = lambda side: "未统计" if side is None else print_amount(side)
    return environment
