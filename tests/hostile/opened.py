"""Reports that hold hostile texts, opened by the programs that people open them with."""

from __future__ import annotations

import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from lxml import etree

from reportkit.export.formats import Printer
from tests.hostile.injection import TEXTS, faults_of, with_text
from tests.hostile.kills import BOUND
from tests.hostile.table import Row
from tests.programs import CHROMIUM, OFFICE


def opened_rows(texts: tuple[str, ...] = TEXTS) -> Iterator[Row]:
    """Yield a row of Chromium and one of LibreOffice, where they are there."""
    if CHROMIUM:
        yield in_chromium(texts)
    if OFFICE:
        yield in_office(texts)
        yield pdf_in_office(texts)


def in_chromium(texts: tuple[str, ...]) -> Row:
    """Open pages, with scripts allowed: nothing runs, nothing is asked for, nothing is wider than the window."""
    from playwright.sync_api import sync_playwright

    row = Row(
        "opened", "pages with hostile texts in headless Chromium: nothing runs, nothing is fetched"
    )
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 390, "height": 800})
        asked: list[str] = []
        said: list[str] = []

        def note(dialog: Any) -> None:
            said.append(dialog.message)
            dialog.dismiss()

        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", note)
        for number, text in enumerate(texts):
            path = Path(name) / f"{number}.html"
            path.write_bytes(Printer(with_text(text)).print("html"))
            page.goto(path.as_uri())
            row.tried += 1
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > 390:
                row.lost.append(f"{text[:30]!r}: the page is {width} pixels wide")
        browser.close()
        own = Path(name).as_uri()
        row.through += [
            f"asks for {url[:80]}" for url in asked if not url.startswith((own, "data:"))
        ]
        row.through += [f"says {words}" for words in said]
    return row


def in_office(texts: tuple[str, ...]) -> Row:
    """Open Word and Excel files and have them printed: what comes out has no link and no action."""
    row = Row("opened", "docx and xlsx with hostile texts opened by LibreOffice, printed, searched")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, text in enumerate(texts):
            printer = Printer(with_text(text))
            for form in ("docx", "xlsx"):
                (folder / f"{form}-{number}.{form}").write_bytes(printer.print(form))
        done = _office(folder, "pdf", sorted(folder.glob("*.docx")) + sorted(folder.glob("*.xlsx")))
        for number, form in product(range(len(texts)), ("docx", "xlsx")):
            row.tried += 1
            made = folder / "out" / f"{form}-{number}.pdf"
            at = f"{form}, {texts[number][:30]!r}"
            if not made.exists():
                row.lost.append(f"{at}: {done.stderr[-200:]!r}")
                continue
            row.through += [
                f"{at}: {fault}"
                for fault in faults_of(".pdf", made.read_bytes())
                if "/OpenAction" not in fault  # LibreOffice's own: on which page to begin
            ]
    return row


def _office(
    folder: Path, to: str, files: list[Path], *how: str
) -> subprocess.CompletedProcess[bytes]:
    """Let LibreOffice open files and save them as another kind, in the folder out."""
    return subprocess.run(
        [
            *(str(OFFICE), f"-env:UserInstallation={folder.as_uri()}/profile", "--headless", *how),
            *("--convert-to", to, "--outdir", str(folder / "out"), *map(str, files)),
        ],
        capture_output=True,
        check=False,
        timeout=BOUND,
    )


def pdf_in_office(texts: tuple[str, ...]) -> Row:
    """Open PDFs as documents to be written on: what LibreOffice makes of them has no link and no macro."""
    row = Row("opened", "PDF with hostile texts opened by LibreOffice to be edited, searched")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number, text in enumerate(texts):
            (folder / f"{number}.pdf").write_bytes(Printer(with_text(text)).print("pdf"))
        done = _office(folder, "odt", sorted(folder.glob("*.pdf")), "--infilter=writer_pdf_import")
        for number, text in enumerate(texts):
            row.tried += 1
            made = folder / "out" / f"{number}.odt"
            if made.exists():
                row.through += [f"{text[:30]!r}: {f}" for f in _document_faults(made)]
            else:
                row.lost.append(f"{text[:30]!r}: {done.stderr[-200:]!r}")
    return row


_ACTS = ("event-listener", "script", "dde-connection", "execute-macro", "a", "object", "plugin")


def _document_faults(document: Path) -> Iterator[str]:
    """Yield what would act or ask for something in an OpenDocument file."""
    with zipfile.ZipFile(document) as archive:
        for name in archive.namelist():
            if name.startswith(("Basic/", "Scripts/")):
                yield f"the macro {name}"
        for name in ("content.xml", "styles.xml"):
            for node in etree.fromstring(archive.read(name)).iter("*"):
                if etree.QName(node).localname in _ACTS:
                    yield f"<{etree.QName(node).localname}> in {name}"
                for key, value in node.attrib.items():
                    if str(key).endswith("}href") and not str(value).startswith(("Pictures/", "#")):
                        yield f"{value!r} in {name}"
