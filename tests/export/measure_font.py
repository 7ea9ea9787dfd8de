"""Build the font that charts are measured with: ``python tests/export/measure_font.py [FILE]``.

The drawing library lays text out by the width of its glyphs, and takes them from whatever fonts a
machine has: the same chart then comes out differently here and there. This font has a width for
every character and a box for its shape. It is never seen: the finished drawing names no font, and the
reader's own is used. Full-width characters are one em wide; the others have the usual width of their
class in a sans-serif face.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.ttLib.tables._g_l_y_f import Glyph

from reportkit.export.sketch import WIDTHS, width_class

SHIPPED = Path(__file__).parents[2] / "src/reportkit/export/fonts/measure.ttf"
FAMILY = "Reportkit Measure"
EM = 1000


def _box(width: int) -> Glyph:
    """Return a box as wide as the character: what has no outline is not measured."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, 700), (width, 700), (width, 0)):
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


def build(path: Path) -> None:
    """Write the font."""
    glyphs = [".notdef", *WIDTHS]
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap({})
    many = CmapSubtable.newSubtable(13)  # many characters to one glyph, by ranges
    many.platformID, many.platEncID, many.language = 3, 10, 0
    many.cmap = {
        code: width_class(chr(code)) for code in range(0x20, 0x10000) if not 0xD800 <= code < 0xE000
    }
    builder.font["cmap"].tables = [many]
    builder.setupGlyf({".notdef": Glyph(), **{n: _box(width) for n, width in WIDTHS.items()}})
    builder.setupHorizontalMetrics({".notdef": (EM, 0), **{n: (w, 0) for n, w in WIDTHS.items()}})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupOS2(
        sTypoAscender=880,
        sTypoDescender=-120,
        usWinAscent=880,
        usWinDescent=120,
        sxHeight=500,
        sCapHeight=700,
        yStrikeoutSize=50,
        yStrikeoutPosition=250,
        fsType=0,
        achVendID="NONE",
    )
    names = {"familyName": FAMILY, "styleName": "Regular", "psName": FAMILY.replace(" ", "")}
    builder.setupNameTable(names)
    builder.setupPost(underlinePosition=-100, underlineThickness=50)
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    builder.save(path)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
