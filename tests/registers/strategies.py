"""Registers of any content, as hypothesis strategies: good rows, bad rows of every kind, gaps."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter
from hypothesis import strategies as st

from reportkit.registers.schema import REGISTERS, codes_of
from tests.registers.oracle import CASES, FACTS, RULES, Row

YEARS = (2019, 2020, 2021, 2022)
"""The reporting years that dates lie around."""

_EDGES = [date(y, m, d) for y in range(2018, 2024) for m, d in ((1, 1), (12, 31))]
DAYS = st.one_of(st.sampled_from(_EDGES), st.dates(date(2018, 11, 1), date(2023, 2, 28)))
GAPS = st.sampled_from([0, 1, 5, 30, 365, 366, 700, 1200])
_NUMBERS = st.integers(1, 6).map(lambda n: f"号{n}")
AMOUNTS = st.sampled_from(["0", "0.01", "12.35", "100", "99999.999999", "3.10", "0.000001", None])
WORDS = st.sampled_from([None, "关于征求意见的通知", "“引号”,逗号", "第二行\n换行"])
WRECKS = ["", " ", "不明", "2021-02-30", "2021-13-01", "-1", "1.1234567", "3", "2020-06-30", None]
"""What a clerk's slip leaves in a cell; in some columns some of them are good values."""


def spelled(register: str, column: str) -> st.SearchStrategy[str]:
    """A code, its label, or its label without the number."""
    spellings = []
    for code, label in codes_of(register, column).items():
        spellings += [code, label]
        if label[0] == "（":
            spellings.append(label.split("）", 1)[1])
        elif label[0].isdigit() and "." in label[:3]:
            spellings.append(label.split(".", 1)[1])
    return st.sampled_from(spellings)


def _after(draw: st.DrawFn, day: date) -> str | None:
    """Draw a later day, or none."""
    return (day + timedelta(draw(GAPS))).isoformat() if draw(st.booleans()) else None


@st.composite
def _documents(draw: st.DrawFn) -> Row:
    day = draw(DAYS)
    return {
        "title": draw(WORDS),
        "kind": draw(spelled("documents", "kind")),
        "issued_on": day.isoformat(),
        "published_on": _after(draw, day),
        "repealed_on": _after(draw, day),
    }


@st.composite
def _items(draw: st.DrawFn) -> Row:
    day = draw(DAYS)
    return {
        "kind": draw(spelled("items", "kind")),
        "effective_from": day.isoformat(),
        "effective_to": _after(draw, day),
    }


@st.composite
def _applications(draw: st.DrawFn) -> Row:
    day = draw(DAYS)
    replied = _after(draw, day)
    return {
        "received_on": day.isoformat(),
        "applicant_type": draw(spelled("applications", "applicant_type")),
        "channel": draw(st.none() | spelled("applications", "channel")),
        "replied_on": replied,
        "outcome": draw(spelled("applications", "outcome")) if replied else None,
        "supplement_due_on": _after(draw, day),
        "extended_on": _after(draw, day),
        "consulting_days": draw(st.sampled_from([None, "0", "12"])),
        "fee_notified_on": None,
        "fee_paid_on": _after(draw, day),
        "fee_yuan": draw(AMOUNTS),
        "requested": draw(WORDS),
    }


@st.composite
def _disputes(draw: st.DrawFn) -> Row:
    day = draw(DAYS)
    closed = _after(draw, day)
    return {
        "route": draw(spelled("disputes", "route")),
        "role": draw(st.none() | spelled("disputes", "role")),
        "application_no": draw(st.none() | _NUMBERS),
        "filed_on": day.isoformat(),
        "closed_on": closed,
        "result": draw(spelled("disputes", "result")) if closed else None,
    }


@st.composite
def _hotline(draw: st.DrawFn) -> Row:
    day = draw(DAYS)
    return {"received_on": day.isoformat(), "replied_on": _after(draw, day), "topic": draw(WORDS)}


@st.composite
def _proposals(draw: st.DrawFn) -> Row:
    day = draw(DAYS)
    return {
        "kind": draw(spelled("proposals", "kind")),
        "received_on": day.isoformat(),
        "replied_on": _after(draw, day),
        "published": draw(st.sampled_from(["是", "否", None])),
    }


