"""Reports rendered in the layouts in which they are met: pages, and text copied out of them.

Everything is drawn from the edition's own layout, so both editions come in every shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape

from reportkit.form import CellValue, Edition, load_edition, plain
from reportkit.form.layout import Figure, HeadCell, layout

MARKS = ("", "/", "—", "-", "无", "不适用", "——")


@dataclass(frozen=True, slots=True)
class Slot:
    """A cell of a printed table."""

    text: str
    address: str | None = None
    colspan: int = 1
    rowspan: int = 1


@dataclass(frozen=True, slots=True)
class Printed:
    """A report as it is to be printed: its tables as rows of slots, and the prose around them."""

    edition: Edition
    tables: tuple[tuple[tuple[Slot, ...], ...], ...]
    name: str = "云河镇人民政府"
    year: int = 2023
    headings: tuple[str, ...] = ()
    prose: Mapping[str, str] = field(
        default_factory=lambda: {
            "s1": "全年主动公开政府信息57条，未收到政府信息公开申请。",
            "s5": "一是公开形式不够丰富；二是更新不够及时。下一步将加强培训。",
            "s6": "无其他需要报告的事项。",
        }
    )

    @property
    def title(self) -> str:
        return f"{self.name}{self.year}年政府信息公开工作年度报告"

    def with_cells(self, change: Callable[[Slot], Slot]) -> Printed:
        """Return the report with every slot changed."""
        return replace(
            self,
            tables=tuple(
                tuple(tuple(change(slot) for slot in row) for row in table) for table in self.tables
            ),
        )

    def with_tables(
        self, change: Callable[[tuple[tuple[Slot, ...], ...]], Sequence[Sequence[Slot]]]
    ) -> Printed:
        """Return the report with every table changed."""
        return replace(
            self, tables=tuple(tuple(map(tuple, change(table))) for table in self.tables)
        )


def show(value: CellValue) -> str:
    return "" if value is None else str(value) if isinstance(value, int) else plain(value)


def _slot(
    slot: HeadCell | Figure,
    values: Mapping[str, CellValue],
    write: Callable[[str, CellValue], str] | None,
) -> Slot:
    if isinstance(slot, HeadCell):
        return Slot(slot.text, None, slot.colspan, slot.rowspan)
    address = slot.cell.address
    value = values.get(address)
    return Slot(write(address, value) if write else show(value), address, slot.colspan)


def printed(
    code: str, values: Mapping[str, CellValue], write: Callable[[str, CellValue], str] | None = None
) -> Printed:
    """Return a report of an edition; ``write`` prints a cell's value."""
    edition = load_edition(code)
    tables = []
    for table in edition.tables.values():
        rows: list[tuple[Slot, ...]] = []
        for part in layout(table).parts:
            rows.extend(
                tuple(_slot(slot, values, write) for slot in line)
                for line in (*part.head, *part.body)
            )
        tables.append(tuple(rows))
    headings = tuple(section.title for section in edition.sections if section.title is not None)
    return Printed(edition, tuple(tables), headings=headings)


def _assemble(
    report: Printed, table: Callable[[tuple[tuple[Slot, ...], ...]], str], join: str
) -> str:
    one, two, three, four, five, six = report.headings
    parts = [report.title, one, report.prose["s1"]]
    for heading, rows in zip((two, three, four), report.tables, strict=True):
        parts += [heading, table(rows)]
    parts += [five, report.prose["s5"], six, report.prose["s6"]]
    return join.join(parts) + "\n"


def lines(report: Printed, gap: str = "\n\n") -> str:
    """One cell a line."""
    return _assemble(report, lambda rows: gap.join(s.text for row in rows for s in row), gap)


def lines_with_short_blanks(report: Printed) -> str:
    """One cell a line and an empty line between; a blank cell is one empty line more."""

    def table(rows: tuple[tuple[Slot, ...], ...]) -> str:
        cells = [slot.text for row in rows for slot in row]
        return "".join(f"\n{text}\n" if text else "\n" for text in cells).strip("\n")

    return _assemble(report, table, "\n\n")


def lines_without_blanks(report: Printed) -> str:
    """One cell a line; blank cells leave nothing."""
    return _assemble(
        report, lambda rows: "\n".join(s.text for row in rows for s in row if s.text), "\n"
    )


def pipes(report: Printed, *, lead: bool = False, spans: bool = True, trail: bool = True) -> str:
    """One row a line between pipes; a spanning cell leaves empty ones behind it."""

    def table(rows: tuple[tuple[Slot, ...], ...]) -> str:
        made = []
        for row in rows:
            cells: list[str] = []
            for slot in row:
                cells += [slot.text, *[""] * (slot.colspan - 1 if spans else 0)]
            made.append(("| " if lead else "") + " | ".join(cells) + (" |" if trail else ""))
        return "\n".join(made)

    return _assemble(report, table, "\n")


def cell_pipes(report: Printed) -> str:
    """One cell a line, each closed by a pipe."""

    def table(rows: tuple[tuple[Slot, ...], ...]) -> str:
        made: list[str] = []
        for row in rows:
            made.extend(f"{slot.text} |" for slot in row)
            if row and row[-1].colspan > 1:
                made.append("|" * (row[-1].colspan - 1))
        return "\n".join(made)

    return _assemble(report, table, "\n")


def tabs(report: Printed) -> str:
    """One row a line between tabs, as a browser copies a table."""
    return _assemble(
        report, lambda rows: "\n".join("\t".join(s.text for s in row) for row in rows), "\n"
    )


def spaced(report: Printed) -> str:
    """One row a line, cells between spaces."""
    return _assemble(
        report, lambda rows: "\n".join(" ".join(s.text for s in row) for row in rows), "\n"
    )


def one_line(report: Printed) -> str:
    """The whole report in one line."""
    return " ".join(spaced(report).split())


def glued(report: Printed) -> str:
    """One row a line, nothing between the cells."""
    return _assemble(
        report, lambda rows: "\n".join("".join(s.text for s in row) for row in rows), "\n"
    )


def page(report: Printed, *, chrome: bool = True, tag: str = "td", spans: bool = True) -> str:
    """A web page, with a menu above and a footer below."""

    def table(rows: tuple[tuple[Slot, ...], ...]) -> str:
        body = "".join(
            "<tr>"
            + "".join(
                f"<{tag}"
                + (f' colspan="{s.colspan}"' if spans and s.colspan > 1 else "")
                + (f' rowspan="{s.rowspan}"' if spans and s.rowspan > 1 else "")
                + f"><p><span>{escape(s.text)}</span></p></{tag}>"
                for s in row
            )
            + "</tr>\n"
            for row in rows
        )
        return f"<table>{body}</table>"

    one, two, three, four, five, six = report.headings
    body = [f"<h1>{report.title}</h1>", f"<p>{one}</p>", f"<p>{escape(report.prose['s1'])}</p>"]
    for heading, rows in zip((two, three, four), report.tables, strict=True):
        body += [f"<p>{heading}</p>", table(rows)]
    body += [
        f"<p>{five}</p><p>{report.prose['s5']}</p>",
        f"<p>{six}</p><p>{report.prose['s6']}</p>",
    ]
    above = (
        "<nav><a>首页</a></nav><ul><li>2020年政府信息公开工作年度报告</li></ul>" if chrome else ""
    )
    below = (
        "<div>上一篇：某镇2019年政府信息公开工作年度报告</div><footer>版权所有</footer>"
        if chrome
        else ""
    )
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>{report.title}</title></head>"
        f"<body>{above}<div id='zoom'>{''.join(body)}</div>{below}</body></html>"
    )
