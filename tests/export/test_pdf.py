"""The PDF: archived and read aloud by the standards, the same bytes, every figure read back."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pikepdf
import pytest
import typst

from reportkit.blocks import Prose, Table
from reportkit.blocks.tables import TableColumn
from reportkit.errors import RunError
from reportkit.export import typefaces as faces
from reportkit.export.document import Document, Section, read_document
from reportkit.export.formats import Printer
from reportkit.export.pdf.render import render
from reportkit.published import read_file
from tests.export.conftest import DOSSIERS, ran


def document(name: str = "full", audience: str = "public") -> Document:
    return read_document(ran(name, audience), draft=True)  # type: ignore[arg-type]


def printed(given: Document) -> bytes:
    return Printer(given).print("pdf")


@pytest.fixture(scope="module")
def full() -> bytes:
    return printed(document())


@pytest.mark.parametrize("name", DOSSIERS)
def test_every_cell_is_read_back(name: str, tmp_path: Path) -> None:
    given = document(name)
    path = tmp_path / "年报.pdf"
    path.write_bytes(printed(given))
    (read,) = read_file(path)
    known = {a: v for a, v in given.report.cells.items() if v is not None}
    assert {a: v for a, v in read.report.cells.items() if v is not None} == known
    assert read.report.year == given.report.year


def test_the_same_document_gives_the_same_bytes(full: bytes) -> None:
    assert printed(document()) == full
    assert len(full) < 400_000


def test_it_is_tagged_named_and_archivable(full: bytes) -> None:
    with pikepdf.open(io.BytesIO(full)) as pdf:
        assert str(pdf.Root.Lang).lower() == "zh-cn"
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert "/Outlines" in pdf.Root
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == document().title
        fonts = {
            str(font.get("/BaseFont"))
            for page in pdf.pages
            for font in page.Resources.Font.values()
        }
        assert fonts
        assert all("+" in font for font in fonts)  # subsets, embedded
        tags = _tags(pdf.Root.StructTreeRoot)
        assert {"/H1", "/Table", "/TH", "/TD", "/Figure", "/P"} <= tags


def _tags(node: pikepdf.Object) -> set[str]:
    found = set()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += list(one)
        elif isinstance(one, pikepdf.Dictionary):
            if "/S" in one:
                found.add(str(one.S))
                if str(one.S) == "/Figure":
                    assert str(one.get("/Alt", ""))
            if "/K" in one:
                waiting.append(one.K)
    return found


def test_the_reports_json_is_attached(full: bytes) -> None:
    given = document()
    with pikepdf.open(io.BytesIO(full)) as pdf:
        attached = pdf.attachments["report.json"]
        assert str(attached.obj.AFRelationship) == "/Source"
        body = json.loads(attached.get_file().read_bytes())
    assert body["cells"] == given.report.cells.to_json()
    assert "findings" not in body or not body["findings"]


def test_no_text_is_taken_for_markup(tmp_path: Path) -> None:
    given = document()
    hostile = '#panic("x") $x^2$ *粗* @ref <label> \\ #read("/etc/hostname") {{x}} “引”'
    own = Section(
        "part-9",
        "附：#panic()",
        (Prose(f"（一）{hostile}。后文"), Table("表", (TableColumn("甲", "text"),), ((hostile,),))),
    )
    extended = Document(
        given.report, given.audience, given.draft, given.lead, (*given.sections, own)
    )
    path = tmp_path / "a.pdf"
    path.write_bytes(render(extended, lambda _: b"{}"))
    text = "".join(page_text(path).split())
    assert '#panic("x")$x^2$' in text
    assert '#read("/etc/hostname")' in text


def page_text(path: Path) -> str:
    import pypdfium2

    pdf = pypdfium2.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_range() for page in pdf)


def test_a_machine_without_chinese_fonts_is_told_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Nothing:
        def __init__(self, **_: object) -> None: ...

        def fonts(self) -> list[object]:
            return []

    monkeypatch.setattr(typst, "Fonts", Nothing)
    faces.typefaces.cache_clear()
    try:
        with pytest.raises(RunError, match="fonts-noto-cjk"):
            faces.typefaces()
    finally:
        faces.typefaces.cache_clear()
