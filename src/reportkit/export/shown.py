"""What of a report stands visibly in a file: texts compared without white space and forms of writing."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator

from reportkit.blocks import Block, FormTable, KeyFigures, Prose, Table
from reportkit.blocks.printable import printable
from reportkit.blocks.rich_text import ProseTable, parse_rich_text
from reportkit.checks.sentences import split
from reportkit.report import TownReport

KEY_FIGURES = "key_figures"
"""What a seal calls the strip of key figures, beside the codes of tables and sections."""


def squeeze(text: str) -> str:
    """Return a text as it is compared: without white space, and wide letters as narrow ones.

    >>> squeeze("全年 １2 件（ａ）")
    '全年12件(a)'
    """
    return "".join(unicodedata.normalize("NFKC", text).split())


def sentences(markdown: str) -> Iterator[str]:
    """Yield the paragraphs of a section as they are printed, a table's rows each as one."""
    for piece in parse_rich_text(markdown):
        lines = (
            ["".join(row) for row in piece.rows] if isinstance(piece, ProseTable) else [piece.text]
        )
        yield from filter(str.strip, lines)


OwnParts = tuple[tuple[str, tuple[str, ...]], ...]
"""Of each table or text that is none of the report's: what it is called, and the digest of each row or sentence."""

MOST_LINES = 1000
"""So many rows and sentences a seal tells of: it stands in one cell of a workbook."""


def digest_of_line(text: str) -> str:
    """Return what a row or sentence is told by."""
    return hashlib.sha256(squeeze(printable(text)).encode()).hexdigest()[:12]


def own_parts(report: TownReport, blocks: Iterable[Block]) -> OwnParts:
    """Return what a document prints beside the report's own data: other tables, and other prose by its sentences."""
    told = squeeze("\n".join(line for text in report.sections.values() for line in sentences(text)))
    left, found = MOST_LINES, []
    for block in blocks:
        if isinstance(block, Table):
            name, lines = block.caption, ["".join(line) for line in block.lines]
        elif isinstance(block, Prose):
            every = [s for paragraph in sentences(block.text) for s in split(paragraph)]
            name, lines = "文字", [s for s in every if squeeze(s) not in told]
        else:
            continue
        if lines and (left := left - len(lines)) >= 0:
            found.append((name, tuple(map(digest_of_line, lines))))
    return tuple(found)


def shows(report: TownReport, blocks: Iterable[Block]) -> tuple[str, ...]:
    """Return the codes of the report's tables and sections that these blocks print, as a seal names them."""
    found: list[str] = []
    printed: list[str] = []
    for block in blocks:
        if isinstance(block, FormTable) and is_of(block, report):
            found.append(block.table)
        elif isinstance(block, KeyFigures):
            found.append(KEY_FIGURES)
        elif isinstance(block, Prose):
            printed += sentences(block.text)
    whole = squeeze("\n".join(printed))
    found += [
        code
        for code, text in report.sections.items()
        if all(squeeze(line) in whole for line in sentences(text))
    ]
    return tuple(dict.fromkeys(found))


def is_of(block: FormTable, report: TownReport) -> bool:
    """Say whether a table of the form is about the report's own town and year."""
    return (block.town, block.year) == (report.town.id or report.town.name, report.year)
