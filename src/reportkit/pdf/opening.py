"""Opening: a PDF's bytes to pdfium's document, with one box in the place of each glyph it does not hold.

A PDF may only name its fonts; pdfium then takes them from the machine. What such a font cannot draw
has no extent, and a text without extent is none for pdfium: where Droid Sans Fallback stands in for 宋体, every
figure of one digit is lost, and its cell looks blank. Where glyphs stand, the file itself says.
"""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

_BOX = (Path(__file__).parent / "box.ttf").read_bytes()
"""A font of one glyph, for every character: tests/published/box_font.py builds it."""
_FOUND = 1
"""What stands for that font; 0 would say that there is none."""


def open_pdf(content: bytes) -> pdfium.PdfDocument:
    """Return a file's document; raises ``pypdfium2.PdfiumError`` where it is none or is encrypted."""
    _stand_in()
    return pdfium.PdfDocument(content)


@cache
def _stand_in() -> Any:
    """Let the box stand in for each font that a PDF names and does not hold, from now on.

    The result must stay: pdfium calls what it holds until the process ends.
    """
    info = pdf.FPDF_SYSFONTINFO()
    kinds = {name: kind for name, kind, *_ in pdf.FPDF_SYSFONTINFO._fields_}
    info.version = 1
    for name, answer in {
        "MapFont": lambda *_: _FOUND,
        "GetFont": lambda *_: None,
        "GetFontData": _data,
        "GetFaceName": lambda *_: 0,
        "GetFontCharset": lambda *_: 0,
    }.items():
        setattr(info, name, kinds[name](answer))
    pdf.FPDF_SetSystemFontInfo(ctypes.byref(info))
    return info


def _data(_info: Any, _font: Any, table: int, buffer: Any, size: int) -> int:
    """Write the font where there is room for it, and say how large it is; it has no parts."""
    if table:
        return 0
    if buffer and size >= len(_BOX):
        ctypes.memmove(buffer, _BOX, len(_BOX))
    return len(_BOX)
