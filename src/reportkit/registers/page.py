"""docs/registers.md, written from the schema: every register, column, code and rule of a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from reportkit.registers.schema import REGISTERS, Column, ColumnType, Register, codes_of

_HEAD = """# The registers (台账)

<!-- Written by reportkit.registers.page.render_registers; do not edit by hand. -->

A report's figures come from case-level registers. One table each, one row a case, one schema for CSV,
Excel, Parquet, DuckDB and PostgreSQL. A file (or a sheet of a workbook) is named after its register, by the stored name
or the Chinese heading; so are its columns. Columns that a register does not have are passed over and named;
columns that are left out are blank. How figures are made of the rows is told in
[derivation.md](derivation.md).

Dates are best written as 2021-03-05; 2021/3/5, 2021.3.5, 2021年3月5日, 20210305 and a spreadsheet's own dates
are read too. Coded values are given by their code or their Chinese label, with or without its number; 其他 means
what its column means by it. A town is given by its id, or by its name; in a folder of one town it may be left out.

A register that coverage (登记范围) says is kept and that nobody handed in (no such sheet or file, renamed, hidden, empty, without
its heading, unreadable) is unknown for those years, with an error that names file and sheet: never zero. A register with its
heading and no row is zero. Years outside coverage, and registers that it does not name, are unknown.

**key**: part of what tells one case from another. **needed**: a row without it is set aside. **personal**:
read by `reportkit ingest` alone, kept in the store, and shown nowhere, to nobody.
"""

_TYPES: dict[ColumnType, str] = {
    "text": "text",
    "date": "date",
    "year": "year",
    "count": "whole number, not negative",
    "days": "working days, not negative",
    "amount": "exact amount, not negative, at most 6 decimals",
    "code": "one of",
    "codes": "any of",
    "bool": "是 or 否",
}


_NOTES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "documents": (
            (
                "A normative document is general, applied again and again, touches rights and duties, and is made by procedure and\n"
                "published. Party documents, plans, key points of work, meetings' records, appointments, requests, letters and internal\n"
                "rules hardly are any: a title or number that shows one is a warning (DOC-NORMATIVE)."
            ),
        ),
        "charges": (
            (
                "Handling fees (信息处理费) are administrative charges: each is entered here too, under an item that names 信息处理费, on the day\n"
                "it was paid."
            ),
        ),
        "applications": (
            (
                "`received_on` by channel (国办公开办函〔2015〕207号): by hand the day it is handed in; by post with signature the day it is\n"
                "signed for; by ordinary post, or by post to another office of the body, the day the body confirms receipt by telephone; by an\n"
                "announced e-mail address or online system the day the system takes it; by fax the day both sides confirm."
            ),
            "`replied_on` (国办公开办函〔2016〕235号): by hand or through another body the day it is signed for; by post the day it is posted.",
            (
                "`supplement_due_on` is the limit that the notice sets; blank: not judged. `fee_notified_on` is the day the notice of\n"
                "payment arrives (送达日). Where nothing came by the one, or within 20 working days after the other, the application may be\n"
                "closed as `other.correction_overdue` or `other.fee_overdue`; `reportkit due` lists it."
            ),
        ),
        "disputes": (
            (
                "A row whose `role` is `co_defendant` counts in no cell. A direct suit over a refusal answered from 1 January 2024 on is\n"
                "asked about (SUIT-DIRECT), where `application_no` links it to the application."
            ),
        ),
    }
)
"""What a register's page says of its columns beside the schema."""


def render_registers() -> str:
    """Return the page as Markdown."""
    return "\n".join([_HEAD, *(line for r in REGISTERS.values() for line in _register(r))])


def _register(register: Register) -> Iterator[str]:
    yield f"## {register.name} {register.heading}"
    yield ""
    yield "| column | 中文表头 | holds | |"
    yield "|---|---|---|---|"
    for column in register.columns:
        marks = [
            word
            for word, marked in (
                ("key", column.key),
                ("needed", column.needed),
                ("personal", column.personal),
            )
            if marked
        ]
        cells = (f"`{column.name}`", column.heading, _holds(register, column), ", ".join(marks))
        yield f"| {' | '.join(cells)} |"
    yield ""
    if rules := [*_rules(register)]:
        yield "A row is set aside where " + ", or ".join(rules) + "."
        yield ""
    for note in _NOTES.get(register.name, ()):
        yield note
        yield ""
    if register.dated_by:
        yield f"A row begins on its `{register.dated_by}`."
        yield ""


def _holds(register: Register, column: Column) -> str:
    if column.type not in ("code", "codes"):
        return _TYPES[column.type]
    codes = codes_of(register.name, column.name)
    listed = ", ".join(f"`{c}`" if c == label else f"`{c}` {label}" for c, label in codes.items())
    return f"{_TYPES[column.type]}: {listed}"


def _rules(register: Register) -> Iterator[str]:
    for earlier, later in register.order:
        yield f"`{later}` lies before `{earlier}`"
    for one, other in register.together:
        yield f"only one of `{one}` and `{other}` is filled"
    for column, other in register.requires:
        yield f"`{column}` is filled and `{other}` is not"
