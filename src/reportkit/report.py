"""TownReport: the one thing that travels from the data to every output. Frozen; JSON in and out."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StrictBool,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
)

from reportkit.errors import FormError, ReportFileError, nearest
from reportkit.finding import Finding
from reportkit.form import EDITIONS, Cells, load_edition, plain
from reportkit.form.cells import MOST_DIGITS, check_value
from reportkit.form.facts import FACTS
from reportkit.language import _
from reportkit.masking import mask

SCHEMA: Final = "reportkit.report/1"

Kind = Literal["town", "township", "subdistrict", "department", "county", "city"]
KINDS: Mapping[str, str] = MappingProxyType(
    {
        "town": "镇",
        "township": "乡",
        "subdistrict": "街道",
        "department": "部门",
        "county": "县级政府",
        "city": "设区的市",
    }
)
"""The kinds of body that hand in a report, with their Chinese names."""

Power = Literal["licensing", "penalties", "coercion"]


Shown = Annotated[str, AfterValidator(mask)]
"""A text that every report shows: personal numbers in it are covered as soon as it is read."""


class Town(BaseModel):
    """A body that hands in a report: a town, mostly."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str | None
    """The id, a slug; ``None`` for a published report, which does not say."""
    name: Shown
    county: Shown = ""
    kind: Kind | None = None
    """``None``: not known, as for many a published report."""
    province: Shown = ""
    issuer: Shown = ""
    """Who signs the report; blank: derived from county and name."""
    delegated: tuple[Power, ...] | None = None
    """The powers delegated to it; ``None`` where nobody said."""
    illustrative: StrictBool = False
    """Invented: the report carries a visible line 示例数据."""


def _cells(value: object, info: ValidationInfo) -> Cells:
    edition = info.data.get("edition")
    if isinstance(value, Cells):
        return value
    if not isinstance(value, Mapping):
        raise ValueError(_("cells are a mapping from address to value"))
    if edition is None:
        if value:
            raise ValueError(_("cells without an edition"))
        return Cells(load_edition(EDITIONS[-1]))
    form = load_edition(edition)
    missing = [address for address in form.addresses if address not in value]
    if missing:
        raise ValueError(
            _(
                "{count} cells of edition {edition} are missing: {missing}",
                count=len(missing),
                edition=edition,
                missing=missing[0],
            )
        )
    try:
        return Cells(form, value)
    except FormError as fault:
        raise ValueError(str(fault)) from None


def _facts(value: object) -> Mapping[str, int | Decimal]:
    if not isinstance(value, Mapping):
        raise ValueError(_("facts are a mapping from code to value"))
    facts: dict[str, int | Decimal] = {}
    for code in sorted(value):
        if code not in FACTS:
            raise ValueError(
                _("unknown fact {code!r}{near}", code=code, near=nearest(str(code), FACTS))
            )
        try:
            checked = check_value(value[code], FACTS[code].type)
        except FormError as fault:
            raise ValueError(_("fact {code}: {fault}", code=code, fault=fault)) from None
        if checked is None:
            raise ValueError(_("fact {code}: an unknown fact is left out, not null", code=code))
        facts[code] = checked
    return MappingProxyType(facts)


def _iso(value: object) -> object:
    """Refuse what is no ISO date: pydantic would take a number for seconds since 1970."""
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, str) and len(value) == len("2021-03-05"):
        return date.fromisoformat(value)
    raise ValueError(_("a date is written as 2021-03-05"))


_DEEPEST = 20
"""How deep provenance may nest: deeper, nothing of ours writes, and writers give up."""


_SINGLE = (str, int, float, type(None))