_ISO = DAYS.map(date.isoformat)
ROWS: dict[str, st.SearchStrategy[Row]] = {
    "disclosures": st.fixed_dictionaries(
        {"title": WORDS, "channel": spelled("disclosures", "channel"), "published_on": _ISO}
    ),
    "documents": _documents(),
    "items": _items(),
    "decisions": st.fixed_dictionaries({"kind": spelled("decisions", "kind"), "decided_on": _ISO}),
    "charges": st.fixed_dictionaries({"item": WORDS, "collected_on": _ISO, "amount_yuan": AMOUNTS}),
    "applications": _applications(),
    "disputes": _disputes(),
    "hotline": _hotline(),
    "activities": st.fixed_dictionaries(
        {
            "kind": spelled("activities", "kind"),
            "held_on": _ISO,
            "participants": st.sampled_from([None, "0", "35", "120"]),
        }
    ),
    "proposals": _proposals(),
    "procurement": st.fixed_dictionaries(
        {"title": WORDS, "awarded_on": _ISO, "amount_yuan": AMOUNTS}
    ),
}
"""A row of each case register without its town and number."""

_ADDRESSES = sorted(
    {
        "t2.normative_documents.made",
        "t2.normative_documents.in_force",
        "t2.normative_documents.public_total",
        "t2.licensing.decisions",
        "t2.licensing.items_change",
        "t2.licensing.items_last_year",
        "t2.charges.amount",
        "t2.procurement.amount",
        "t3.received.total",
        "t3.other.total",
        "t3.other.other.total",
        "t4.litigation_direct.total",
        "t4.reconsideration.upheld",
    }
)
FIGURES = st.fixed_dictionaries(
    {
        "year": st.sampled_from(YEARS).map(str),
        "code": st.sampled_from([*sorted(FACTS), *_ADDRESSES, "t3.nothing.total"]),
        "value": st.sampled_from(["0", "1", "2", "1031", "-2", "0.5", "12.345678", "很多", ""]),
        "source": st.sampled_from([None, "已公布的年报"]),
    }
)
COVERAGE = st.fixed_dictionaries(
    {
        "from_year": st.sampled_from(["2019", "2019", "2019", "2020", "2021", "2023"]),
        "to_year": st.sampled_from([None, None, None, "2019", "2021", "2018"]),
    }
)


@dataclass(frozen=True)
class County:
    """Raw registers of some towns, as a person might hand them in."""

    towns: dict[str, str]
    tables: dict[str, list[Row]]
    editions: dict[str, str] = field(default_factory=dict)
    chinese: bool = False
    """Whether the tables have the Chinese headings."""

    def with_rows(self, extra: dict[str, list[Row]]) -> County:
        """Return the county with rows added at the end of its registers."""
        tables = {name: list(rows) for name, rows in self.tables.items()}
        for name, rows in extra.items():
            tables.setdefault(name, []).extend(rows)
        return replace(self, tables=numbered(tables))

    def all_tables(self) -> dict[str, list[Row]]:
        """Return the tables with that of the towns."""
        towns = [
            {
                "town": id_,
                "name": name,
                "county": "示例县",
                "kind": "town",
                "edition": self.editions.get(id_),
            }
            for id_, name in self.towns.items()
        ]
        return {"towns": towns, **self.tables}


