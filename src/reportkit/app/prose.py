"""Sections five and six: what the register has, and what the clerk writes in its place.

What is written goes into the clerk's own workbook, which can be taken home again; where there is none that can be
written to, it goes into a small table beside it.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any, Final

import openpyxl

from reportkit.app.drafts import drafts
from reportkit.app.visit import Visit
from reportkit.errors import ReadError
from reportkit.files import write_whole
from reportkit.registers.reading.files.sheets import column_of, find_grid, register_named
from reportkit.registers.schema import REGISTERS, codes_of

WRITTEN: Final = ("s5", "s6")
"""The sections that people write."""

BESIDE: Final = "补充文字.csv"
"""The table that takes what no workbook can."""

_BOOKS: Final = (".xlsx", ".xlsm")
_REGISTER: Final = REGISTERS["narratives"]


def written(visit: Visit, town: str, year: int) -> dict[str, str]:
    """Return sections five and six as the register has them, placeholders and all; empty where it has none."""
    texts = dict.fromkeys(WRITTEN, "")
    for row in _rows(visit, town, year):
        if row["section"] in texts:
            parts = filter(None, (texts[row["section"]], str(row["text"])))
            texts[row["section"]] = "\n\n".join(parts)
    return texts


def last_year(visit: Visit, town: str, year: int) -> dict[str, str]:
    """Return what last year's published report said in these sections; empty where none was dropped."""
    report = visit.published.get((town, year - 1))
    return {code: "" if report is None else report.sections.get(code, "") for code in WRITTEN}


def proposed(visit: Visit, town: str, year: int) -> dict[str, str]:
    """Return the drafts of these sections from the figures, without those that stand there already."""
    if visit.source is None:
        return {}
    held = written(visit, town, year)
    dossier = visit.source.load(town, year)
    found = drafts(dossier.report, dossier.timeliness)
    return {code: text for code, text in found.items() if text != held[code]}


def write(visit: Visit, town: str, year: int, texts: dict[str, str]) -> None:
    """Put texts into the register of narratives, and read everything anew; an unchanged text is left alone.

    Raises :class:`~reportkit.errors.ReadError` where a text stands in a file that cannot be written to.
    """
    before = written(visit, town, year)
    changed = {
        code: text.strip() for code, text in texts.items() if text.strip() != before[code].strip()
    }
    if not changed:
        return
    for code, text in changed.items():
        rows = [row for row in _rows(visit, town, year) if row["section"] == code]
        if rows:
            _replace(visit, rows, text)
        elif text:
            _add(visit, town, year, code, text)
    visit.read()


def books(visit: Visit) -> list[Path]:
    """Return the clerk's own workbooks."""
    files = (visit.folder / "registers").rglob("*")
    return sorted(path for path in files if path.suffix.lower() in _BOOKS)


def _rows(visit: Visit, town: str, year: int) -> list[dict[str, Any]]:
    if visit.source is None:
        return []
    frame = visit.source.data(town).frame("narratives")
    rows = frame[frame.year == year].sort_values(["section", "position"]).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _file(visit: Visit, name: str) -> Path:
    """Return the one dropped file of a name, where it can be written to."""
    found = [path for path in (visit.folder / "registers").rglob("*") if path.name == name]
    if len(found) != 1 or found[0].suffix.lower() not in (*_BOOKS, ".csv"):
        raise ReadError(f"第五、六部分的文字在“{name}”中，请在那里修改后重新放入。")
    return found[0]


def _replace(visit: Visit, rows: list[dict[str, Any]], text: str) -> None:
    """Put a text in the place of the first row's, and blank the others."""
    for nth, row in enumerate(rows):
        path = _file(visit, str(row["file"]))
        if path.suffix.lower() == ".csv":
            if path.name != BESIDE:
                raise ReadError(f"第五、六部分的文字在“{path.name}”中，请在那里修改后重新放入。")
            _replace_beside(path, int(row["row"]), text if nth == 0 else "")
            continue
        book = openpyxl.load_workbook(path, keep_vba=path.suffix.lower() == ".xlsm")
        sheet = book[row["sheet"]]
        if nth == 0 and text:
            sheet.cell(int(row["row"]), _places(sheet)["text"] + 1).value = text
        else:
            for cell in sheet[int(row["row"])]:
                cell.value = None
        _save(book, path)


def _add(visit: Visit, town: str, year: int, code: str, text: str) -> None:
    """Add a row below the register's last one, in the town's own workbook where that is clear."""
    label = codes_of("narratives", "section")[code]
    values: dict[str, str | int] = {
        "town": town,
        "year": year,
        "section": label,
        "position": 1,
        "text": text,
    }
    found = books(visit)
    if len(found) == 1:
        book = openpyxl.load_workbook(found[0], keep_vba=found[0].suffix.lower() == ".xlsm")
        for sheet in book.worksheets:
            register = register_named(sheet.title)
            if (
                register is not None
                and register.name == "narratives"
                and (places := _places(sheet))
            ):
                below = 1 + max(
                    n for n, row in enumerate(sheet.iter_rows(values_only=True), 1) if any(row)
                )
                for name, place in places.items():
                    sheet.cell(below, place + 1).value = values.get(name)
                _save(book, found[0])
                return
    path = visit.folder / "registers" / BESIDE
    lines = _lines(path) or [[column.heading for column in _REGISTER.columns]]
    lines.append([str(values.get(column.name, "")) for column in _REGISTER.columns])
    _write_lines(path, lines)


def _places(sheet: Any) -> dict[str, int]:
    """Return where each column of the register stands in a sheet."""
    grid = find_grid([list(row) for row in sheet.iter_rows(values_only=True)], _REGISTER)
    found = {}
    for place, name in enumerate(grid.names):
        column = column_of(_REGISTER, name) if name else None
        if column is not None:
            found[column.name] = place
    return found if {"year", "section", "text"} <= found.keys() else {}


def _save(book: Any, path: Path) -> None:
    content = io.BytesIO()
    book.save(content)
    write_whole(path, content.getvalue())


def _replace_beside(path: Path, number: int, text: str) -> None:
    lines = _lines(path)
    if text:
        place = [column.name for column in _REGISTER.columns].index("text")
        lines[number - 1][place] = text
    else:
        lines[number - 1] = []
    _write_lines(path, lines)


def _lines(path: Path) -> list[list[str]]:
    if not path.is_file():
        return []
    return list(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")))


def _write_lines(path: Path, lines: list[list[str]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    write_whole(path, text.getvalue().encode("utf-8-sig"))
