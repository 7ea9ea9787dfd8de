"""Reports that hold hostile texts, opened by the programs that people open them with."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

from reportkit.export.formats import Printer
from tests.hostile.injection import TEXTS, faults_of, with_text
from tests.hostile.table import Row
from tests.programs import CHROMIUM, OFFICE


def opened_rows(texts: tuple[str, ...] = TEXTS) -> Iterator[Row]:
    """Yield a row of Chromium and one of LibreOffice, where they are there."""
    if CHROMIUM:
        yield in_chromium(texts)
    if OFFICE:
        yield in_office(texts)


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
        done = subprocess.run(
            [
                *(str(OFFICE), f"-env:UserInstallation={folder.as_uri()}/profile", "--headless"),
                *("--convert-to", "pdf", "--outdir", str(folder / "out")),
                *map(str, sorted(folder.glob("*.docx")) + sorted(folder.glob("*.xlsx"))),
            ],
            capture_output=True,
            check=False,
            timeout=900,
        )
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
