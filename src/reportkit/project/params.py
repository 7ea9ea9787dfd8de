"""What may stand in params/towns.yaml and params/batch.yaml: their keys, and what each value must be."""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator

from reportkit.errors import nearest
from reportkit.form import EDITIONS
from reportkit.ids import check_id
from reportkit.language import _
from reportkit.report import Kind, Power, Town

Audience = Literal["public", "internal"]
Level = Literal["town", "county", "province"]

THE_COUNTY: Final = "county"
"""What the one county is called where params declare none; see :class:`TownsFile`."""

RUN_PARAMETERS: Final = ("town", "year", "source", "audience")
"""The parameters that every notebook gets from the run itself."""


def _edition(value: object) -> object:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if text is not None and text not in EDITIONS:
        raise ValueError(
            _("there is no edition {text!r}{near}", text=text, near=nearest(str(text), EDITIONS))
        )
    return text


def _year(value: object) -> int:
    """Return a year; a year as text is one too, since YAML's keys may be quoted."""
    text = str(value)
    if isinstance(value, bool | float) or not re.fullmatch(r"(19[5-9]|20\d|21\d)\d", text):
        raise ValueError(
            _("{value!r} is no year; write it with four digits, such as 2021", value=value)
        )
    return int(text)


def _body(value: str) -> str:
    """Check the id of a body that is named: the undeclared county may be meant as well."""
    return value if value == THE_COUNTY else check_id(value)


def _day(value: object) -> date:
    """Return a date. Numbers are refused: they would be taken for seconds since 1970."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise ValueError(_("{value!r} is no day; write it as 2022-01-20", value=value))


def _published(value: object) -> Mapping[int, date] | date:
    """Return the day of a body's publication, or its days by reporting year."""
    if not isinstance(value, Mapping):
        return _day(value)
    days: dict[int, date] = {}
    for key, given in value.items():
        year, day = _year(key), _day(given)
        if day.year <= year:
            raise ValueError(
                _(
                    "{day}: the report of {year} cannot be published before {year} is over; the key is "
                    "the year that the report is about",
                    day=day,
                    year=year,
                )
            )
        days[year] = day
    return MappingProxyType(days)


class MonthDay(NamedTuple):
    """A day of every year."""

    month: int
    day: int

    def of(self, year: int) -> date:
        """Return it in a year."""
        return date(year, self.month, self.day)


def _month_day(value: object) -> MonthDay:
    found = re.fullmatch(r"(\d{2})-(\d{2})", value) if isinstance(value, str) else None
    try:
        if found:
            of_common_year = date(2023, int(found[1]), int(found[2]))
            return MonthDay(of_common_year.month, of_common_year.day)
    except ValueError:
        pass
    raise ValueError(
        _("{value!r} is no day of every year; write month and day as 01-31", value=value)
    )


def _text(value: object) -> object:
    """Take a number for the text that it was meant as: an index number of digits alone."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _format(value: str) -> str:
    """Check the form of a format's name. Which formats there are is known where they are made."""
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", value):
        raise ValueError(
            _("{value!r} is no format's name; write such as html, docx, pdf", value=value)
        )
    return value


def _once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    twice = next((value for place, value in enumerate(values) if value in values[:place]), None)
    if twice is not None:
        raise ValueError(_("{twice!r} stands there more than once", twice=twice))
    return values


def _parameters(value: Mapping[str, Any]) -> Mapping[str, Any]:
    for name, given in value.items():
        if not name.isidentifier() or keyword.iskeyword(name):
            raise ValueError(
                _("{name!r} is no name of a variable, which a notebook's parameter is", name=name)
            )
        if name in RUN_PARAMETERS:
            raise ValueError(_("{name!r} is set by the run itself; take it out", name=name))
        try:
            json.dumps(given, allow_nan=False)
        except (TypeError, ValueError):
            raise ValueError(
                _(
                    "{name}: {given!r} cannot be given to a notebook; write a number, a text, true, "
                    "false, a list or keys with values, a date in quotes",
                    name=name,
                    given=given,
                )
            ) from None
    return MappingProxyType(dict(value))


