"""Hostile texts on the other ways that texts take: published files, registers, params, findings, the index, tables."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from html import escape
from pathlib import Path

import openpyxl
import xlsxwriter

from reportkit.errors import ReportkitError
from reportkit.export.document import read_document
from reportkit.export.formats import Printer
from reportkit.export.index import render_index
from reportkit.finding import Finding
from reportkit.form import load_edition
from reportkit.project import find_project
from reportkit.published import PublishedReport, read_bytes
from reportkit.published.tidy import write_tidy
from reportkit.registers.ingest.ingest import ingest
from reportkit.registers.ingest.marked import write_faults
from reportkit.review.checked import Checked
from reportkit.review.decisions import review
from reportkit.review.letters import render_letter
from reportkit.review.workbook import render_checks_workbook
from tests import dossiers
from tests.export.conftest import shown
from tests.export.test_index import entry
from tests.hostile.disguised import CASE, HEADING
from tests.hostile.injection import TEXTS, faults_of
from tests.hostile.table import Row
from tests.notebooks import executed
from tests.published import rendering

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""
LINKS = ("http://192.0.2.1/x", "mailto:a@192.0.2.1", "internal:A1", "external:c:\\x.exe", "ftp://x")
"""What xlsxwriter itself takes for a link."""
MOST_NAME = 31
"""UTF-16 units of a sheet's name, by Excel."""


def carried_rows(texts: tuple[str, ...] = TEXTS) -> Iterator[Row]:
    """Yield a row a way."""
    with tempfile.TemporaryDirectory() as name, _within(Path(name)) as folder:
        yield published(texts)
        yield registers(folder, texts)
        yield params(folder, texts)
        yield findings(texts)
        yield index()
        yield _nothing_made(folder)


class _within:  # noqa: N801  # used as a function
    """Stand in a folder: what hostile text makes with a relative path is seen there."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._before = folder, Path.cwd()

    def __enter__(self) -> Path:
        os.chdir(self._folder)
        return self._folder

    def __exit__(self, *_: object) -> None:
        os.chdir(self._before)


def _nothing_made(folder: Path) -> Row:
    row = Row("injection", "files that a text made where all this was read and written", tried=1)
    own = {"work", "params"}
    row.through += [path.name for path in folder.iterdir() if path.name not in own]
    return row


def published(texts: tuple[str, ...]) -> Row:
    """Read pages whose town, narrative and cells are hostile, as they stand and escaped; print what was read."""
    row = Row("injection", "hostile texts in published pages, read and printed: page, JSON, CSV")
    plain = rendering.page(
        rendering.printed("2021", dict.fromkeys(load_edition("2021").addresses, 4))
    )
    for text in texts:
        for each in (text, escape(text)):
            row.tried += 1
            page = plain.replace(
                "<body>", f"<body><h1>{each}镇2021年政府信息公开工作年度报告</h1>", 1
            )
            page = page.replace("</table>", f"</table><p>{each}</p>", 1)
            with suppress(ReportkitError):
                for read in read_bytes(page.encode(), f"{text[:20]}.html"):
                    row.through += [f"{text[:30]!r}: {fault}" for fault in _printed(read)]
    return row


def _printed(read: PublishedReport) -> Iterator[str]:
    table = io.StringIO()
    write_tidy([read], table)
    for line in csv.reader(io.StringIO(table.getvalue())):
        yield from (f"{value[:30]!r} in the CSV" for value in line if value.startswith(FORMULA))
    json.loads(json.dumps(read.to_dict(), ensure_ascii=False))
    whole = dossiers.dossier()
    town = whole.report.town.model_copy(update={"name": read.report.town.name or "某镇"})
    report = whole.report.with_(town=town, sections=dict(read.report.sections))
    notebook = executed(shown(replace(whole, report=report)))
    yield from faults_of(".html", Printer(read_document(notebook, draft=True)).print("html"))


def registers(folder: Path, texts: tuple[str, ...]) -> Row:
    """Take in registers whose cells, sheets and files have hostile names; look at the workbook of their faults."""
    row = Row(
        "injection", "hostile cells, sheet names and file names of registers, and their faults.xlsx"
    )
    work = folder / "work"
    work.mkdir()
    store = f"duckdb:///{work / 'store.duckdb'}"
    for number, text in enumerate((*texts, *LINKS)):
        row.tried += 1
        inside = work / str(number)
        inside.mkdir()
        _register(inside / "applications.xlsx", text, "依申请公开台账")
        _register(inside / "named.xlsx", text, text)
        with (inside / f"{_file_name(text)}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows((HEADING, _case(text)))
        results = ingest([inside], store)
        write_faults(work / "faults.xlsx", results)
        content = (work / "faults.xlsx").read_bytes()
        row.through += [f"{text[:30]!r}: {fault}" for fault in faults_of(".xlsx", content)]
        try:
            names = openpyxl.load_workbook(io.BytesIO(content)).sheetnames
        except Exception as fault:  # noqa: BLE001  # whatever openpyxl says of a broken workbook
            row.lost.append(f"{text[:30]!r}: faults.xlsx cannot be opened: {fault}")
            continue
        row.lost += [
            f"{text[:30]!r}: the sheet's name {name!r}"
            for name in names
            if len(name.encode("utf-16-le")) // 2 > MOST_NAME or name.startswith("'")
        ]
    return row


def _file_name(text: str) -> str:
    """Return the most of a text that this file system takes for a file's name."""
    kept = text.replace("/", "").replace("\x00", "").encode()[:200]
    return "applications_" + kept.decode(errors="ignore")


