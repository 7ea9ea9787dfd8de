"""Files that are small and become big, or never end: each is refused cheaply, and the other files go on."""

from __future__ import annotations

import io
import json
import re
import struct
import tempfile
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from reportkit.form import load_edition
from reportkit.published import read_files
from reportkit.registers.ingest.ingest import ingest
from tests.hostile.measured import Measurer
from tests.hostile.table import Row
from tests.published import rendering
from tests.published.drawn import FONT, pdf_of

MB = 1_000_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADING = "单位编号,申请编号,收到日期,申请人类型\n"


@dataclass(frozen=True)
class Bomb:
    """A hostile file: for whom, under which name, and what writes it at a size from 0 to 1."""

    reader: str
    name: str
    write: Callable[[Path, float], None]
    refused: bool = True
    """Whether it must be refused: what is harmless in itself may as well be read, within the same bounds."""


def bomb_rows(scale: float, only: frozenset[str] | None = None) -> Iterator[Row]:
    """Yield a row a reader; ``scale`` is a part of the full sizes, ``only`` some of the names."""
    with tempfile.TemporaryDirectory() as where, Measurer() as measurer:
        folder = Path(where)
        for reader in dict.fromkeys(bomb.reader for bomb in BOMBS):
            bombs = [b for b in BOMBS if b.reader == reader and (only is None or b.name in only)]
            if not bombs:
                continue
            row = Row("bombs", f"{_WORDS[reader]}: refused within 3 s of processor and 400 MB")
            dearest, largest = 0.0, 0.0
            for bomb in bombs:
                path = folder / bomb.name
                path.parent.mkdir(exist_ok=True, parents=True)
                bomb.write(path, scale)
                cost = measurer.read(reader, path)
                row.tried += 1
                faults = cost.faults(path.name)
                row.through += [f for f in faults if bomb.refused or "not refused" not in f]
                dearest, largest = max(dearest, cost.seconds), max(largest, cost.megabytes)
                path.unlink()
            row.note = f"at most {dearest:.1f} s, {largest:.0f} MB; at {scale:g} of the full sizes"
            yield row
        yield _beside(folder, scale, only)


def _beside(folder: Path, scale: float, only: frozenset[str] | None) -> Row:
    """Give whole files among bombs to one call of each reader: the whole ones are read."""
    row = Row("bombs", "whole files among bombs in one call are read")
    page = rendering.page(
        rendering.printed("2021", dict.fromkeys(load_edition("2021").addresses, 4))
    )
    bombs = [b for b in BOMBS if only is None or b.name in only]
    published = folder / "published"
    registers = folder / "registers"
    for where, readers in ((published, {"published"}), (registers, {"register", "ingest"})):
        where.mkdir()
        for bomb in bombs:
            if bomb.reader in readers:
                bomb.write(where / f"{bomb.reader}-{bomb.name.replace('/', '-')}", min(scale, 0.02))
    for number in range(3):
        (published / f"z{number}.html").write_text(page, "utf-8")
        row.tried += 1
    reads = {read.path.name: read for read in read_files(sorted(published.iterdir()), 1)}
    row.lost += [n for n, read in reads.items() if n.startswith("z") and not read.reports]
    (registers / "applications.csv").write_text(f"{_HEADING}yunxi,1,2021-03-04,自然人\n", "utf-8")
    row.tried += 1
    results = ingest([registers], f"duckdb:///{folder / 'store.duckdb'}")
    told = {result.name: result.status for result in results}
    if told.get("applications.csv") != "loaded":
        row.lost.append(f"applications.csv: {told.get('applications.csv')}")
    harmless = {"applications.csv", *(f"{b.reader}-{b.name}" for b in bombs if not b.refused)}
    row.through += [
        f"{name}: {status}"
        for name, status in told.items()
        if status == "loaded" and name not in harmless
    ]
    return row


