"""What of a report stands visibly in a file: texts compared without white space and forms of writing."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from reportkit.blocks import Block, FormTable, KeyFigures, Prose
from reportkit.blocks.rich_text import ProseTable, parse_rich_text
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
