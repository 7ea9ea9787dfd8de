"""A document to a PDF by typst: PDF/A-3a and PDF/UA-1, with the report's JSON attached.

The same document and the same fonts give the same bytes: no clock is asked, the time stamp is fixed.
"""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import typst

from reportkit.blocks.printable import all_printable
from reportkit.errors import RunError
from reportkit.export.document import Document
from reportkit.export.formats import Other
from reportkit.export.pdf.pieces import Pieces
from reportkit.export.typefaces import typefaces
from reportkit.language import _

STANDARDS: Final[Any] = ["a-3a", "ua-1"]
"""Archiving with an attachment, and reading aloud."""
_STAMP: Final = datetime(2020, 1, 1, tzinfo=UTC)


def render(document: Document, _other: Other) -> bytes:
    """Return a document as the format ``pdf`` has it.

    Raises :class:`~reportkit.errors.RunError` where this machine has no Chinese font, or typst refuses it.
    """
    faces = typefaces()
    pieces = Pieces()
    data = _data(document, pieces) | {"faces": dict(faces.families)}
    with tempfile.TemporaryDirectory(prefix="reportkit-") as folder:
        for name, content in pieces.files.items():
            (Path(folder) / name).write_bytes(content)
        template = Path(folder) / "report.typ"
        template.write_bytes((files(__package__) / "report.typ").read_bytes())
        compiler = typst.Compiler(
            template,
            root=folder,
            font_paths=faces.fonts,
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        )
        try:
            made = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=_STAMP)
        except typst.TypstError as fault:
            raise RunError(_("the PDF cannot be made: {message}", message=fault.message)) from None
    return made if isinstance(made, bytes) else b"".join(made or ())


def _data(document: Document, pieces: Pieces) -> dict[str, Any]:
    report = document.report
    printed = [piece for block in document.lead for piece in pieces.of(block)]
    for section in document.sections:
        printed.append({"kind": "heading", "level": 1, "text": section.title})
        printed += [piece for block in section.blocks for piece in pieces.of(block)]
    shown = {
        "title": document.title,
        "author": report.town.issuer or report.town.name or "",
        "subject": "政府信息公开工作年度报告",
        "year": (report.year or 2000) + 1,
        "header": "　".join(document.words),
        "words": list(document.words),
        "pieces": printed,
        "attached_description": f"{document.title}（数据）",
        "seal_description": f"{document.title}（校验信息）",
    }
    shown = all_printable(shown) | {"sealed": not document.own_title}
    return {**shown, "attached": document.seal.text, "seal": document.seal.header}