def _zip(path: Path, parts: Iterable[tuple[str, Iterable[bytes]]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, pieces in parts:
            with archive.open(name, "w", force_zip64=True) as part:
                for piece in pieces:
                    part.write(piece)


def _of(content: bytes) -> Callable[[Path, float], None]:
    def write(path: Path, _scale: float) -> None:
        path.write_bytes(content)

    return write


_WORD = (
    b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
)
_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="application/xml"/>'
    b'<Override PartName="/word/document.xml" ContentType='
    b'"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    b'<Relationship Id="a" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
    b' Target="word/document.xml"/></Relationships>'
)


def _docx(path: Path, document: Iterable[bytes], *more: tuple[str, Iterable[bytes]]) -> None:
    plain = [("[Content_Types].xml", [_TYPES]), ("_rels/.rels", [_RELS])]
    _zip(path, [*plain, ("word/document.xml", document), *more])


_ENTITIES = b"".join(
    [
        b"<!DOCTYPE x [<!ENTITY a0 'ha'>",
        *(b"<!ENTITY a%d '%s'>" % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12)),
        b"]>",
    ]
)


def _docx_entities(path: Path, _scale: float) -> None:
    _docx(path, [_ENTITIES, _WORD, b"<w:p><w:r><w:t>&a11;</w:t></w:r></w:p></w:body></w:document>"])


def _docx_entities_wide(path: Path, _scale: float) -> None:
    """Write the same in UTF-16, where no search for ASCII finds it."""
    text = _ENTITIES + _WORD + b"<w:p><w:r><w:t>&a11;</w:t></w:r></w:p></w:body></w:document>"
    _docx(path, [('<?xml version="1.0" encoding="UTF-16"?>' + text.decode()).encode("utf-16")])


def _docx_deep(path: Path, _scale: float) -> None:
    opened = b"<w:tbl><w:tr><w:tc>"
    _docx(path, [_WORD, opened * 60_000, b"<w:p/>"])


def _docx_wide(path: Path, scale: float) -> None:
    """Write tables without end whose cells all differ, so that they do not compress suspiciously well."""
    count = int(200_000 + 1_000_000 * scale)
    cells = (
        f"<w:tc><w:p><w:r><w:t>{n * 7919 % 1_000_003}</w:t></w:r></w:p></w:tc>".encode()
        for n in range(count)
    )
    _docx(path, [_WORD, b"<w:tbl><w:tr>", *cells, b"</w:tr></w:tbl></w:body></w:document>"])


def _docx_zeros(path: Path, scale: float) -> None:
    _docx(path, (bytes(MB) for _ in range(int(100 + 1900 * scale))))


def _docx_picture(path: Path, scale: float) -> None:
    _docx(
        path,
        [_WORD, "<w:p><w:r><w:t>今天</w:t></w:r></w:p></w:body></w:document>".encode()],
        ("word/media/image1.png", (bytes(MB) for _ in range(int(250 + 1750 * scale)))),
    )


_OFD = b'xmlns:ofd="http://www.ofdspec.org/2016"'


def _ofd(path: Path, page: Iterable[bytes], document: bytes = b"") -> None:
    """Write an OFD file of one page."""
    root = b"<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    plain = (
        b"<ofd:Document %s><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox>"
        b'</ofd:PageArea></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages></ofd:Document>'
        % _OFD
    )
    parts = [("OFD.xml", [b"<ofd:OFD %s>%s" % (_OFD, root)])]
    _zip(path, [*parts, ("Doc_0/Document.xml", [document or plain]), ("Doc_0/P.xml", page)])


_OFD_PAGE = b"<ofd:Page %s><ofd:Content><ofd:Layer>" % _OFD
_OFD_TEXT = (
    b'<ofd:TextObject Boundary="9 9 99 9" Size="4"><ofd:TextCode X="0" Y="4" DeltaX="%s">%s</ofd:TextCode>'
    b"</ofd:TextObject>"
)


