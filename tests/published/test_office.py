"""Our own report pages, turned into Word by an office suite and into PDF by a browser, read back.

The programs are not part of the project (tests/programs.py).
"""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reportkit.form import CellValue, load_edition
from reportkit.published import read_file
from reportkit.report import TownReport
from tests.programs import CHROMIUM, OFFICE, PANDOC, require
from tests.published import rendering as r
from tests.published.judging import certain, wrong
from tests.published.strategies import balanced

Printing = Callable[..., Path]
"""Prints a page, with the browser's heads and feet or without, and returns the PDF."""

RULED = "<style>table{border-collapse:collapse}td,th{border:1px solid #000;padding:2px}</style>"


def _values(code: str, seed: int) -> dict[str, CellValue]:
    rng = random.Random(seed)
    edition = load_edition(code)
    values: dict[str, CellValue] = {
        address: rng.choice([0, 0, 0, 3, 12, 1480]) for address in edition.addresses
    }
    return balanced(edition, values)


def _page(folder: Path, code: str, values: dict[str, CellValue]) -> Path:
    path = folder / f"第{code}版.html"
    path.write_text(RULED + r.page(r.printed(code, values)), encoding="utf-8")
    return path


@contextmanager
def printing() -> Iterator[Printing]:
    """Start Chromium, and yield what prints a page with it: the program's start costs ten times what a page does."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

        def printed(page: Path, *, heads: bool = False) -> Path:
            path = page.with_suffix(".pdf")
            opened = browser.new_page()
            opened.goto(page.as_uri())
            opened.pdf(
                path=path,
                display_header_footer=heads,
                print_background=True,
                prefer_css_page_size=True,
                margin={"top": "1cm", "bottom": "1cm", "left": "1cm", "right": "1cm"},
            )
            opened.close()
            return path

        yield printed
        browser.close()


@pytest.fixture(scope="module")
def print_pdf() -> Iterator[Printing]:
    require("chromium")
    with printing() as printed:
        yield printed


def _word(page: Path) -> Path:
    command = [
        str(OFFICE), "--headless", f"-env:UserInstallation={(page.parent / 'profile').as_uri()}",
        "--infilter=HTML (StarWriter)", "--convert-to", "docx:MS Word 2007 XML",
        "--outdir", str(page.parent), str(page),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return page.with_suffix(".docx")


def _pandoc(page: Path) -> Path:
    path = page.with_suffix(".docx")
    subprocess.run([str(PANDOC), str(page), "-o", str(path)], check=True, capture_output=True)
    return path


@pytest.mark.needs("chromium")
@pytest.mark.browser
@pytest.mark.parametrize("code", ["2019", "2021"])
def test_pages_printed_by_chromium(print_pdf: Printing, tmp_path: Path, code: str) -> None:
    values = _values(code, 1)
    (read,) = read_file(print_pdf(_page(tmp_path, code, values)))
    assert not wrong(read, values)
    assert certain(read) == values.keys()
    assert {reading.place.page for reading in read.readings.values()} >= {1, 2}
    assert (read.report.town.name, read.report.year) == ("云河镇人民政府", 2023)


BORDERLESS = {
    "bare": "",
    "narrow": "<style>body{width:520px;font-size:13px}td{padding:1px}</style>",
    "portal": "<style>body{font:14px/1.5 sans-serif;width:700px;margin:auto}"
    "table{border-collapse:collapse;width:100%}td{padding:0 2px;text-align:center}</style>",
}


@pytest.mark.needs("chromium")
@pytest.mark.browser
@pytest.mark.parametrize("style", BORDERLESS)
@pytest.mark.parametrize("code", ["2019", "2021"])
def test_pages_without_borders_are_read(
    print_pdf: Printing, tmp_path: Path, style: str, code: str
) -> None:
    values = _values(code, 5)
    path = tmp_path / "无框.html"
    path.write_text(BORDERLESS[style] + r.page(r.printed(code, values)), encoding="utf-8")
    (read,) = read_file(print_pdf(path))
    assert not wrong(read, values)
    assert certain(read) == values.keys()


@pytest.mark.needs("chromium")
@pytest.mark.browser
def test_columns_that_touch_are_read_or_honest(print_pdf: Printing, tmp_path: Path) -> None:
    values = _values("2021", 5)
    path = tmp_path / "无框.html"
    style = "<style>body{width:480px;font-size:11px}table{border-spacing:0}td{padding:0}</style>"
    path.write_text(style + r.page(r.printed("2021", values)), encoding="utf-8")
    (read,) = read_file(print_pdf(path))
    assert not wrong(read, values)
    named = {address for problem in read.problems for address in problem.cells}
    assert values.keys() - certain(read) <= named


@pytest.mark.needs("chromium")
@pytest.mark.browser
def test_a_browsers_own_heads_and_feet_are_no_text(print_pdf: Printing, tmp_path: Path) -> None:
    values = _values("2021", 6)
    (read,) = read_file(print_pdf(_page(tmp_path, "2021", values), heads=True))
    assert not wrong(read, values)
    assert certain(read) == values.keys()


@pytest.mark.needs("pandoc")
@pytest.mark.parametrize("code", ["2019", "2021"])
def test_word_made_by_pandoc(tmp_path: Path, code: str) -> None:
    values = _values(code, 2)
    (read,) = read_file(_pandoc(_page(tmp_path, code, values)))
    assert not wrong(read, values)
    assert certain(read) == values.keys()


def _markdown(rows: tuple[tuple[r.Slot, ...], ...]) -> str:
    """Return a table as Markdown: every row is padded on the right to the longest one's cells."""
    width = max(len(row) for row in rows)
    lines = ["| " + " | ".join([s.text for s in row] + [""] * (width - len(row))) for row in rows]
    return "\n".join([lines[0], "|---" * width, *lines[1:]])


