"""PDFs made here, character by character: text at given points, without borders, files or programs.

The font is one of those that a PDF names and every reader has; nothing is embedded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.published.rendering import Printed, Slot

WIDTH, HEIGHT = 800, 840
SIZE = 6
LEFT, FIGURES = 30, 480
"""Where lines begin, and the first column of figures."""
PITCH = 38
LINES = 50
"""How many lines a page holds between head and foot."""

Text = tuple[float, float, str]
"""x, y from the page's foot, and what is written there."""


def pdf_of(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Return objects, the first of them the catalogue, as a file."""
    body = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    body += b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return body + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (
        size,
        trailer,
        start,
    )


FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<<"
    b"/Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)"
    b"/Ordering(GB1)/Supplement 2>>/DW 1000/W[1 95 500]>>]>>"
)


def draw(pages: Sequence[Sequence[Text]], *, twice: float = 0) -> bytes:
    """Return pages as a PDF; ``twice``: each character again, so many points to the right (fake bold)."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * n) for n in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        FONT,
    ]
    for page in pages:
        written = b"\n".join(
            b"BT /F %d Tf %.2f %.2f Td <%s> Tj ET"
            % (SIZE, x + shift, y, text.encode("utf-16-be", "surrogatepass").hex().encode())
            for x, y, text in page
            for shift in ((0, twice) if twice else (0,))
        )
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<</Font<</F 3 0 R>>>>"
            b"/Contents %d 0 R>>" % (WIDTH, HEIGHT, len(objects) + 2)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(written), written))
    return pdf_of(objects)


def pages_of(
    report: Printed,
    *,
    head: str = "",
    foot: str = "",
    lines: int = LINES,
    figures: float = FIGURES,
) -> list[list[Text]]:
    """Return a report as pages; ``{page}`` in a head or foot stands for the page's number."""
    rows = list(_rows(report, figures))
    pages: list[list[Text]] = []
    for number, start in enumerate(range(0, len(rows), lines), start=1):
        page: list[Text] = []
        if head:
            page.append((LEFT, HEIGHT - 30, head.format(page=number)))
        for n, row in enumerate(rows[start : start + lines]):
            page += [(x, HEIGHT - 60 - 15 * n, text) for x, text in row]
        if foot:
            page.append((LEFT, 24, foot.format(page=number)))
        pages.append(page)
    return pages


def _rows(report: Printed, begin: float) -> Iterator[list[tuple[float, str]]]:
    """Yield a report's lines, each as texts with the x where they begin."""
    one, two, three, four, five, six = report.headings
    for text in (report.title, one, report.prose["s1"]):
        yield [(LEFT, text)]
    for heading, table in zip((two, three, four), report.tables, strict=True):
        yield [(LEFT, heading)]
        yield from _table(table, begin)
    for text in (five, report.prose["s5"], six, report.prose["s6"]):
        yield [(LEFT, text)]


def _table(table: Sequence[Sequence[Slot]], begin: float) -> Iterator[list[tuple[float, str]]]:
    width = sum(slot.colspan for slot in table[0])
    figures = max(sum(slot.address is not None for slot in row) for row in table)
    taken: dict[int, int] = {}
    for row in table:
        line: list[tuple[float, str]] = []
        at = 0
        for slot in row:
            while taken.get(at, 0):
                at += 1
            line.append((_x(at, width - figures, begin), slot.text))
            for column in range(at, at + slot.colspan):
                taken[column] = slot.rowspan
            at += slot.colspan
        taken = {column: left - 1 for column, left in taken.items() if left > 1}
        yield [(x, text) for x, text in line if text]


def _x(column: int, labels: int, begin: float) -> float:
    if not labels:
        return LEFT + column * PITCH
    if column >= labels:
        return begin + (column - labels) * PITCH
    return LEFT + column * (FIGURES - LEFT) / (labels + 1)
