"""Plain text: lines to paragraphs, and lines of cells between pipes or tabs to grids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from reportkit.form import EDITIONS, load_edition
from reportkit.prose.content import FileContent, Grid, GridCell, TextBlock, TextParagraph, TextPlace
from reportkit.prose.fold import core
from reportkit.published.documents.encoding import decode
from reportkit.published.documents.html import blocks_of
from reportkit.published.identity import LONGEST_LINE
from reportkit.published.tables.labels import row_label_end
from reportkit.published.tables.values import is_value

BLANK_TABS = 4
"""A line of so many tabs and nothing else, among rows between tabs, is a row of blank cells."""
_PIPES = str.maketrans(dict.fromkeys("｜│┃¦║", "|"))
_RULE = re.compile(r"\s*[|+]?(?:\s*:?[-=─━]{3,}:?\s*[|+┼╋]?)+\s*|\s*[┌┐└┘├┤┬┴┼─━+╋]{3,}\s*")
_LINE_END = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


def read_text(data: bytes, name: str) -> FileContent:
    """Return the document that a text file holds; raises :class:`ReadError` if it is no text."""
    text = decode(data)
    blocks: list[TextBlock] = []
    line = 0
    for part, table in _tables_apart(text):
        if table:
            blocks += blocks_of(part, name, line)
        else:
            blocks += document_of_text(part, name, line).blocks
        line += len(_LINE_END.findall(part))
    return FileContent(name, tuple(blocks), cut=_is_cut(text))


_PIPED_ROW = re.compile(rb"^[ \t]*\|[^\n]*\|[ \t]*\r?$", re.MULTILINE)


def is_markdown(data: bytes) -> bool:
    """Say whether a text has rows between pipes: with tags in it, it is Markdown and no page."""
    return _PIPED_ROW.search(data) is not None


_TABLE = re.compile(r"<(/?)table\b[^<>]*>", re.IGNORECASE)


def _tables_apart(text: str) -> Iterator[tuple[str, bool]]:
    """Yield a text in parts; ``True``: one is a table of HTML, as Markdown has for merged cells."""
    done = start = depth = 0
    for mark in _TABLE.finditer(text):
        if not mark[1]:
            start = mark.start() if not depth else start
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield text[done:start], False
                yield text[start : mark.end()], True
                done = mark.end()
    yield text[done:], False


def _is_cut(text: str) -> bool:
    return bool(text) and text[-1] not in "\r\n\f"


def document_of_text(text: str, name: str, lines_before: int = 0) -> FileContent:
    """Return the document that a text is, or a part of a text behind so many lines."""
    blocks: list[TextBlock] = []
    rows: list[tuple[GridCell, ...]] = []
    gap = 1

    def close() -> None:
        if rows:
            blocks.append(Grid(tuple(rows), rows[0][0].place, sure=False))
            rows.clear()

    lines = _LINE_END.split(text)
    framed = _framed(lines)
    for number, raw in enumerate(lines, start=lines_before + 1):
        line = raw.translate(_PIPES)
        if not line.strip() and not (rows and line.count("\t") >= BLANK_TABS):
            gap += 1
            continue
        place = TextPlace(file=name, line=number)
        if framed and line.strip() == "|" and (cell := _open_cell(blocks, rows)):
            rows.append((GridCell(cell.text, cell.place),))
            gap = 1
            continue
        cells = _cells(line, framed=framed)
        if cells is None:
            close()
            for nth, part in enumerate(_unfolded(raw.strip())):
                blocks.append(
                    TextParagraph(
                        part, replace(place, nth=nth) if nth else place, 1 if nth else gap
                    )
                )
        elif cells:
            rows.append(tuple(GridCell(cell, place) for cell in cells))
        gap = 1
    close()
    return FileContent(name, tuple(blocks), cut=_is_cut(text))


def _open_cell(blocks: list[TextBlock], rows: Sequence[object]) -> TextParagraph | None:
    """Take back the last line where it is a cell whose closing pipe stands on the next line."""
    last = blocks[-1] if blocks and not rows else None
    if not isinstance(last, TextParagraph):
        return None
    if not (is_value(last.text) or row_label_end().search(core(last.text))):
        return None
    blocks.pop()
    return last


@cache
def _sections() -> re.Pattern[str]:
    """Return a pattern for the form's section headings inside a line."""
    titles = {
        re.escape(wording).replace("、", "[、.．]\\s*")
        for code in EDITIONS
        for section in load_edition(code).sections
        for wording in (section.title, *section.variants)
        if wording
    }
    return re.compile(
        "(?<=[\\s。;；)）\\d])(" + "|".join(sorted(titles, key=len, reverse=True)) + ")"
    )


def _unfolded(line: str) -> list[str]:
    """Part a line that holds a whole report at the form's section headings."""
    if len(line) <= LONGEST_LINE:
        return [line]
    return [part for part in map(str.strip, _sections().split(line)) if part]


def _framed(lines: Sequence[str]) -> bool:
    """Say whether rows of this text end in a pipe: then the last pipe of a row is no cell's border."""
    rows = [line.translate(_PIPES).strip() for line in lines if "|" in line.translate(_PIPES)]
    return 2 * sum(row.endswith("|") for row in rows) > len(rows)


def _cells(line: str, *, framed: bool) -> list[str] | None:
    """Return the cells of a delimited line, ``None`` for a line of plain text.

    One pipe at each end only frames the row; a line that is one pipe is one blank cell.
    """
    if "|" in line:
        if _RULE.fullmatch(line):
            return []
        body = line.strip()
        if body == "|":
            return [""]
        body = body.removeprefix("|")
        body = body.removesuffix("|") if framed else body
        return [cell.strip() for cell in body.split("|")]
    if "\t" in line.lstrip() or not line.strip():
        return [cell.strip() for cell in line.rstrip("\r\n").split("\t")]
    return [] if _RULE.fullmatch(line) else None
