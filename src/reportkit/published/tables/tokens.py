"""Tokens: blocks cut into texts, values and blanks, in reading order.

A token of a grid knows its row. In plain text a line is cut only where it ends in values, or
where digits stand glued to a label of the form (规章000).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from reportkit.form import EDITIONS
from reportkit.prose.content import FileContent, Grid, GridCell, TextBlock, TextParagraph, TextPlace
from reportkit.prose.fold import core, fold
from reportkit.published.tables.labels import lexicon, row_label_end
from reportkit.published.tables.values import is_blank, is_damaged, is_value

Bond = Literal["cell", "space", "glued"]
TokenKind = Literal["text", "value", "blank"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text, a value or a blank."""

    text: str
    kind: TokenKind
    place: TextPlace
    bond: Bond = "cell"
    """What parts it from the token before: a cell or line, a space, or nothing."""
    row: int = -1
    """The grid row it stands in, unique in the document; -1 in plain text."""
    sure: bool = False
    """That row is a row of the file's own table."""
    gap: int | None = None
    """Line breaks before it, where that tells of blank cells."""
    open_end: bool = False
    """The file breaks off behind it."""
    doubtful: bool = False
    """It, or one beside it, may number the rows and be no figure."""

    @property
    def filled(self) -> bool:
        """Something is printed: a number, or a mark for «unknown». An empty cell may be a span's."""
        return self.kind == "value" or bool(self.text.strip())


_HAN = re.compile(r"[\u3400-\u9fff]")
_GLUED = re.compile(r"(?<=[\u3400-\u9fff)”\"'’])([\d/\-—][\d.,/\-—]*?)(?=\d[.、]\D|(?![\d.,/\-—]))")
_RUN_TOGETHER = re.compile(r"0[\d/\-—]{4,}|[1-9][\d/\-—]{13,}")
"""A line of digits that is no number: a whole row without anything between its cells."""
PAGE_NUMBER = re.compile(r"[-—–\s]*第?\s*\d{1,4}\s*页?[-—–\s]*(?:[/共]\s*\d{1,4}\s*页?)?")
_NUMBERED = re.compile(r"^(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[.、．)]\s*")


def tokens_of(document: FileContent) -> list[Token]:
    """Return a document's tokens."""
    found: list[Token] = []
    row = 0
    for block, after in pairwise([*document.blocks, None]):
        if isinstance(block, Grid):
            for cells in _unnumbered(block.rows):
                row += 1
                made = [
                    Token(text, _kind(text), cell.place, row=row, sure=block.sure)
                    for cell in cells
                    for text in (cell.text.strip(),)
                ]
                found += _grid_row(_meant(made, found))
        elif block is not None:
            found += _goes_on(_meant(_line(block), found), after)
    if document.cut and found:
        found[-1] = replace(found[-1], open_end=True)
    return found


_COUNTED = re.compile(r"[年月日件条项次个份人](?=.)|年$")
"""Units before whatever they count: what follows a number that is no cell's."""

COUNTERS = "序号"
FEWEST_NUMBERED = 3
"""Fewer rows without that heading are not known to be numbered."""


def _unnumbered(rows: Sequence[tuple[GridCell, ...]]) -> Sequence[tuple[GridCell, ...]]:
    """Leave out the first column where it numbers the rows (序号): its figures stand before labels.

    They rise from row to row, or begin again; a figure that does not is no row's number.
    """
    numbers = [int(fold(row[0].text)) for row in rows if _is_numbered(row)]
    headed = any(_is_headed(row) for row in rows)
    begun = bool(numbers) and (headed or len(numbers) >= FEWEST_NUMBERED)
    if not begun or any(a >= b != 1 for a, b in pairwise(numbers)):
        return rows
    return [row[1:] if _is_numbered(row) or _is_headed(row) else row for row in rows]


def _is_headed(row: Sequence[GridCell]) -> bool:
    return bool(row) and core(row[0].text) == COUNTERS


def _is_numbered(row: Sequence[GridCell]) -> bool:
    """Say whether a whole number stands before the first text of a row."""
    return (
        len(row) > 1
        and fold(row[0].text).strip().isdecimal()
        and _kind(row[1].text.strip()) == "text"
    )


_BROKEN = re.compile(r"\d[\d,]*[.,]")


def _goes_on(tokens: list[Token], after: TextBlock | None) -> list[Token]:
    """Take a number that ends in a point or comma for a damaged one where digits are the next line."""
    last = tokens[-1] if tokens else None
    if last is None or last.kind != "text" or not isinstance(after, TextParagraph):
        return tokens
    *before, number = last.text.split()
    if not (_BROKEN.fullmatch(fold(number)) and fold(after.text).strip().isdigit()):
        return tokens
    label = [replace(last, text=" ".join(before))] if before else []
    return [
        *tokens[:-1],
        *label,
        replace(last, text=number, kind="value", bond="space" if label else last.bond),
    ]


def _meant(tokens: list[Token], before: Sequence[Token]) -> list[Token]:
    """Take damaged numbers for values: one of them costs its own cell, and not its row.

    Behind a row's label in its own grid row, any short word that is none of the form's stands for
    a number; alone in its line, only what looks like one, behind a label or another value.
    """
    last = before[-1] if before else None
    ready = last is not None and (last.kind != "text" or _ends_label(last.text))
    labelled = False
    figures = any(token.kind == "value" for token in tokens)
    found: list[Token] = []
    for token in tokens:
        if token.kind == "text":
            damaged = ready and is_damaged(token.text)
            if damaged or (labelled and _stray(token.text)):
                found.append(replace(token, kind="value"))
                continue
            if token.row < 0 and PAGE_NUMBER.fullmatch(token.text):
                continue
            ready = _ends_label(token.text)
            labelled = figures and token.row >= 0 and (labelled or ready)
        else:
            ready = True
        found.append(token)
    return found


