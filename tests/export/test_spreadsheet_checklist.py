"""The UK Analysis Function's checklist of accessible spreadsheets, point by point.

The points are those of "Making spreadsheets accessible: a brief checklist of the basics", in our words and its order. The
lists pass every point that a program can look at. The sheets that print the form cannot pass all: their reasons stand
beside the points. Not looked at: spelling, and whether a title is of Excel's style "Heading 1", which XlsxWriter has not;
titles stand in A1 in larger, bold letters.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.worksheet import Worksheet

from reportkit.export.document import read_document
from reportkit.export.formats import Printer
from tests.export.conftest import ran

STATUTORY = "the notice of 2021 prints the table so: groups of columns over columns, rows in groups"
BESIDE = "a check stands beside the row and under the column that it judges, where a clerk sees it"


@dataclass(frozen=True)
class Point:
    """One point: what breaks it on a sheet, and why the sheets of the form may."""

    name: str
    broken: Callable[[Worksheet], Iterator[str]]
    form: str = ""
    """Why a sheet that prints the form does not pass; empty: it does."""


def cells(sheet: Worksheet) -> Iterator[openpyxl.cell.Cell]:
    for row in sheet.iter_rows():
        yield from row  # type: ignore[misc]


def area(sheet: Worksheet) -> tuple[int, int, int, int]:
    """Return the table's first column and row and its last ones."""
    (table,) = sheet.tables.values()
    place = CellRange(table.ref)
    return place.min_col, place.min_row, place.max_col, place.max_row


def no_table(sheet: Worksheet) -> Iterator[str]:
    if len(sheet.tables) != 1:
        yield f"{len(sheet.tables)} tables"


def no_name(sheet: Worksheet) -> Iterator[str]:
    yield from (t.displayName for t in sheet.tables.values() if t.displayName.startswith("Table"))


def merged(sheet: Worksheet) -> Iterator[str]:
    yield from map(str, sheet.merged_cells.ranges)


def blank_lines(sheet: Worksheet) -> Iterator[str]:
    left, top, right, bottom = area(sheet)
    rows = list(sheet.iter_rows(top, bottom, left, right, values_only=True))
    if bottom > top + 1:
        yield from (
            f"row {top + n}" for n, row in enumerate(rows) if not any(v is not None for v in row)
        )
    columns = zip(*rows, strict=True)
    yield from (f"column {n}" for n, of in enumerate(columns) if not any(v is not None for v in of))


def heads(sheet: Worksheet) -> Iterator[str]:
    left, top, right, _ = area(sheet)
    (table,) = sheet.tables.values()
    names = [cell.value for cell in next(sheet.iter_rows(top, top, left, right))]
    if table.headerRowCount not in (None, 1) or None in names or len({*names}) < len(names):
        yield f"{names}"


def unwrapped(sheet: Worksheet) -> Iterator[str]:
    left, top, right, bottom = area(sheet)
    for row in sheet.iter_rows(top + 1, bottom, left, right):
        for cell in row:
            words = cell.value if cell.data_type == "s" and not cell.hyperlink else ""
            if len(str(words)) > 12 and not cell.alignment.wrap_text:
                yield cell.coordinate


def filters(sheet: Worksheet) -> Iterator[str]:
    if sheet.freeze_panes:
        yield f"frozen at {sheet.freeze_panes}"
    yield from (t.displayName for t in sheet.tables.values() if t.autoFilter is not None)


def hidden(sheet: Worksheet) -> Iterator[str]:
    yield from (str(n) for n, of in sheet.row_dimensions.items() if of.hidden)
    yield from (str(n) for n, of in sheet.column_dimensions.items() if of.hidden)


def raised(sheet: Worksheet) -> Iterator[str]:
    yield from (cell.coordinate for cell in cells(sheet) if cell.font.vertAlign)


def links(sheet: Worksheet) -> Iterator[str]:
    for cell in cells(sheet):
        if cell.hyperlink and (not cell.value or "://" in str(cell.value)):
            yield cell.coordinate


def small(sheet: Worksheet) -> Iterator[str]:
    yield from (
        c.coordinate for c in cells(sheet) if c.value is not None and (c.font.sz or 11) < 11
    )


def untitled(sheet: Worksheet) -> Iterator[str]:
    title = sheet["A1"]
    if not title.value or not title.font.b or (title.font.sz or 0) < 14:
        yield "A1"


def running(sheet: Worksheet) -> Iterator[str]:
    for part in (sheet.oddHeader, sheet.oddFooter, sheet.evenHeader, sheet.evenFooter):
        if part and (part.left.text or part.center.text or part.right.text):
            yield "header or footer"


def filled(sheet: Worksheet) -> Iterator[str]:
    yield from (c.coordinate for c in cells(sheet) if c.fill.fill_type is not None)


