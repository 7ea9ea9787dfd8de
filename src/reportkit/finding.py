"""Findings (校验问题): what is wrong or worth a look in a report, with the place and the basis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer

from reportkit.errors import FormError
from reportkit.form import plain
from reportkit.form.cells import check_value

Level = Literal["error", "warning", "info"]

LEVELS: tuple[Level, ...] = ("error", "warning", "info")
"""The levels, gravest first."""

LEVEL_NAMES: Mapping[Level, str] = MappingProxyType(
    {"error": "错误", "warning": "警告", "info": "提示"}
)
"""What each level is called in everything that clerks read."""


def sends_back(counts: Mapping[str, int]) -> bool:
    """Say whether a report with so many open findings by level is sent back: an error or a warning among them."""
    return bool(counts.get("error") or counts.get("warning"))


def _side(value: object) -> object:
    """Read an amount from its JSON text, so that a round trip is exact."""
    try:
        return check_value(value, "decimal" if isinstance(value, str | Decimal) else "count")
    except FormError as fault:
        raise ValueError(str(fault)) from None


Side = Annotated[
    int | Decimal | None,
    BeforeValidator(_side),
    PlainSerializer(lambda side: plain(side) if isinstance(side, Decimal) else side),
]
"""One side of a comparison: a number, or ``None`` where it is unknown or there is none."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where in the data a finding was made. Parts that do not apply are ``None``."""

    register: str | None = None
    """The register's stored name, such as ``applications``."""
    file: str | None = None
    """The file's name without its folder, which may tell what should not be told."""
    sheet: str | None = None
    row: int | None = None
    """The row as a spreadsheet counts it: the heading is row 1."""
    column: str | None = None
    value: str | None = None
    """The value found, masked; never that of a personal column."""
    section: str | None = None
    """The section of the report whose text it is about: ``s0`` to ``s6``."""
    sentence: str | None = None
    """The sentence it is about, masked."""


class Finding(BaseModel):
    """One thing found by a rule or while reading the registers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    """The rule's code, such as ``T3-BALANCE``."""
    level: Level
    message: str
    """What is wrong and how to mend it, in Chinese, for the town's clerk."""
    cells: tuple[str, ...] = ()
    """The addresses of the cells it is about."""
    left: Side = None
    right: Side = None
    basis: str = ""
    """The article or document that decides."""
    place: Place | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the finding as contract.md has it; ``place`` only where there is one."""
        body = self.model_dump(mode="json")
        if self.place is None:
            del body["place"]
        else:
            body["place"] = {k: v for k, v in body["place"].items() if v is not None}
        return body
