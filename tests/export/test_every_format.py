"""Every format of six sample reports, read back by programs that did not write it: one figure, one value, everywhere.

LibreOffice reads Word, openpyxl Excel, PDFium the PDF, lxml the page, DuckDB the tidy data.
"""

from __future__ import annotations

import io
import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from lxml import html

from reportkit.export.document import Document, read_document
from reportkit.export.excel.render import CELLS
from reportkit.export.formats import OWN, Printer
from reportkit.export.shown import squeeze
from reportkit.form import CellValue, plain
from reportkit.form.layout import Figure, HeadCell, layout
from reportkit.manifest import Entry, Manifest
from reportkit.notebook.view import View
from reportkit.report import TownReport
from reportkit.running.results.tidy_data import write_data
from reportkit.sources.source import open_source
from tests.export.conftest import ran
from tests.export.test_own_cells import own_cells
from tests.notebooks import executed
from tests.running.test_tidy_data import request
from tests.unpacking import pdf_text, unpacked


def ershilidian() -> Document:
    dossier = open_source("sample:").load("ershilidian", 2021)
    return read_document(executed(View(dossier, dossier.report.public(), "public")))


SAMPLES: Mapping[str, Callable[[], Document]] = {
    "edition 2021": lambda: read_document(ran("full")),
    "edition 2019": lambda: read_document(ran("edition-2019")),
    "draft": lambda: read_document(ran("faulty"), draft=True),
    "unknown": lambda: read_document(ran("bare")),
    "own cells": lambda: read_document(own_cells()),
    "ershilidian": ershilidian,
}


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return {name: make() for name, make in SAMPLES.items()}


@pytest.fixture(scope="module")
def made(documents: dict[str, Document]) -> dict[str, dict[str, bytes]]:
    """Return every sample in every format."""
    found = {}
    for name, document in documents.items():
        printer = Printer(document)
        found[name] = {form.name: printer.print(form.name) for form in OWN}
    return found


def printed(value: CellValue) -> str:
    if value is None:
        return "—"
    return plain(value) if isinstance(value, Decimal) else str(value)


