"""A filled workbook, as a clerk has it, and one with faults."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reportkit.registers.workbook import write_template
from tests.acceptance import fill

Change = Callable[[Any], None]


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Return the workbook of a town without a fault."""
    path = tmp_path_factory.mktemp("book") / "台账.xlsx"
    write_template(path)
    fill.main(path)
    return path.read_bytes()


def changed(book: bytes, change: Change) -> bytes:
    """Return a workbook with something changed in it."""
    opened = openpyxl.load_workbook(io.BytesIO(book))
    change(opened)
    body = io.BytesIO()
    opened.save(body)
    return body.getvalue()


def column(sheet: Any, heading: str) -> int:
    """Return the number of the column with a heading."""
    return next(int(cell.column) for cell in sheet[1] if cell.value == heading)


@pytest.fixture(scope="session")
def faulty(filled: bytes) -> bytes:
    """Return the workbook with an outcome that is none, and a name and a number in its personal columns."""

    def change(book: Any) -> None:
        sheet = book["依申请公开台账"]
        sheet.cell(2, column(sheet, "办理结果")).value = "予以公示"
        for heading in ("申请人姓名", "联系电话"):
            found = [cell.column for cell in sheet[1] if str(cell.value or "") == heading]
            for place in found:
                sheet.cell(3, place).value = PERSON[heading]

    return changed(filled, change)


PERSON = {"申请人姓名": "欧阳慕雪", "联系电话": "13912345678"}
"""Whom no output may show."""


def other_town(book: bytes, town: str, name: str) -> bytes:
    """Return the workbook as another town of the county would have filled it in."""

    def change(opened: Any) -> None:
        sheet = opened["单位信息"]
        sheet.cell(2, column(sheet, "单位编号")).value = town
        sheet.cell(2, column(sheet, "单位名称")).value = name

    return changed(book, change)


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """Return the folder in which visits have theirs."""
    folder = tmp_path / "visits"
    folder.mkdir()
    return folder