Id = Annotated[str, AfterValidator(check_id)]
TownId = Id
BodyId = Annotated[str, AfterValidator(_body)]
Year = Annotated[int, PlainValidator(_year)]
Name = Annotated[str, Field(min_length=1)]
Words = Annotated[str, BeforeValidator(_text)]


class TownEntry(BaseModel):
    """One town of params/towns.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id
    name: Name
    county: str
    """A declared county's id or name, or the name of one that is not declared; blank: of no county."""
    province: str
    kind: Kind
    issuer: str
    edition: Annotated[str | None, BeforeValidator(_edition)] = None
    """The edition to use whatever the year; left out: by year."""
    delegated: tuple[Power, ...] | None = None
    illustrative: bool = False

    def town(self) -> Town:
        """Return the town without what only this file says of it."""
        return Town.model_validate(self.model_dump(exclude={"edition"}))


class CountyEntry(BaseModel):
    """One county of params/towns.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id
    name: Name
    city: str = ""
    province: str
    """A declared province's id or name, or the name of one that is not declared."""


class ProvinceEntry(BaseModel):
    """One province of params/towns.yaml: its id names its pages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Id
    name: Name


class TownsFile(BaseModel):
    """params/towns.yaml. Without ``counties`` all towns of one county name are one county, called ``county``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    towns: tuple[TownEntry, ...]
    counties: tuple[CountyEntry, ...] = ()
    provinces: tuple[ProvinceEntry, ...] = ()


class PortalEntry(BaseModel):
    """What a portal shows beside one report; blank where it is not given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    index_no: Words = ""
    """索引号"""
    doc_no: Words = ""
    """文号"""
    topic: Words = ""
    """主题分类"""
    validity: Words = ""
    """有效性"""


def _read_only(value: Mapping[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(dict(value))


class Batch(BaseModel):
    """params/batch.yaml: what one run makes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Name
    """A source's URI; ``Project.source`` has its path absolute."""
    towns: Path | None = None
    """The towns file; left out where the data hold a ``towns`` register."""
    years: Annotated[tuple[Year, ...], Field(min_length=1)]
    only: tuple[Id, ...] | None = None
    audience: Audience = "public"
    formats: Annotated[
        tuple[Annotated[str, AfterValidator(_format)], ...], AfterValidator(_once)
    ] = ()
    """The formats to make beside those that always are."""
    levels: Annotated[tuple[Level, ...], Field(min_length=1), AfterValidator(_once)] = ("town",)
    """Whose reports to make."""
    previous: Path | None = None
    """A report.json of the year before, or a folder of them."""
    published_on: Annotated[
        Mapping[BodyId, Annotated[date | Mapping[int, date], PlainValidator(_published)]],
        AfterValidator(_read_only),
    ] = Field(default_factory=dict)
    """The day of publication by body, or by body and reporting year."""
    parameters: Annotated[Mapping[str, Any], AfterValidator(_parameters)] = Field(
        default_factory=dict
    )
    """What a notebook of the user's own takes beside the four parameters of every run."""
    portal: Annotated[Mapping[BodyId, Mapping[Year, PortalEntry]], AfterValidator(_read_only)] = (
        Field(default_factory=dict)
    )
    """What a portal shows beside a report, by body and reporting year."""
    deadlines: Annotated[
        Mapping[Kind, Annotated[MonthDay, PlainValidator(_month_day)]], AfterValidator(_read_only)
    ] = Field(default_factory=dict)
    """The day by which a kind of body publishes last year's report."""
    denominator: Path | None = None
    """A table of population or budget; ``Project.denominator`` has its path absolute."""
    licence: Name | None = None
    """Under which licence the data may be used."""
    citation: Name | None = None
    """How to cite the data."""
