"""Register files that are not what they say: read as they were meant, or refused with what to do."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import xlsxwriter

from reportkit.errors import SourceError
from reportkit.registers.reading.clean import clean
from reportkit.registers.reading.files.tables import read_tables
from tests.hostile.table import Row

HEADING = ("单位编号", "申请编号", "收到日期", "申请人类型", "办理结果", "答复日期", "申请内容")
CASE = ("yunxi", "00017", "2021-03-04", "自然人", "", "", "征地补偿\n方案")
DAY = dt.date(2021, 3, 4)

REFUSED = {
    "HTML as .xls": b"<html><table><tr><td>1</td></tr></table></html>",
    "CSV as .xls": ",".join(HEADING).encode("gb18030"),
    "WPS as .xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4088),
    "a picture as .xlsx": b"\x89PNG\r\n\x1a\n" + bytes(100),
    "an empty file": b"",
}


def disguised_rows() -> Iterator[Row]:
    """Yield a row of CSV files, one of workbooks and one of what is refused."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        row = Row(
            "disguised", "CSV in GB18030, UTF-8 and UTF-16, with commas, semicolons, tabs, quotes"
        )
        for encoding, delimiter, end in product(
            ("utf-8", "utf-8-sig", "gb18030", "utf-16"), ",;\t", ("\n", "\r\n")
        ):
            quoted = ((*CASE[:-1], f'"{CASE[-1]}"'),)
            text = end.join(delimiter.join(line) for line in (HEADING, *quoted)) + end
            path = folder / "applications.csv"
            path.write_bytes(text.encode(encoding))
            _expect(row, f"{encoding} {delimiter!r} {end!r}", path)
        yield row
        row = Row(
            "disguised",
            "workbooks: 1904 dates, _x000D_, numbers as text, filtered and merged cells, errors",
        )
        for what, write in BOOKS.items():
            path = folder / "applications.xlsx"
            path.write_bytes(_book(write, date_1904=what == "1904 dates"))
            _expect(row, what, path)
        yield row
        row = Row(
            "disguised", "xls that is HTML, CSV or WPS, pictures, nothing: refused with what to do"
        )
        for what, content in REFUSED.items():
            path = folder / f"applications{what[-4:].strip() if '.' in what else '.xlsx'}"
            path.write_bytes(content)
            row.tried += 1
            try:
                read_tables(path)
            except SourceError as fault:
                if path.name not in str(fault):
                    row.lost.append(f"{what}: {fault}")
            else:
                row.through.append(f"{what}: was read")
        yield row


def _expect(row: Row, what: str, path: Path) -> None:
    """Read a file and compare its one case with what was meant; what cannot be meant must be named."""
    row.tried += 1
    try:
        tables, notes = read_tables(path)
        (table,) = tables
        frame, set_aside = clean("applications", table.frame, table.faults)
    except (SourceError, ValueError) as fault:
        row.lost.append(f"{what}: {fault}")
        return
    said = " ".join([*map(str, notes), *(s.finding.message for _, s in set_aside)])
    if (word := NAMED.get(what)) is not None and word not in said:
        row.lost.append(f"{what}: is not said: {said}")
    if what in SET_ASIDE:
        if len(frame) or len(set_aside) != 1:
            row.through.append(f"{what}: counts: {len(frame)}")
        return
    if len(frame) != 1:
        row.lost.append(f"{what}: {len(frame)} cases; {said}")
        return
    case = frame.iloc[0]
    if (
        case["application_no"] != "00017"
        or dt.date.fromisoformat(str(case["received_on"])[:10]) != DAY
    ):
        row.lost.append(f"{what}: {case['application_no']!r} {case['received_on']!r}")
    if any("_x000D_" in str(value) for value in case):
        row.through.append(f"{what}: _x000D_ is in the text")


def _book(write: Callable[[Any, Any], None], *, date_1904: bool) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"date_1904": date_1904}) as book:
        sheet = book.add_worksheet("依申请公开台账")
        sheet.write_row(0, 0, HEADING)
        for place, text in enumerate(CASE):
            sheet.write_string(1, place, text)
        write(book, sheet)
    return _with_returns(stream)


def _with_returns(book: io.BytesIO) -> bytes:
    """Write line ends into a workbook's texts as other programs do: ``_x000D_``."""
    other = io.BytesIO()
    with zipfile.ZipFile(book) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"^", b"_x000D_"))
    return other.getvalue()


def _date(book: Any, sheet: Any) -> None:
    style = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_datetime(1, 2, dt.datetime(2021, 3, 4), style)  # noqa: DTZ001  # a cell has no zone


def _merged(_book: Any, sheet: Any) -> None:
    sheet.merge_range(1, 2, 1, 3, "2021-03-04")


BOOKS: dict[str, Callable[[Any, Any], None]] = {
    "1904 dates": _date,
    "1900 dates": _date,
    "_x000D_": lambda _, sheet: sheet.write_string(1, 6, "征地补偿^\n方案"),
    "numbers as text": lambda _, sheet: sheet.write_string(1, 2, "44259"),
    "filtered": lambda _, sheet: sheet.set_row(1, None, None, {"hidden": True}),
    "an error value": lambda _, sheet: sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!"),
    "merged": _merged,
}
NAMED = {"filtered": "隐藏", "an error value": "#DIV/0!", "merged": "合并"}
"""What must be said."""
SET_ASIDE = {"an error value", "merged"}
"""A row that cannot be read with certainty counts nowhere, and is named."""