def numbered(tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Give each row the number that a spreadsheet shows."""
    return {
        name: [{**row, "row": number} for number, row in enumerate(rows, 2)]
        for name, rows in tables.items()
    }


NUMBER: dict[str, str] = {
    name: next(k for k in rules.key if k not in ("town", "channel", "kind", "received_on"))
    for name, rules in RULES.items()
    if name in CASES
}
"""The column of each case register that holds a case's number."""


def rows_of(register: str, towns: list[str | None], *, most: int) -> st.SearchStrategy[list[Row]]:
    """Rows of a register with towns and numbers; numbers repeat now and then."""
    head = st.fixed_dictionaries({"town": st.sampled_from(towns), NUMBER[register]: _NUMBERS})
    return st.lists(st.tuples(head, ROWS[register]).map(lambda p: {**p[0], **p[1]}), max_size=most)


@st.composite
def counties(
    draw: st.DrawFn,
    *,
    bad: bool = True,
    figures: bool = True,
    covered: bool = False,
    whole: bool = False,
) -> County:
    """A county: one town or several, some registers, slips of the pen, gaps in what is kept."""
    names = {"donggou": "东沟镇", "beishan": "北山街道", "xihe": "西河乡"}
    towns = dict(list(names.items())[: draw(st.sampled_from([1, 1, 2, 3]))])
    named: list[str | None] = [*towns, *towns, "东沟镇"]
    if bad:
        named += [None, "nowhere"]
    chosen = draw(st.lists(st.sampled_from([*CASES]), unique=True, max_size=6))
    # Good rows have numbers of their own: a number that repeats with other content is a slip.
    tables = {name: draw(rows_of(name, named, most=6)) for name in chosen}
    if (
        covered or whole or draw(st.integers(0, 3))
    ):  # most towns hand in every table, also of what did not happen
        tables = {name: [] for name in CASES} | tables
    if not bad:
        for name, rows in tables.items():
            for at, row in enumerate(rows):
                row[NUMBER[name]] = f"号{at}"
    if bad:
        _wreck(draw, tables)
    tables["coverage"] = _coverage(draw, towns, covered=covered)
    if figures and draw(st.booleans()):
        tables["figures"] = draw(
            st.lists(
                st.tuples(st.sampled_from(named), FIGURES).map(lambda p: {"town": p[0], **p[1]}),
                max_size=5,
            )
        )
    editions = {
        town: code for town in towns if (code := draw(st.sampled_from([None, "2019", "2021"])))
    }
    return County(towns, numbered(tables), editions, draw(st.booleans()))


def _coverage(draw: st.DrawFn, towns: Iterable[str], *, covered: bool) -> list[Row]:
    whole = {"from_year": "2018", "to_year": None}
    every = covered or draw(st.booleans())
    return [
        {"town": town, "register": register, **(whole if every else draw(COVERAGE))}
        for town in towns
        for register in CASES
        if every or draw(st.integers(0, 4))
    ]


def _wreck(draw: st.DrawFn, tables: dict[str, list[Row]]) -> None:
    """Make slips: a cell overwritten, a row twice, a row twice with a difference, a cell too many."""
    filled = [name for name, rows in tables.items() if rows]
    if not filled:
        return
    for _ in range(draw(st.integers(0, 4))):
        name = draw(st.sampled_from(filled))
        rows = tables[name]
        row = rows[draw(st.integers(0, len(rows) - 1))]
        slip = draw(st.sampled_from(["cell", "cell", "twice", "differs", "extra"]))
        if slip == "extra":
            row["extra"] = "错位"
        elif slip == "twice":
            rows.append(dict(row))
        else:
            changed = dict(row) if slip == "differs" else row
            changed[draw(st.sampled_from(sorted({*changed} - {"town"})))] = draw(
                st.sampled_from(WRECKS)
            )
            if slip == "differs":
                rows.append(changed)


# Writing them down


def _headings(register: str, columns: list[str], *, chinese: bool) -> list[str]:
    return [REGISTERS[register].column(c).heading if chinese else c for c in columns]


def _columns(rows: list[Row], register: str) -> list[str]:
    held = {name for row in rows for name in row} - {"row", "extra"}
    known = [column.name for column in REGISTERS[register].columns]
    needed = {c.name for c in REGISTERS[register].columns if c.key or c.needed}
    return [name for name in known if name in held | needed]


def write_csv(county: County, folder: Path) -> None:
    """Write a county as one CSV file a register."""
    for register, rows in county.all_tables().items():
        columns = _columns(rows, register)
        with (folder / f"{register}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(_headings(register, columns, chinese=county.chinese))
            for row in rows:
                cells = ["" if row.get(c) is None else row.get(c) for c in columns]
                writer.writerow([*cells, row["extra"]] if row.get("extra") else cells)


def write_xlsx(county: County, folder: Path) -> None:
    """Write a county as one workbook, a sheet a register."""
    with xlsxwriter.Workbook(str(folder / "台账.xlsx")) as book:
        for register, rows in county.all_tables().items():
            columns = _columns(rows, register)
            heading = REGISTERS[register].heading if county.chinese else register
            sheet = book.add_worksheet(heading)
            sheet.write_row(0, 0, _headings(register, columns, chinese=county.chinese))
            for line, row in enumerate(rows, 1):
                for place, column in enumerate(columns):
                    if row.get(column) is not None:
                        sheet.write_string(line, place, str(row[column]))
                if row.get("extra"):
                    sheet.write_string(line, len(columns), row["extra"])


def write_parquet(county: County, folder: Path) -> None:
    """Write a county as one Parquet file a register. Parquet has no cells too many."""
    for register, rows in county.all_tables().items():
        columns = _columns(rows, register)
        frame = pd.DataFrame({c: [row.get(c) for row in rows] for c in columns}, dtype="object")
        frame.columns = pd.Index(_headings(register, columns, chinese=county.chinese))
        frame.to_parquet(folder / f"{register}.parquet")


WRITERS: dict[str, Callable[[County, Path], Any]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
}