def rows_of(report: TownReport, table: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each row of the form as it is printed: its last heading, and its figures."""
    for part in layout(report.cells.edition.tables[table]).parts:
        for line in part.body:
            label = [slot.text for slot in line if isinstance(slot, HeadCell)][-1:]
            figures = [slot.cell.address for slot in line if isinstance(slot, Figure)]
            yield "".join(label), [printed(report.cells[address]) for address in figures]


def assert_tables(report: TownReport, page: bytes) -> None:
    """Find each table of the form in HTML: a table whose rows end with the figures, in order."""
    grids = [
        [
            ["".join(map(str, cell.itertext())) for cell in row if cell.tag in ("td", "th")]
            for row in t.iter("tr")
        ]
        for t in html.document_fromstring(page.decode()).iter("table")
    ]
    grids = [[[squeeze(text) for text in row] for row in grid] for grid in grids]
    for table in report.cells.edition.tables:
        wanted = [figures for _, figures in rows_of(report, table)]
        found = [[row for row in grid if row] for grid in grids]
        assert any(_ends_with(grid, wanted) for grid in found), table


def _ends_with(grid: list[list[str]], wanted: list[list[str]]) -> bool:
    rows = iter(grid)
    return all(any(row[-len(line) :] == line for row in rows) for line in wanted)


def test_html(documents: dict[str, Document], made: dict[str, dict[str, bytes]]) -> None:
    for name, document in documents.items():
        assert_tables(document.report, made[name]["html"])


def test_json(documents: dict[str, Document], made: dict[str, dict[str, bytes]]) -> None:
    for name, document in documents.items():
        cells = json.loads(made[name]["json"])["cells"]
        assert cells == document.report.cells.to_json()


def test_pdf(documents: dict[str, Document], made: dict[str, dict[str, bytes]]) -> None:
    for name, document in documents.items():
        text = squeeze(pdf_text(made[name]["pdf"]))
        for table in document.report.cells.edition.tables:
            place = text.index(
                squeeze(layout(document.report.cells.edition.tables[table]).table.title[:6])
            )
            for label, figures in rows_of(document.report, table):
                place = text.find(squeeze(label + "".join(figures)), place)
                assert place >= 0, (name, table, label)


def test_excel(documents: dict[str, Document], made: dict[str, dict[str, bytes]]) -> None:
    for name, document in documents.items():
        book = openpyxl.load_workbook(io.BytesIO(made[name]["xlsx"]), data_only=True)
        rows = book[CELLS].iter_rows(min_row=4, values_only=True)
        read = {
            str(row[7]): "—" if row[4] == "未知" else plain(Decimal(str(row[4]))) for row in rows
        }
        assert read == {a: printed(value) for a, value in document.report.cells.items()}


@pytest.mark.needs("libreoffice-writer")
@pytest.mark.needs("libreoffice-calc")
def test_libreoffice_opens_word_and_excel(
    documents: dict[str, Document], made: dict[str, dict[str, bytes]], tmp_path: Path
) -> None:
    """One call opens all: a file that needs repair is not converted."""
    names = {name: f"sample-{nth}" for nth, name in enumerate(documents)}
    for name, stem in names.items():
        for form in ("docx", "xlsx"):
            (tmp_path / f"{stem}.{form}").write_bytes(made[name][form])
    for form in ("docx", "xlsx"):
        (tmp_path / form).mkdir()
    calls = [
        [
            "--convert-to",
            "html",
            "--outdir",
            str(tmp_path / form),
            *map(str, tmp_path.glob(f"*.{form}")),
        ]
        for form in ("docx", "xlsx")
    ]
    for call in calls:
        subprocess.run(
            ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", *call],
            check=True,
            capture_output=True,
            timeout=280,
        )
    for name, stem in names.items():
        assert_tables(documents[name].report, (tmp_path / "docx" / f"{stem}.html").read_bytes())
        page = (tmp_path / "xlsx" / f"{stem}.html").read_text("utf-8")
        assert str(documents[name].report.year) in page


def test_tidy_data(documents: dict[str, Document], tmp_path: Path) -> None:
    """CSV and Parquet of a run of all six hold what the reports hold."""
    asked = request(tmp_path)
    entries: list[Entry] = []
    wanted: dict[tuple[str, str], str] = {}
    for nth, document in enumerate(documents.values()):
        report = document.report
        town = report.town.model_copy(update={"id": f"town-{nth}"})
        name = f"{report.year}/town-{nth}.json"
        digest = asked.output.write(name, report.with_(town=town).to_json().encode())
        entries.append(
            Entry(
                town=f"town-{nth}",
                name=str(town.name),
                county=town.county,
                year=int(report.year or 0),
                status="ok",
                outputs={name: digest},
            )
        )
        wanted |= {(f"town-{nth}", a): printed(value) for a, value in report.cells.items()}
    assert write_data(asked, Manifest("public").with_entries(entries))
    for suffix, read in (("parquet", "read_parquet"), ("csv", "read_csv")):
        path = asked.output.where(f"data/cells.{suffix}")
        options = "" if suffix == "parquet" else ", all_varchar=true"
        query = f"select town, address, value, status from {read}('{path}'{options})"
        rows: list[tuple[Any, ...]] = duckdb.connect().execute(query).fetchall()
        found = {
            (town, address): "—" if status == "unknown" else plain(Decimal(str(value)))
            for town, address, value, status in rows
        }
        assert found == wanted


@cache
def _again(name: str) -> dict[str, bytes]:
    printer = Printer(SAMPLES[name]())
    return {form.name: printer.print(form.name) for form in OWN}


@pytest.mark.parametrize("name", ["own cells", "draft"])
def test_the_same_inputs_give_the_same_bytes(name: str, made: dict[str, dict[str, bytes]]) -> None:
    for form, content in _again(name).items():
        assert content == made[name][form], form


def test_a_users_own_cells_stand_in_every_format(made: dict[str, dict[str, bytes]]) -> None:
    """Table, chart, picture and prose of a user's own, wherever a format prints blocks."""
    content = made["own cells"]
    for form in ("html", "docx", "xlsx", "pdf", "portal"):
        every = b"".join(body for _, body in unpacked(form, content[form]))
        words = squeeze(every.decode("utf-8", "ignore"))
        for said in ("附:我镇补充说明", "自己写的", "指标", "自制图", "一个圆", "一个点"):
            assert said in words, (form, said)


def test_a_draft_says_so_everywhere_and_tells_no_finding(
    documents: dict[str, Document], made: dict[str, dict[str, bytes]]
) -> None:
    assert documents["draft"].draft
    for form, content in made["draft"].items():
        every = b"".join(body for _, body in unpacked(form, content)).decode("utf-8", "ignore")
        if form != "json":
            assert "草稿" in every, form
        for word in ("REGISTER-ROW", "applications.csv", "内部核对"):
            assert word not in every, (form, word)
