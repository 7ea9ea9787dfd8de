"""OFD files that are made here: the same reports as the drawn PDFs, read by the same eyes."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence
from html import escape

import pytest

from reportkit.errors import ReadError
from reportkit.form import CellValue, load_edition
from reportkit.published import PublishedReport, read_bytes
from reportkit.published.documents.ofd import pages_of as ofd_pages
from tests.published import rendering as r
from tests.published.drawn import HEIGHT, SIZE, WIDTH, Text, pages_of
from tests.published.judging import certain, wrong
from tests.published.strategies import balanced

SPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
MM = 25.4 / 72
TABLE = "M 0 0 L 40 0 L 40 10 L 0 10 C M 0 5 L 40 5 B 1 1 2 2 3 3"


def ofd(pages: Sequence[Sequence[Text]], paths: str = "", **parts: str) -> bytes:
    """Return pages as an OFD file; each text is an object of its own."""
    files = {
        "OFD.xml": f"<ofd:OFD {SPACE}><ofd:DocBody><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {SPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>"
        f"0 0 {WIDTH * MM} {HEIGHT * MM}</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>"
        + "".join(
            f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages))
        )
        + "</ofd:Pages></ofd:Document>",
    }
    for n, page in enumerate(pages):
        texts = "".join(_text(*text) for text in page)
        lines = f'<ofd:PathObject Boundary="10 10 40 10"><ofd:AbbreviatedData>{paths}</ofd:AbbreviatedData></ofd:PathObject>'
        files[f"Doc_0/Pages/Page_{n}/Content.xml"] = (
            f"<ofd:Page {SPACE}><ofd:Content><ofd:Layer>{texts}{lines if paths else ''}"
            "</ofd:Layer></ofd:Content></ofd:Page>"
        )
    files |= parts
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _text(x: float, y: float, text: str) -> str:
    steps = " ".join(f"{SIZE * MM * (0.5 if letter.isascii() else 1):.3f}" for letter in text[:-1])
    if len(set(text)) == 1 and len(text) > 1:
        steps = f"g {len(text) - 1} {steps.split()[0]}"
    top = (HEIGHT - y - SIZE) * MM
    return (
        f'<ofd:TextObject Boundary="{x * MM:.3f} {top:.3f} 99 9" Size="{SIZE * MM:.3f}">'
        f'<ofd:TextCode X="0" Y="{SIZE * MM:.3f}" DeltaX="{steps}">{escape(text)}</ofd:TextCode>'
        "</ofd:TextObject>"
    )


def _read(data: bytes) -> PublishedReport:
    (read,) = read_bytes(data, "年报.ofd")
    return read


@pytest.mark.parametrize("code", ["2019", "2021"])
def test_every_cell_is_read(code: str) -> None:
    rng = random.Random(1)
    drawn: dict[str, CellValue] = {
        a: rng.choice([0, 3, 12, 55]) for a in load_edition(code).addresses
    }
    values = balanced(load_edition(code), drawn)
    read = _read(ofd(pages_of(r.printed(code, values))))
    assert dict(read.report.cells) == values
    assert certain(read) == values.keys()
    assert (read.report.town.name, read.report.year) == ("云河镇人民政府", 2023)


def test_a_table_that_goes_on_outside_the_page_is_said() -> None:
    values = dict.fromkeys(load_edition("2021").addresses, 3)
    read = _read(ofd(pages_of(r.printed("2021", values), figures=700)))
    assert not wrong(read, values)
    assert any("页面之外" in problem.message for problem in read.problems)


def test_paths_are_rules() -> None:
    (page,) = ofd_pages(ofd([[]], TABLE), "a.ofd", 9)
    level = sorted(round(e.at * MM, 1) for e in page.edges if not e.upright)
    assert level == [10.0, 15.0, 20.0]
    assert sum(e.upright for e in page.edges) == 2


ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'
ENDLESS = "M 0 0 " + " ".join(f"L {n} 0 L {n} 9" for n in range(60_000))
_CUT_STEPS = '<P><TextObject Boundary="0 0 9 9"><TextCode X="0" Y="0" DeltaX="g 3">字</TextCode></TextObject></P>'
BROKEN = {
    "no text": (ofd([[]]), "没有文字层"),
    "a missing page": (ofd([[]], **{"Doc_0/Document.xml": "<x/>"}), "不是可读的OFD"),
    "a broken path": (ofd([[]], "M a b"), "不是可读的OFD"),
    "an unknown path": (ofd([[]], "W 1 2"), "不是可读的OFD"),
    "a scan with a letter": (ofd([[(1, 1, "字")]]), "只有1个字"),
    "steps cut off": (
        ofd([[]], **{"Doc_0/Pages/Page_0/Content.xml": _CUT_STEPS}),
        "不是可读的OFD",
    ),
    "a path without end": (ofd([[]], ENDLESS), "不是可读的OFD"),
    "numbers without end": (ofd([[]], "M 0 0 L 1e999 0 L nan 0 C"), "没有文字层"),
    "an entity": (ofd([[]], **{"Doc_0/Document.xml": ENTITY}), "DOCTYPE"),
    "no XML": (ofd([[]], **{"Doc_0/Document.xml": "<x"}), "不是可读的OFD"),
    "too many pages": (ofd([[]] * 201), "超过200页"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_files_are_refused(kind: str) -> None:
    data, said = BROKEN[kind]
    with pytest.raises(ReadError, match=said):
        read_bytes(data, "a.ofd")