def _ofd_zeros(path: Path, scale: float) -> None:
    _ofd(path, (bytes(MB) for _ in range(int(100 + 1900 * scale))))


def _ofd_entities(path: Path, _scale: float) -> None:
    _ofd(path, [_ENTITIES, _OFD_PAGE, _OFD_TEXT % (b"g 9 9", b"&a11;")])


def _ofd_deep(path: Path, _scale: float) -> None:
    _ofd(path, [_OFD_PAGE, b"<ofd:PageBlock>" * 500_000])


def _ofd_steps(path: Path, _scale: float) -> None:
    """Write a text of two letters whose steps are told to be repeated two thousand million times."""
    text = _OFD_TEXT % (b"g 2000000000 1", "数字".encode())
    _ofd(path, [_OFD_PAGE, text * 1000, b"</ofd:Layer></ofd:Content></ofd:Page>"])


def _ofd_pages(path: Path, _scale: float) -> None:
    """Write a document that names one page a million times."""
    page = b'<ofd:Page ID="1" BaseLoc="P.xml"/>' * 1_000_000
    document = b"<ofd:Document %s><ofd:Pages>%s</ofd:Pages></ofd:Document>" % (_OFD, page)
    text = _OFD_TEXT % (b"g 1 4", "数字".encode())
    _ofd(path, [_OFD_PAGE, text * 100, b"</ofd:Layer></ofd:Content></ofd:Page>"], document)


def _many_parts(path: Path, scale: float) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(int(20_000 + 200_000 * scale)):
            archive.writestr(zipfile.ZipInfo(f"xl/{number}.xml"), b"")


def _pdf(content: bytes, *, resources: bytes = b"", more: Iterable[bytes] = ()) -> bytes:
    packed = zlib.compress(content, 9)
    return pdf_of(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[4 0 R]/Count 1>>",
            FONT,
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 800 800]/Resources<</Font<</F 3 0 R>>%s>>"
            b"/Contents 5 0 R>>" % resources,
            b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
            *more,
        ]
    )


def _pdf_glyphs(path: Path, scale: float) -> None:
    line = (
        b"BT /F 6 Tf 1 0 0 1 10 10 Tm <"
        + "数".encode("utf-16-be").hex().encode() * 1000
        + b"> Tj ET\n"
    )
    path.write_bytes(_pdf(line * int(2000 + 20_000 * scale)))


def _pdf_lines(path: Path, scale: float) -> None:
    path.write_bytes(_pdf(b"1 1 m 9 1 l S\n" * int(1_000_000 + 10_000_000 * scale)))


def _pdf_zeros(path: Path, scale: float) -> None:
    path.write_bytes(_pdf(b" " * int((200 + 1800 * scale) * MB)))


def _pdf_twice_packed(path: Path, scale: float) -> None:
    packed = zlib.compress(zlib.compress(b" " * int((200 + 800 * scale) * MB), 9), 9)
    path.write_bytes(
        pdf_of(
            [
                b"<</Type/Catalog/Pages 2 0 R>>",
                b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 800 800]/Contents 4 0 R>>",
                b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream"
                % (len(packed), packed),
            ]
        )
    )


def _form(number: int, body: bytes) -> bytes:
    return (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 800 800]/Resources<</Font<</F 3 0 R>>/XObject<</X %d 0 R>>>>"
        b"/Length %d>>stream\n%s\nendstream" % (number, len(body), body)
    )


