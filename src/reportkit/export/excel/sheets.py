"""A workbook under way: its formats, and what may be written into a cell of it."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from reportkit.export.seal import Seal
from reportkit.form import CellValue, plain
from reportkit.prose.fold import columns

CARRIED: Final = "reportkit"
"""The sheet that carries the seal."""

UNKNOWN: Final = "未知"
EQUAL: Final = "相等"
UNEQUAL: Final = "不相等"
"""How the result of a check begins that does not hold."""

_LINE: Final = 15.0
_HIGHEST: Final = 405.0
"""Points of a line, and of the highest row that Excel has."""
LONGEST: Final = 32_000
"""Excel takes 32,767 characters in a cell."""
MOST_DIGITS: Final = 15
"""Excel counts with so many digits: a number with more stands as text, so that none is lost."""

_FORMULA_SIGNS: Final = ("=", "+", "-", "@")
_STAMP: Final = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_BASE: Final = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
_LINES: Final = {**_BASE, "border": 1, "border_color": "#808080", "text_wrap": True}
_FIGURE: Final = {**_LINES, "text_wrap": False, "align": "right", "indent": 1}
"""A figure keeps away from the text that begins in the next column."""


def exact(value: CellValue) -> int | Decimal | str:
    """Return what stands for a value in a cell: the number, else a text that loses nothing.

    >>> exact(Decimal("1.5")), exact(None), exact(10**20)
    (Decimal('1.5'), '未知', '100000000000000000000')
    """
    if value is None:
        return UNKNOWN
    amount = Decimal(value)
    digits = amount.normalize().as_tuple().digits
    held = len(digits) <= MOST_DIGITS and abs(amount) < 10**MOST_DIGITS
    return value if held else plain(Decimal(value))


def number_of(value: CellValue) -> int | Decimal | None:
    """Return a value where Excel can compute with it, ``None`` where it is unknown or stands as text."""
    shown = exact(value)
    return None if isinstance(shown, str) else shown


def lines_taken(text: str, width: float) -> int:
    """Return how many lines a text takes in a column; a Chinese character is as wide as two figures.

    >>> lines_taken("要求行政机关确认或重新出具已获取信息", 22), lines_taken("增加6条，增长11.1%", 18), lines_taken("", 22)
    (2, 1, 1)
    """
    room = max(int(width / 2), 1) * 2
    return sum(max(math.ceil(columns(line) / room), 1) for line in text.split("\n"))


def pieces(text: str, width: float) -> Iterator[str]:
    """Yield a text in pieces that are no wider than a table, each as long as whole clauses allow.

    >>> list(pieces("全年41条，2月最多；全年12条，3月最多。", 20))
    ['全年41条，2月最多；', '全年12条，3月最多。']
    """
    piece = ""
    for clause in re.findall(r"[^，、；。]*[，、；。]|[^，、；。]+", text):
        if piece and columns(piece + clause) > width:
            yield piece
            piece = ""
        piece += clause
    if piece:
        yield piece


class Book:
    """One workbook in memory."""

    def __init__(self, title: str, author: str) -> None:
        self._buffer = io.BytesIO()
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.workbook: Any = xlsxwriter.Workbook(self._buffer, options)
        self.workbook.set_properties(
            {
                "title": title,
                "author": author,
                "subject": "政府信息公开工作年度报告",
                "created": _STAMP,
            }
        )
        self.workbook.set_calc_mode("auto")
        looks: dict[str, dict[str, Any]] = {
            "title": {**_BASE, "bold": True, "font_size": 16},
            "text": {**_BASE, "text_wrap": True, "valign": "top"},
            "plain": _BASE,
            "head": {**_LINES, "bold": True, "align": "center", "bg_color": "#F2F2F2"},
            "column": {**_LINES, "bold": True, "align": "center"},
            "label": _LINES,
            "count": {**_FIGURE, "num_format": "0"},
            "signed": {**_FIGURE, "num_format": "+0;-0;0"},
            "decimal": _FIGURE,
            "digits": {**_LINES, "align": "right"},
            "unknown": {**_FIGURE, "italic": True, "font_color": "#595959"},
            "check": {**_BASE, "align": "center", "text_wrap": True, "font_color": "#1F5F3F"},
            "broken": {"bg_color": "#C00000", "font_color": "#FFFFFF", "bold": True},
        }
        self.looks = {name: self.workbook.add_format(look) for name, look in looks.items()}
        quoted = {name: {**look, "quote_prefix": True} for name, look in looks.items()}
        self._quoted = {name: self.workbook.add_format(look) for name, look in quoted.items()}

    def sheet(
        self, name: str, title: str, notes: Sequence[str] = (), widths: Sequence[float] = ()
    ) -> Any:
        """Return a new sheet with its title in A1 and its notes from A2 on."""
        made = self.workbook.add_worksheet(name)
        for column, width in enumerate(widths):
            made.set_column(column, column, width)
        self.text(made, 0, 0, title, "title")
        for row, note in enumerate(notes, 1):
            self.text(made, row, 0, note, "plain")
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        return made

    def text(self, sheet: Any, row: int, column: int, text: str, look: str = "text") -> None:
        """Write a text as text, whatever it begins with."""
        looks = self._quoted if text.startswith(_FORMULA_SIGNS) else self.looks
        sheet.write_string(row, column, text[:LONGEST], looks[look])

    def fit(self, sheet: Any, row: int, texts: Iterable[tuple[str, float]]) -> None:
        """Make a row as high as its texts need in columns of these widths: merged cells do not grow by themselves."""
        lines = max((lines_taken(text, width) for text, width in texts), default=1)
        if lines > 1:
            sheet.set_row(row, min(_LINE * lines, _HIGHEST))

    def value(
        self, sheet: Any, row: int, column: int, value: CellValue, kind: str = "decimal"
    ) -> None:
        """Write a figure as a number; an unknown one says so."""
        shown = exact(value)
        if isinstance(shown, str):
            look = "unknown" if value is None else "digits"
            sheet.write_string(row, column, shown, self.looks[look])
        else:
            sheet.write_number(row, column, shown, self.looks[kind])

    def formula(
        self,
        sheet: Any,
        row: int,
        column: int,
        formula: str,
        *,
        result: CellValue | str,
        look: str = "decimal",
    ) -> None:
        """Write a formula with the result that it has now."""
        shown = result if isinstance(result, str) else exact(result)
        cached = shown if isinstance(shown, str) else str(plain(Decimal(shown)))
        sheet.write_formula(row, column, formula, self.looks[look], cached)

    def table(self, sheet: Any, name: str, first: int, columns: Sequence[str], rows: int) -> None:
        """Make the rows under a heading row a named table; in print the heading repeats.

        No filter, frozen pane, fill or band: they hinder who reads by ear or keyboard, and Excel shows the headings
        of a table in place of the columns' letters anyway.
        """
        options = {
            "name": name,
            "columns": [{"header": c, "header_format": self.looks["column"]} for c in columns],
            "style": "Table Style Light 1",
            "autofilter": False,
            "banded_rows": False,
        }
        sheet.add_table(first, 0, first + max(rows, 1), len(columns) - 1, options)
        sheet.repeat_rows(first)

    def red_when_broken(
        self, sheet: Any, first: int, column: int, last: int, last_column: int
    ) -> None:
        """Make a check red as soon as it does not hold."""
        rule = {
            "type": "text",
            "criteria": "begins with",
            "value": UNEQUAL,
            "format": self.looks["broken"],
        }
        sheet.conditional_format(first, column, last, last_column, rule)

    def carry(self, seal: Seal) -> None:
        """Write the seal on a sheet that Excel shows to nobody: its header, then the JSON in pieces."""
        sheet = self.workbook.add_worksheet(CARRIED)
        sheet.very_hidden()
        sheet.write_string(0, 0, seal.header)
        for row, place in enumerate(range(0, len(seal.text), LONGEST), 1):
            sheet.write_string(row, 0, seal.text[place : place + LONGEST])

    def close(self) -> bytes:
        """Return the workbook's bytes."""
        self.workbook.close()
        return self._buffer.getvalue()


def reference(sheet: str, row: int, column: int) -> str:
    """Return a cell of another sheet as a formula names it."""
    return f"'{sheet}'!{xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True)}"