def _provenance(value: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Freeze provenance, which may hold whatever JSON can write."""
    if value is None:
        return None
    layer: list[Any] = [value]
    for _layer in range(_DEEPEST):
        layer = [
            inner
            for item in layer
            if not isinstance(item, _SINGLE) and isinstance(item, (Mapping, list, tuple))
            for inner in ([*item.keys(), *item.values()] if isinstance(item, Mapping) else item)
        ]
        for text in layer:
            if isinstance(text, str):
                text.encode()  # half a surrogate pair is no text: UnicodeError is a ValueError
        if not layer:
            break
    if layer:
        raise ValueError(_("provenance nests deeper than {most}", most=_DEEPEST))
    return _frozen(value)


def _edition(value: str | None) -> str | None:
    if value is not None and value not in EDITIONS:
        raise ValueError(
            _("no edition {value!r}{near}", value=value, near=nearest(str(value), EDITIONS))
        )
    return value


def _empty() -> Mapping[str, Any]:
    return MappingProxyType({})


def _frozen(value: Mapping[str, Any]) -> Mapping[str, Any]:
    return MappingProxyType(dict(value))


class TownReport(BaseModel):
    """One body's report of one year: cells, facts, prose and findings.

    Build it with keyword arguments or :meth:`from_json`; :meth:`with_` returns a changed copy.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    schema_: Literal["reportkit.report/1"] = Field(default=SCHEMA, alias="schema")
    town: Town
    year: Annotated[int, Field(strict=True, ge=1949, le=2199)] | None
    """The reporting year; ``None`` only for a published report that does not tell."""
    edition: Annotated[str | None, AfterValidator(_edition)]
    """``None`` only for a published report in which no table shows it."""
    published_on: Annotated[date | None, BeforeValidator(_iso)] = None
    cells: Annotated[
        Cells,
        BeforeValidator(_cells),
        PlainSerializer(lambda cells: cells.to_json()),
        WithJsonSchema({"type": "object"}),
    ]
    facts: Annotated[
        Mapping[str, int | Decimal],
        PlainValidator(_facts),
        PlainSerializer(
            lambda facts: {k: plain(v) if isinstance(v, Decimal) else v for k, v in facts.items()}
        ),
        WithJsonSchema({"type": "object"}),
    ] = Field(default_factory=_empty)
    sections: Annotated[Mapping[str, str], AfterValidator(_frozen), PlainSerializer(dict)] = Field(
        default_factory=_empty
    )
    """Prose by section code, as Markdown, placeholders filled and masked."""
    findings: tuple[Finding, ...] = ()
    provenance: Annotated[
        Mapping[str, Any] | None,
        AfterValidator(_provenance),
        PlainSerializer(lambda value: None if value is None else dict(value)),
    ] = Field(default_factory=_empty)
    """How the figures came about: source, rows counted, rows set aside, schema of the registers."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings of level error."""
        return tuple(finding for finding in self.findings if finding.level == "error")

    def with_(self, **changes: Any) -> TownReport:
        """Return a copy with some fields replaced, validated like a new one."""
        fields = {
            name: getattr(self, name) for name in type(self).model_fields if name != "schema_"
        }
        unknown = changes.keys() - fields.keys()
        if unknown:
            raise TypeError(f"TownReport has no field {min(unknown)!r}")
        return TownReport(**{**fields, **changes})

    def public(self) -> TownReport:
        """Return the report as the public may see it: without findings."""
        return self.with_(findings=())

    def to_dict(self) -> dict[str, Any]:
        """Return the report as contract.md has it, ready for :func:`json.dumps`."""
        body = self.model_dump(mode="json", by_alias=True, exclude={"findings"})
        body["findings"] = [finding.to_json() for finding in self.findings]
        provenance = body.pop("provenance")
        if provenance is not None:
            body["provenance"] = provenance
        if self.edition is None:
            body["cells"] = {}
        return body

    def to_json(self) -> str:
        """Return the report as JSON text: UTF-8, two spaces, a newline at the end."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2) + "\n"

    @classmethod
    def from_dict(cls, body: object) -> TownReport:
        """Build a report from parsed JSON; raise :class:`ReportFileError` naming every fault."""
        if isinstance(body, Mapping):
            body = {"provenance": None, **body}  # absent is not empty
        try:
            return cls.model_validate(body)
        except ValidationError as fault:
            raise ReportFileError(_("not a report.json: ") + "; ".join(_faults(fault))) from None

    @classmethod
    def from_json(cls, text: str | bytes) -> TownReport:
        """Parse a report's JSON; raise :class:`ReportFileError` naming every fault."""
        try:
            body = json.loads(
                text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite
            )
        except (ValueError, RecursionError) as fault:
            raise ReportFileError(_("not JSON: {fault}", fault=fault)) from None
        return cls.from_dict(body)

    def __reduce__(self) -> tuple[Any, ...]:
        fields = {
            name: dict(value) if isinstance(value, MappingProxyType) else value
            for name, value in self.__dict__.items()
        }
        return (_rebuild, (fields,))

    def __hash__(self) -> int:
        return hash((self.town, self.year, self.edition, self.cells))


def _rebuild(fields: dict[str, Any]) -> TownReport:
    """Unpickle a report, whose fields were checked when it was made: only what no pickle holds is made anew."""
    frozen: dict[str, Any] = {
        name: MappingProxyType(value) if isinstance(value, dict) else value
        for name, value in fields.items()
    }
    return TownReport.model_construct(**frozen)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse an object that gives a key twice: readers of JSON differ in which one counts."""
    body = dict(pairs)
    if len(body) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(_("the key {key!r} stands twice", key=max(keys, key=keys.count)[:60]))
    return body


def _no_number(name: str) -> float:
    raise ValueError(_("{name} is no number", name=name))


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(_("{text} is no number", text=text[:60]))
    return number


def _faults(fault: ValidationError) -> list[str]:
    """Word each fault as «what @ where»."""
    return [
        f"{error['msg'].removeprefix('Value error, ')} @ $.{'.'.join(map(str, error['loc']))}"
        for error in fault.errors(include_input=False, include_url=False)
    ]


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of a report, written from :class:`TownReport` and the editions."""
    schema = TownReport.model_json_schema(by_alias=True, mode="validation")
    nothing = {"type": "null"}
    schema["$defs"] |= {
        "Whole": {"type": "integer", "minimum": -_MOST, "maximum": _MOST},
        "Amount": {
            "type": "string",
            "pattern": r"^-?(0|[1-9][0-9]{0,23})(\.[0-9]{0,23}[1-9])?$",
        },
        "Count": {"anyOf": [_ref("Whole"), nothing], "description": "null: unknown"},
        "Money": {"anyOf": [_ref("Amount"), nothing], "description": "null: unknown"},
    }
    schema["properties"]["facts"] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            code: _ref("Amount" if fact.type == "decimal" else "Whole")
            for code, fact in FACTS.items()
        },
    }
    finding = schema["$defs"]["Finding"]["properties"]
    finding["left"] = finding["right"] = {"anyOf": [_ref("Whole"), _ref("Amount"), nothing]}
    schema["oneOf"] = [
        {
            "properties": {
                "edition": {"const": code},
                "cells": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": list(load_edition(code).addresses),
                    "properties": {
                        address: _ref("Money" if cell.column.type == "decimal" else "Count")
                        for address, cell in load_edition(code).cells.items()
                    },
                },
            }
        }
        for code in EDITIONS
    ] + [{"properties": {"edition": {"const": None}, "cells": {"maxProperties": 0}}}]
    schema["required"] = ["schema", "town", "year", "edition", "cells", "facts", "sections"]
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    titled = _untitled(schema)
    return {"title": SCHEMA, **titled}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/$defs/{name}"}


def _untitled(part: Any) -> Any:
    """Leave out the titles that pydantic gives: they only say the key again."""
    if isinstance(part, dict):
        return {k: _untitled(v) for k, v in part.items() if k != "title" or not isinstance(v, str)}
    return [_untitled(item) for item in part] if isinstance(part, list) else part


_MOST = 10**MOST_DIGITS - 1
