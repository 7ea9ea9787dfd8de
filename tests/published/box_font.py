"""Build the font that stands in for fonts that a PDF only names: ``python tests/published/box_font.py [FILE]``.

It has one glyph, a box, for every character. It is never seen: no page is drawn with it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.ttLib.tables._g_l_y_f import Glyph

SHIPPED = Path(__file__).parents[2] / "src/reportkit/pdf/box.ttf"
FAMILY = "Reportkit Box"
EM = 1000
ASCENT, DESCENT = 880, -120


def _box() -> Glyph:
    pen = TTGlyphPen(None)
    pen.moveTo((0, DESCENT))
    for point in ((0, ASCENT), (EM // 2, ASCENT), (EM // 2, DESCENT)):
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


def build(path: Path) -> None:
    """Write the font."""
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "box"])
    builder.setupCharacterMap({})
    many = CmapSubtable.newSubtable(13)  # many characters to one glyph, by ranges
    many.platformID, many.platEncID, many.language = 3, 10, 0
    many.cmap = {code: "box" for code in range(0x20, 0x30000) if not 0xD800 <= code < 0xE000}
    builder.font["cmap"].tables = [many]
    builder.setupGlyf({".notdef": _box(), "box": _box()})
    builder.setupHorizontalMetrics({".notdef": (EM, 0), "box": (EM, 0)})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    builder.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT)
    builder.setupNameTable({"familyName": FAMILY, "styleName": "Regular", "psName": "ReportkitBox"})
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0
    builder.font.recalcTimestamp = False
    builder.save(path)


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else SHIPPED)