def _stray(text: str) -> bool:
    """Say whether a text in a figure's cell is a few characters that no form prints."""
    words = core(text, notes=True)
    known = words == COUNTERS or any(lexicon(code).pattern.search(words) for code in EDITIONS)
    return len(text) <= LONGEST_STRAY and not known


LONGEST_STRAY = 8
"""A word of more characters in a row of figures is no damaged figure."""


@lru_cache(maxsize=1 << 12)
def _kind(text: str) -> TokenKind:
    if is_blank(text):
        return "blank"
    return "value" if is_value(text) else "text"


def _grid_row(made: Sequence[Token]) -> Iterator[Token]:
    """Yield a row's tokens; blanks before its last text are spans' leavings and go."""
    last_text = max((i for i, token in enumerate(made) if token.kind == "text"), default=-1)
    for i, token in enumerate(made):
        if token.kind != "blank" or i > last_text:
            yield token


def _line(block: TextParagraph) -> list[Token]:
    """Return the tokens of a line of plain text."""
    text = block.text.strip()
    kind = _kind(text)
    if kind == "blank":
        leavings = re.fullmatch(r"[?\ufffd\s]*", text)
        return [] if leavings else [Token(text, kind, block.place, gap=block.gap)]
    folded = fold(text)
    if _RUN_TOGETHER.fullmatch(folded):
        return [Token(folded, "value", block.place, "glued", gap=block.gap)]
    pieces = text.split()
    if kind == "value" and len(pieces) == 1:
        return [Token(text, kind, block.place, gap=block.gap)]
    if not _HAN.search(text) and PAGE_NUMBER.fullmatch(text) and not is_value(text):
        return [Token(text, "text", block.place)] if is_damaged(text) else []
    found: list[Token] = []
    words: list[str] = []
    for part, bond in _parts(text, pieces):
        if bond is None:
            words.append(part)
            continue
        _say(found, words, block)
        value: TokenKind = "blank" if bond == "space" and is_blank(part) else "value"
        found.append(_token(part, value, bond, found, block))
    _say(found, words, block)
    return found


def _token(
    text: str, kind: TokenKind, bond: Bond, before: Sequence[Token], block: TextParagraph
) -> Token:
    """Make a line's next token; its first carries the line's distance."""
    if not before:
        return Token(text, kind, block.place, gap=block.gap)
    return Token(text, kind, block.place, bond)


def _say(found: list[Token], words: list[str], block: TextParagraph) -> None:
    """Add the words gathered as one text."""
    if words:
        bond: Bond = "glued" if found and found[-1].bond == "glued" else "space"
        found.append(_token(" ".join(words), "text", bond, found, block))
        words.clear()


def _parts(text: str, pieces: list[str]) -> Iterator[tuple[str, Bond | None]]:
    """Yield a line's words with ``None``, and its values with what parts them from what is before."""
    label = ""
    for number, piece in enumerate(_pieces(text, pieces)):
        figure = number > 0 and (not label or _ends_label(label))
        worded = (
            (_kind(piece) == "text" and not (figure and is_damaged(piece)))
            or (number == 0 and _is_numbering(piece, pieces))
            or (number == 0 and is_blank(piece) and len(pieces) > 1 and _kind(pieces[1]) == "text")
            or (bool(label) and is_blank(piece) and not _ends_label(label))
        )
        if not worded:
            label = ""
            yield piece, "space"
            continue
        for part, glued in _unglue(piece, label) if _has_digits(piece) else ((piece, False),):
            label = "" if glued else f"{label} {part}"
            yield part, "glued" if glued else None


def _pieces(text: str, pieces: list[str]) -> list[str]:
    """Return the words of a line, its leading number kept together with what follows."""
    match = _NUMBERED.match(text)
    if match is None or len(pieces) < 2 or match.end() >= len(text):
        return pieces
    rest = text[match.end() :].split()
    return [match[0].replace(" ", "") + rest[0], *rest[1:]]


def _is_numbering(piece: str, pieces: list[str]) -> bool:
    """Say whether a line's first word is a number that belongs to the next word, and no value.

    A bare number before a label; a year or a count before its unit, where a line of prose begins.
    """
    if not piece.isdigit() or len(pieces) < 2 or _kind(pieces[1]) != "text":
        return False
    return len(piece) < 3 or _COUNTED.match(pieces[1]) is not None


def _ends_label(text: str) -> bool:
    return bool(row_label_end().search(core(text)))


def _has_digits(piece: str) -> bool:
    return bool(re.search(r"[\u3400-\u9fff)”）](?:\d|[/—-]{2})", fold(piece)))


def _unglue(piece: str, label: str) -> Iterator[tuple[str, bool]]:
    """Cut a word where values stand glued to a row label; yield (text, is values).

    ``label`` holds the words before it in its line: spaces may stand inside a label.
    """
    folded = fold(piece)
    done = 0
    for match in _GLUED.finditer(folded):
        if match.start() < done:
            continue
        before = folded[done : match.start()]
        if not row_label_end().search(core(before if done else f"{label} {before}")):
            continue
        yield before, False
        yield match[1], True
        done = match.end()
    if done < len(folded):
        yield folded[done:], False