_FORM_IN_ITSELF = _pdf(b"/X Do", resources=b"/XObject<</X 6 0 R>>", more=[_form(6, b"/X Do /X Do")])
_FORMS = _pdf(
    b"/X Do",
    resources=b"/XObject<</X 6 0 R>>",
    more=[
        *(_form(number + 1, b"/X Do " * 10) for number in range(6, 14)),
        _form(6, b"BT /F 6 Tf <6570> Tj ET"),
    ],
)
"""Forms that draw the next one ten times each: a hundred million characters."""
_PAGES_IN_A_CIRCLE = pdf_of(
    [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"]
)
_PAGES_WITHOUT_END = pdf_of(
    [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ]
)
_DEEP_PDF = b"%PDF-1.4\n1 0 obj\n" + b"[" * 2_000_000
_XREF_LOOP = (
    b"%PDF-1.4\nxref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 1/Prev 9>>\nstartxref\n9\n%%EOF"
)


def _html(
    piece: str, count: int, head: str = "<html><body><table><tr>"
) -> Callable[[Path, float], None]:
    def write(path: Path, _scale: float) -> None:
        path.write_text(head + piece * count, "utf-8")

    return write


def _book(path: Path, sheet: Iterable[bytes], *more: tuple[str, Iterable[bytes]]) -> None:
    """Write a workbook as XlsxWriter does, with another sheet in its place."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        book.add_worksheet("依申请公开台账")
    with zipfile.ZipFile(stream) as plain:
        parts = [(name, [plain.read(name)]) for name in plain.namelist() if "sheet1" not in name]
    _zip(path, [*parts, ("xl/worksheets/sheet1.xml", sheet), *more])


_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_SHEET_END = b"</sheetData></worksheet>"


def _inline(place: str, text: str) -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


def _headed(*more: bytes) -> list[bytes]:
    cells = b"".join(
        _inline(f"{letter}1", word)
        for letter, word in zip("ABCD", _HEADING.strip().split(","), strict=True)
    )
    return [_SHEET, b'<row r="1">' + cells + b"</row>", *more, _SHEET_END]


def _book_far_space(path: Path, _scale: float) -> None:
    _book(path, _headed(b'<row r="1048576">' + _inline("XFD1048576", " ") + b"</row>"))


def _book_far_text(path: Path, _scale: float) -> None:
    _book(path, _headed(b'<row r="1048576">' + _inline("GR1048576", "远") + b"</row>"))


def _book_rows(path: Path, scale: float) -> None:
    row = b'<row><c t="inlineStr"><is><t>yunxi</t></is></c></row>' * 1000
    _book(path, [*_headed()[:2], *([row] * int(1_100 + 8_900 * scale)), _SHEET_END])


def _book_numbered_rows(path: Path, scale: float) -> None:
    rows = (
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>'.encode()
        for n in range(2, int(1_100_000 + 8_900_000 * scale))
    )
    _book(path, (piece for group in (_headed()[:2], rows, [_SHEET_END]) for piece in group))


def _book_spaces(path: Path, scale: float) -> None:
    _book(path, [_SHEET, *([b" " * MB] * int(300 + 700 * scale)), _SHEET_END])


def _book_space(path: Path, _scale: float) -> None:
    """Write as much white space as is no bomb yet."""
    _book(path, [_SHEET, b" " * 15 * MB, b'<row r="1"' + b" " * MB, _SHEET_END])


def _book_texts(path: Path, scale: float) -> None:
    texts = [
        b"<sst>",
        *([b"<si><t>" + b"x" * MB + b"</t></si>"] * int(300 + 700 * scale)),
        b"</sst>",
    ]
    _book(path, _headed(), ("xl/sharedStrings.xml", texts))


def _book_merged(path: Path, _scale: float) -> None:
    many = b'<mergeCell ref="A1:XFD1048576"/>' * 100_000
    rows = b"".join(b'<row r="%d">%s</row>' % (n, _inline(f"A{n}", "1")) for n in range(2, 3000))
    sheet = [*_headed(rows)[:-1], b"</sheetData><mergeCells>", many, b"</mergeCells></worksheet>"]
    _book(path, sheet)


def _book_entities(path: Path, _scale: float) -> None:
    _book(path, [_ENTITIES, *_headed(b'<row r="2">' + _inline("A2", "&a11;") + b"</row>")])


def _book_deep(path: Path, _scale: float) -> None:
    _book(path, [_SHEET, b"<row><c><is>" * 500_000])


def _book_sheets(path: Path, _scale: float) -> None:
    """Write a workbook that names one sheet twenty thousand times."""
    sheet = [*_headed()[:2], b"<row><c><v>1</v></c></row>" * 20_000, _SHEET_END]
    _book(path, sheet)
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    book = parts["xl/workbook.xml"].decode()
    (one,) = re.findall(r"<sheet [^>]*/>", book)
    many = "".join(one.replace("依申请公开台账", f"s{n}") for n in range(20_000))
    parts["xl/workbook.xml"] = book.replace(one, many).encode()
    _zip(path, [(name, [content]) for name, content in parts.items()])


def _old_book(path: Path, _scale: float) -> None:
    """Write an old file whose table of sectors leads in a circle."""
    head = bytearray(_OLE + bytes(504))
    struct.pack_into("<HHHHH", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIII", head, 44, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    struct.pack_into("<I", head, 76, 0)
    fat = struct.pack("<128I", 0xFFFFFFFD, *([1] * 127))
    path.write_bytes(bytes(head) + fat + bytes(512) * 64)


def _one_line(path: Path, scale: float) -> None:
    """Write a heading and one line: 2 GB of it at full scale, 200 MB at least; what is not written reads as zeros."""
    with path.open("wb") as file:
        file.write(_HEADING.encode() + b"yunxi,1,")
        for _ in range(2):
            file.write(b"9" * MB)
        file.truncate(int((200 + 1848 * scale) * MB))


def _one_line_of_digits(path: Path, scale: float) -> None:
    with path.open("wb") as file:
        file.write(_HEADING.encode())
        for _ in range(int(200 + 300 * scale)):
            file.write(b"9" * MB)


def _one_quote(path: Path, scale: float) -> None:
    with path.open("wb") as file:
        file.write(_HEADING.encode() + b'"')
        for _ in range(int(200 + 300 * scale)):
            file.write(b"yunxi,1,2021-03-04\n" * 50_000)


def _commas(path: Path, _scale: float) -> None:
    path.write_text(_HEADING + ("," * 100_000 + "\n") * 300, "utf-8")


def _parquet(path: Path, scale: float) -> None:
    """Write one value, repeated: a few kilobytes for rows without end."""
    rows = int(20_000_000 + 180_000_000 * scale)
    part = pa.table(
        {"town": pa.DictionaryArray.from_arrays(pa.array([0] * MB, pa.int8()), ["yunxi"])}
    )
    with pq.ParquetWriter(path, part.schema, compression="zstd") as writer:
        for _ in range(rows // MB):
            writer.write_table(part)


def _parquet_text(path: Path, scale: float) -> None:
    count = int(300 + 700 * scale)
    table = pa.table({"town": ["x" * MB] * count})
    pq.write_table(table, path, compression="zstd", use_dictionary=True)


def _yaml_anchors(path: Path, _scale: float) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    key = "decisions" if path.parent.name == "reviews" else "parameters"
    path.write_text("\n".join([*lines, f"{key}: *a11", "years: *a11"]), "utf-8")


def _yaml_decisions(path: Path, _scale: float) -> None:
    """Write the same so that the anchors stand within the one key that is allowed."""
    body = "&a0 [x, x, x, x, x, x, x, x, x, x]"
    for number in range(1, 10):
        body = f"&a{number} [{body}, {', '.join([f'*a{number - 1}'] * 9)}]"
    path.write_text(f"decisions: {body}\n", "utf-8")


def _yaml_years(path: Path, _scale: float) -> None:
    body = "&a0 [x, x, x, x, x, x, x, x, x, x]"
    for number in range(1, 10):
        body = f"&a{number} [{body}, {', '.join([f'*a{number - 1}'] * 9)}]"
    path.write_text(f"source: ../data\ntowns: towns.yaml\nyears: {body}\n", "utf-8")


def _yaml_circle(path: Path, _scale: float) -> None:
    key = "decisions" if path.parent.name == "reviews" else "years"
    path.write_text(f"{key}: &a [*a, *a]\n", "utf-8")


def _yaml_deep(path: Path, _scale: float) -> None:
    path.write_text("years: " + "[" * 500_000, "utf-8")


def _yaml_long(path: Path, scale: float) -> None:
    with path.open("wb") as file:
        for _ in range(int(100 + 900 * scale)):
            file.write(b"# " + b"x" * MB + b"\n")


def _json(body: bytes) -> Callable[[Path, float], None]:
    return _of(body)


def png(width: int, height: int) -> bytes:
    """Return a picture of one colour: a few kilobytes that unpack to gigabytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        size, check = struct.pack(">I", len(content)), struct.pack(">I", zlib.crc32(kind + content))
        return size + kind + content + check

    packer = zlib.compressobj(9)
    line = bytes(1 + width * 3)
    body = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def _notebook(data: dict[str, str]) -> bytes:
    from reportkit.export.document import read_document  # noqa: F401  # what it is for
    from tests import dossiers
    from tests.export.conftest import shown
    from tests.notebooks import executed

    nb = executed(shown(dossiers.dossier()))
    last = next(c for c in reversed(nb.cells) if c.cell_type == "code")
    last.outputs.append(
        {"output_type": "display_data", "metadata": {}, "data": {**data, "text/plain": "x"}}
    )
    return json.dumps(nb).encode()


def _picture(path: Path, scale: float) -> None:
    side = int(8_000 + 22_000 * scale)
    body = b64encode(png(side, side)).decode()
    path.write_bytes(_notebook({"image/png": body}))


_CIRCLES = "".join(f'<g id="g{n}">{f"""<use href="#g{n - 1}"/>""" * 10}</g>' for n in range(1, 10))


def _svg(path: Path, _scale: float) -> None:
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg"><g id="g0"><path d="M0 0"/></g>{_CIRCLES}</svg>'
    )
    path.write_bytes(_notebook({"image/svg+xml": drawing}))