def banded(sheet: Worksheet) -> Iterator[str]:
    yield from (t.displayName for t in sheet.tables.values() if t.tableStyleInfo.showRowStripes)


def colour_alone(sheet: Worksheet) -> Iterator[str]:
    """A colour that comes by itself comes with a word: the rule looks for it."""
    for part in sheet.conditional_formatting:
        yield from (str(part.sqref) for rule in part.rules if rule.text != "不相等")


def pale(sheet: Worksheet) -> Iterator[str]:
    for cell in cells(sheet):
        colour = cell.font.color
        if colour is not None and colour.type == "rgb" and cell.value is not None:
            red, green, blue = (int(colour.rgb[n : n + 2], 16) / 255 for n in (2, 4, 6))
            parts = [
                v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4
                for v in (red, green, blue)
            ]
            light = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
            if 1.05 / (light + 0.05) < 4.5:
                yield cell.coordinate


def pictures(sheet: Worksheet) -> Iterator[str]:
    if sheet._images or sheet._charts:  # type: ignore[attr-defined]
        yield "a picture"


def away_from_the_edge(sheet: Worksheet) -> Iterator[str]:
    if sheet.tables and area(sheet)[0] != 1:
        yield sheet.tables.keys().__iter__().__next__()
    if not sheet.tables and not isinstance(sheet["A3"].value, str):
        yield "A3"


def below(sheet: Worksheet) -> Iterator[str]:
    if sheet.tables and sheet.max_row > area(sheet)[3]:
        yield f"row {sheet.max_row}"
    if not sheet.tables:
        yield from (
            c.coordinate for c in cells(sheet) if str(c.value or "").startswith("勾稽校验（")
        )


POINTS = (
    Point("tables are marked up", no_table, "a marked-up table has no merged cells"),
    Point("tables have names that say what they are", no_name),
    Point("no merged or split cells", merged, STATUTORY),
    Point("no blank rows or columns within a table", blank_lines, "it is no marked-up table"),
    Point("one row of headings, each of its own", heads, "it is no marked-up table"),
    Point("text is wrapped", unwrapped, "it is no marked-up table"),
    Point(
        "no filters and no frozen panes",
        filters,
        "a table wider than a screen keeps its labels in sight",
    ),
    Point("no hidden rows or columns", hidden),
    Point("no raised signs for notes", raised),
    Point("links say where they lead", links),
    Point("letters are large enough", small),
    Point("a descriptive title, in A1", untitled),
    Point("no headers or footers", running),
    Point("no filled cells", filled, "headings are told from figures as they are in print"),
    Point("no lines or bands to divide data", banded),
    Point("no colour alone", colour_alone),
    Point("contrast", pale),
    Point("no pictures", pictures),
    Point("the table begins at the left edge", away_from_the_edge),
    Point("nothing below a table", below, BESIDE),
)


@pytest.fixture(scope="module", params=["full-public", "edition-2019-public", "faulty-internal"])
def content(request: pytest.FixtureRequest) -> bytes:
    name, _, audience = str(request.param).rpartition("-")
    return Printer(read_document(ran(name, audience), draft=True)).print("xlsx")  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def book(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def shown(book: Workbook) -> list[Worksheet]:
    return [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]


@pytest.mark.parametrize("point", POINTS, ids=lambda point: point.name)
def test_the_lists_pass_and_the_forms_sheets_where_they_can(book: Workbook, point: Point) -> None:
    sheets = shown(book)
    forms = [sheet for sheet in sheets if not sheet.tables]
    assert len(forms) == 3
    checked = [sheet for sheet in sheets if sheet.tables or not point.form]
    assert {sheet.title: found for sheet in checked if (found := [*point.broken(sheet)])} == {}


def test_a_reason_is_given_only_where_there_is_need(book: Workbook) -> None:
    excused = [point for point in POINTS if point.form and "no marked-up" not in point.form]
    forms = [sheet for sheet in shown(book) if not sheet.tables]
    assert [p.name for p in excused if not any([*p.broken(sheet)] for sheet in forms)] == []


def test_the_book_as_a_whole(content: bytes, book: Workbook) -> None:
    """Names of their own, no blank sheet, no macro, who made it and what it is, the cursor in A1 of the first sheet."""
    assert len({name.lower() for name in book.sheetnames}) == len(book.sheetnames)
    assert all(sheet["A1"].value for sheet in book.worksheets)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert not [name for name in archive.namelist() if "vba" in name.lower()]
    assert book.properties.title
    assert book.properties.creator
    assert book.active is book.worksheets[0]
    assert book.worksheets[0].sheet_view.selection[0].activeCell == "A1"
    # The one sheet that nobody sees carries the report for those who verify it.
    assert [s.title for s in book.worksheets if s.sheet_state != "visible"] == ["reportkit"]