@pytest.mark.needs("pandoc")
@pytest.mark.parametrize("code", ["2019", "2021"])
def test_word_made_of_markdown_whose_headers_are_padded_on_the_right(
    tmp_path: Path, code: str
) -> None:
    values = _values(code, 2)
    printed = r.printed(code, values)
    one, two, three, four, five, six = printed.headings
    parts = [printed.title, one, printed.prose["s1"]]
    for heading, rows in zip((two, three, four), printed.tables, strict=True):
        parts += [heading, _markdown(rows)]
    path = tmp_path / "年报.md"
    path.write_text("\n\n".join([*parts, five, six, ""]), encoding="utf-8")
    (read,) = read_file(_pandoc(path))
    assert not wrong(read, values)
    blurred = {a for a in values if a.startswith("t2.")} if code == "2019" else set()
    assert values.keys() - blurred <= certain(
        read
    )  # there, blanks may be values of t2's short rows


@pytest.mark.needs("libreoffice-writer")
def test_word_made_by_libreoffice(tmp_path: Path) -> None:
    values = _values("2021", 3)
    (read,) = read_file(_word(_page(tmp_path, "2021", values)))
    assert not wrong(read, values)
    assert certain(read) == values.keys()


OWN = {
    "ershilidian": ["2021"],
    "danheng": ["2020", "2023"],
    "yiluo": ["2024"],
    "tongxuan": ["2020"],
}
"""Reports of the sample: a quiet one, and some with tables and charts beside the form's."""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build reports of the sample as ``reportkit run`` does, and return their folder."""
    from typer.testing import CliRunner

    from reportkit.cli.main import build_app

    folder = tmp_path_factory.mktemp("output")
    call = ["run", "--source", "sample:", "--output", str(folder)]
    for town, years in OWN.items():  # one run: to start the processes costs more than the reports
        call += ["--town", town, *(word for year in years for word in ("--year", year))]
    result = CliRunner().invoke(build_app(), call)
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture(
    params=[f"{year}/{town}" for town, years in OWN.items() for year in years], scope="module"
)
def page(
    request: pytest.FixtureRequest, own: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return one page, with its JSON beside it, in a folder of its own."""
    folder = tmp_path_factory.mktemp("page")
    for suffix in (".html", ".json"):
        found = (own / request.param).with_suffix(suffix)
        shutil.copy(found, folder / found.name)
    return folder / f"{Path(request.param).name}.html"


def _same(path: Path, page: Path) -> None:
    want = TownReport.from_json(page.with_suffix(".json").read_text("utf-8"))
    (read,) = read_file(path)
    assert not read.problems
    assert dict(read.report.cells) == dict(want.cells)
    assert len(certain(read)) == len(want.cells)
    assert read.report.year == want.year
    assert want.town.name in read.report.town.name
    assert {code: want.facts[code] for code in read.report.facts} == read.report.facts


@pytest.mark.kernel
def test_our_own_page(page: Path) -> None:
    _same(page, page)


@pytest.mark.kernel
@pytest.mark.browser
@pytest.mark.needs("chromium")
def test_our_own_page_printed(print_pdf: Printing, page: Path) -> None:
    _same(print_pdf(page), page)


@pytest.mark.kernel
@pytest.mark.needs("libreoffice-writer")
def test_our_own_page_in_word(page: Path) -> None:
    _same(_word(page), page)


@pytest.mark.kernel
@pytest.mark.needs("pandoc")
def test_our_own_page_by_pandoc(page: Path) -> None:
    _same(_pandoc(page), page)
