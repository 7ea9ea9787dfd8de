"""An edition's file to the objects of :mod:`reportkit.form.table`; a slip in it is a :class:`FormError`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Any, get_args

from reportkit.errors import FormError, nearest
from reportkit.form.table import (
    CellType,
    Derivation,
    FormColumn,
    FormSection,
    Identity,
    Measure,
    Refusal,
    Row,
    RowBlock,
    StatutoryTable,
    Term,
)
from reportkit.language import _

Spec = Mapping[str, Any]

_TABLE_KEYS = (
    *("title", "unit", "type", "note", "layout", "rows_heading", "columns_heading"),
    *("blocks", "rows", "columns"),
)


def parse_sections(specs: Sequence[Spec]) -> tuple[FormSection, ...]:
    """Return the form's sections, in order."""
    return tuple(FormSection(**_given(FormSection, spec, "section")) for spec in specs)


def parse_tables(specs: Mapping[str, Spec]) -> dict[str, StatutoryTable]:
    """Return the form's tables by their codes."""
    return {code: _table(code, spec) for code, spec in specs.items()}


def parse_identities(
    lines: Sequence[Spec], tables: Mapping[str, StatutoryTable]
) -> tuple[Identity, ...]:
    """Expand the lines of ``arithmetic`` or ``cross_year`` into their equations."""
    return tuple(
        identity for line in lines for identity in _identities(line, tables[line["table"]])
    )


def _given(kind: type[Any], spec: Spec, what: str) -> dict[str, Any]:
    """Return a part's fields as its class takes them; refuse a key that it does not have."""
    known = [field.name for field in fields(kind)]
    where = f"{what} {spec.get('code', spec.get('title', ''))!r}"
    for key in spec:
        if key not in known:
            raise FormError(
                _("{where} has no {key!r}{near}", where=where, key=key, near=nearest(key, known))
            )
    return {key: tuple(value) if isinstance(value, list) else value for key, value in spec.items()}


def _member(value: Any, words: Any, where: str) -> None:
    if value not in get_args(words):
        raise FormError(
            _(
                "{where} is {value!r}{near}",
                where=where,
                value=value,
                near=nearest(str(value), get_args(words)),
            )
        )


def _derivation(spec: Spec | None, where: str) -> Derivation | None:
    if spec is None:
        return None
    given = _given(Derivation, spec, f"{where}: derive")
    derive = Derivation(**{**given, "where": tuple(given.get("where", {}).items())})
    _member(derive.measure, Measure, f"{where}: measure")
    for needed, is_needed in (
        ("of", derive.measure in ("sum", "distinct")),
        ("until", derive.measure.startswith("stock")),
    ):
        if is_needed != (getattr(derive, needed) is not None):
            measure = derive.measure
            if is_needed:
                raise FormError(
                    _(
                        "{where}: a {measure} needs {key!r}",
                        where=where,
                        measure=measure,
                        key=needed,
                    )
                )
            raise FormError(
                _("{where}: a {measure} takes no {key!r}", where=where, measure=measure, key=needed)
            )
    return derive


def _shared(kind: type[Any], spec: Spec, what: str) -> dict[str, Any]:
    """Return what a row and a column have alike."""
    given = _given(kind, spec, what)
    if not given.get("label_en"):
        raise FormError(_("{what} {code!r} has no label_en", what=what, code=spec["code"]))
    given["derive"] = _derivation(spec.get("derive"), f"{what} {spec['code']!r}")
    given["corresponds"] = tuple(spec.get("corresponds", {}).items())
    return given


def _column(spec: Spec, table: Spec) -> FormColumn:
    given = _shared(FormColumn, spec, "column")
    given = {"unit": table.get("unit"), "type": table.get("type"), **given}
    if given["unit"] is None:
        raise FormError(_("column {code!r} has no unit", code=spec["code"]))
    _member(given["type"], CellType, f"column {spec['code']!r}: type")
    return FormColumn(**given)


def _row(spec: Spec) -> Row:
    given = _shared(Row, spec, "row")
    given["label"] = spec.get("label") or given["path"][-1]
    if (refusal := spec.get("refusal")) is not None:
        _member(refusal, Refusal, f"row {spec['code']!r}: refusal")
    return Row(**given)


def _table(code: str, spec: Spec) -> StatutoryTable:
    for key in spec:
        if key not in _TABLE_KEYS:
            raise FormError(
                _(
                    "table {code} has no {key!r}{near}",
                    code=code,
                    key=key,
                    near=nearest(key, _TABLE_KEYS),
                )
            )
    blocks = tuple(
        RowBlock(
            block.get("heading"),
            tuple(_row(row) for row in block["rows"]),
            tuple(_column(column, spec) for column in block["columns"]),
        )
        for block in spec.get("blocks", [spec])
    )
    return StatutoryTable(
        code,
        spec["title"],
        blocks,
        spec.get("note"),
        spec.get("rows_heading"),
        spec.get("columns_heading"),
    )


def _span(spec: Any, codes: list[str]) -> list[str]:
    """Return the codes named by a list or by an inclusive ``{from, to}`` range."""
    if isinstance(spec, dict):
        return codes[codes.index(spec["from"]) : codes.index(spec["to"]) + 1]
    return list(spec)


def _term(word: str, address: str) -> Term:
    """Parse ``code``, ``last code``, ``+code``, ``-code``; ``{}`` in the address is the code."""
    last = word.startswith("last ")
    code = word.removeprefix("last ")
    sign = -1 if code.startswith("-") else 1
    return Term(address.format(code.lstrip("+-")), sign, last)


def _identities(spec: Spec, table: StatutoryTable) -> Iterator[Identity]:
    """Expand one line of ``arithmetic`` or ``cross_year`` into its equations."""
    block = table.blocks[0]
    rows = [row.code for row in table.rows]
    columns = [column.code for column in block.columns]
    match spec["each"]:
        case "column":
            keys, inner, address = columns, rows, "{table}.{{}}.{key}"
        case "row":
            keys, inner, address = rows, columns, "{table}.{key}.{{}}"
        case list() as named:
            keys, inner, address = named, columns, "{table}.{key}.{{}}"
        case other:
            raise FormError(
                _(
                    "{code}: 'each' is {other!r}, not column, row or a list",
                    code=spec["code"],
                    other=other,
                )
            )
    for key in keys:
        where = address.format(table=table.code, key=key)
        left, right = (
            tuple(_term(word, where) for word in _span(spec[side], inner))
            for side in ("left", "right")
        )
        yield Identity(spec["code"], key, left, right)