def _svg_large(path: Path, _scale: float) -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="999999" height="999999"><path d="M0 0h9"/></svg>'
    path.write_bytes(_notebook({"image/svg+xml": drawing}))


_WORDS = {
    "published": "published reports",
    "register": "registers",
    "ingest": "registers on their way into a store",
    "params": "params",
    "reviews": "reviews",
    "report": "report JSON",
    "manifest": "manifests",
    "export": "notebooks with pictures",
}

BOMBS = (
    Bomb("published", "zip of zeros.docx", _docx_zeros),
    Bomb("published", "huge picture.docx", _docx_picture),
    Bomb("published", "entities.docx", _docx_entities),
    Bomb("published", "entities in UTF-16.docx", _docx_entities_wide),
    Bomb("published", "deep.docx", _docx_deep),
    Bomb("published", "cells.docx", _docx_wide),
    Bomb("published", "parts.docx", _many_parts),
    Bomb("published", "glyphs.pdf", _pdf_glyphs),
    Bomb("published", "lines.pdf", _pdf_lines),
    Bomb("published", "blanks.pdf", _pdf_zeros),
    Bomb("published", "packed twice.pdf", _pdf_twice_packed),
    Bomb("published", "form in itself.pdf", _of(_FORM_IN_ITSELF)),
    Bomb("published", "forms in forms.pdf", _of(_FORMS)),
    Bomb("published", "pages in a circle.pdf", _of(_PAGES_IN_A_CIRCLE)),
    Bomb("published", "pages without end.pdf", _of(_PAGES_WITHOUT_END)),
    Bomb("published", "brackets.pdf", _of(_DEEP_PDF)),
    Bomb("published", "tables in a circle.pdf", _of(_XREF_LOOP)),
    Bomb("published", "zip of zeros.ofd", _ofd_zeros),
    Bomb("published", "entities.ofd", _ofd_entities),
    Bomb("published", "deep.ofd", _ofd_deep),
    Bomb("published", "steps.ofd", _ofd_steps),
    Bomb("published", "pages.ofd", _ofd_pages),
    Bomb("published", "cells.html", _html("<td>4", 3_000_000)),
    Bomb("published", "paragraphs.html", _html("<p>第</p>", 1_500_000)),
    Bomb("published", "deep.html", _html("<div>", 3_000_000)),
    Bomb("published", "tables.html", _html("<table><tr><td>", 1_000_000)),
    Bomb("published", "spans.html", _html("<td colspan=99999999 rowspan=99999999>1</td>", 300_000)),
    Bomb("published", "one line.txt", _html("收到政府信息公开申请1件", 450_000, "一、总体情况\n")),
    Bomb("published", "lines.txt", _html("收到1件\n", 1_200_000, "一、总体情况\n")),
    Bomb("published", "pipes.txt", _html("|", 15_000_000, "一、总体情况\n")),
    Bomb("published", "digits.txt", _html("9", 15_000_000, "一、总体情况\n")),
    Bomb("register", "applications.xlsx", _book_far_space, refused=False),
    Bomb("register", "far text.xlsx", _book_far_text),
    Bomb("register", "rows.xlsx", _book_rows),
    Bomb("register", "numbered rows.xlsx", _book_numbered_rows),
    Bomb("register", "blanks.xlsx", _book_spaces),
    Bomb("register", "space.xlsx", _book_space),
    Bomb("register", "texts.xlsx", _book_texts),
    Bomb("register", "merged.xlsx", _book_merged),
    Bomb("register", "entities.xlsx", _book_entities),
    Bomb("register", "deep.xlsx", _book_deep),
    Bomb("register", "sheets.xlsx", _book_sheets),
    Bomb("register", "parts.xlsx", _many_parts),
    Bomb("register", "sectors in a circle.xls", _old_book),
    Bomb("register", "one line/applications.csv", _one_line),
    Bomb("register", "digits/applications.csv", _one_line_of_digits),
    Bomb("register", "quote/applications.csv", _one_quote),
    Bomb("register", "commas/applications.csv", _commas),
    Bomb("register", "rows/applications.parquet", _parquet),
    Bomb("register", "texts/applications.parquet", _parquet_text),
    Bomb("ingest", "rows/applications.parquet", _parquet),
    Bomb("ingest", "texts/applications.parquet", _parquet_text),
    Bomb("params", "params/anchors.yaml", _yaml_anchors),
    Bomb("params", "params/years.yaml", _yaml_years),
    Bomb("params", "params/circle.yaml", _yaml_circle),
    Bomb("params", "params/deep.yaml", _yaml_deep),
    Bomb("params", "params/long.yaml", _yaml_long),
    Bomb("reviews", "reviews/2020.yaml", _yaml_anchors),
    Bomb("reviews", "reviews/2021.yaml", _yaml_decisions),
    Bomb("reviews", "reviews/2022.yaml", _yaml_circle),
    Bomb("reviews", "reviews/2023.yaml", _yaml_deep),
    Bomb("reviews", "reviews/2024.yaml", _yaml_long),
    Bomb("report", "deep.json", _json(b'{"schema": ' + b"[" * 3_000_000)),
    Bomb("report", "digits.json", _json(b'{"schema": ' + b"9" * 10_000_000 + b"}")),
    Bomb("manifest", "deep.json", _json(b'{"entries": ' + b"[" * 3_000_000), refused=False),
    Bomb("export", "huge picture.ipynb", _picture, refused=False),
    Bomb("export", "drawing in itself.ipynb", _svg, refused=False),
    Bomb("export", "huge drawing.ipynb", _svg_large, refused=False),
)