def _case(text: str) -> tuple[str, ...]:
    return (CASE[0], CASE[1], *[text] * (len(HEADING) - 2))


def _register(path: Path, text: str, name: str) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.name = "".join(c for c in name if c not in "[]:*?/\\\x00\x08\x1b")[:31] or "x"
        sheet.write_row(0, 0, HEADING)
        for place, value in enumerate(_case(text)):
            sheet.write_string(1, place, value)


def params(folder: Path, texts: tuple[str, ...]) -> Row:
    """Give a project hostile values for every text of its params: read as text, or refused."""
    row = Row("injection", "hostile texts in params: towns, counties, portal, parameters")
    where = folder / "params"
    where.mkdir()
    for text in texts:
        for plain in (False, True):  # quoted by a YAML library, and as it stands
            row.tried += 1
            value = text if plain else _quoted(text)
            town = f"{{id: yunxi, name: {value}, county: {value}, province: {value}, issuer: {value}, kind: town}}"
            (where / "towns.yaml").write_text(f"towns:\n- {town}\n", "utf-8")
            batch = f"source: 'sample:'\ntowns: towns.yaml\nyears: [2021]\nlicence: {value}\n"
            portal = f"portal: {{yunxi: {{2021: {{topic: {value}, doc_no: {value}}}}}}}\n"
            (where / "batch.yaml").write_text(
                f"{batch}{portal}parameters: {{own: {value}}}\n", "utf-8"
            )
            try:
                project = find_project(batch=where / "batch.yaml")
            except ReportkitError as fault:
                if not plain:
                    row.lost.append(f"{text[:30]!r}: was refused: {fault}")
                continue
            said = [town.name for town in project.towns.values()]
            if not plain and said != [text]:
                row.lost.append(f"{text[:30]!r}: was read as {said}")
            if any(not isinstance(each, str) for each in said):
                row.through.append(f"{text[:30]!r}: became {said}")
    return row


def _quoted(text: str) -> str:
    """Return a text in YAML's double quotes: JSON's, but that YAML has no escape of two halves for an astral sign."""
    return "".join(['"', *(c if ord(c) > 0xFFFF else json.dumps(c)[1:-1] for c in text), '"'])


def findings(texts: tuple[str, ...]) -> Row:
    """Write findings with hostile texts into the county's workbook and letter."""
    row = Row("injection", "hostile texts in findings: the county's workbook and letters")
    for text in (*texts, *LINKS):
        row.tried += 1
        report = dossiers.dossier().report
        report = report.with_(town=report.town.model_copy(update={"name": text, "issuer": text}))
        found = Finding(code="SOURCE", level="error", message=text, basis=text)
        reviewed = review(report, [found], [])
        checked = Checked(report=report, findings=reviewed, file=f"{text[:20]}.json")
        for suffix, content in {
            ".xlsx": render_checks_workbook([checked]),
            ".docx": render_letter(checked, issuer=text),
        }.items():
            row.through += [f"{text[:30]!r}: {fault}" for fault in faults_of(suffix, content)]
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                row.lost += [] if archive.testzip() is None else [f"{text[:30]!r}: {suffix}"]
    return row


def hostile_index() -> bytes:
    """Return an index whose bodies, counties and errors are hostile."""
    return render_index(
        entry(f"t{number:02}", 2021, name=text, county=text, province=text)
        for number, text in enumerate(TEXTS)
    ).encode()


def index() -> Row:
    """Write an index of hostile names: its one script is its own."""
    row = Row("injection", "hostile texts in the index", tried=len(TEXTS))
    page, plain = hostile_index(), render_index([entry("aa", 2021)]).encode()
    row.through += [f"{word!r}" for word in (b"<script",) if page.count(word) != plain.count(word)]
    own = ("<script> stands in the page", "<form> stands in the page")  # search
    row.through += [fault for fault in faults_of(".html", page) if fault not in own]
    return row
