"""Tokens: blocks cut into texts, values and blanks, in reading order.

A token of a grid knows its row. In plain text a line is cut only where it ends in values, or
where digits stand glued to a label of the form (规章000).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from reportkit.prose.content import Document, Grid, Paragraph, Place
from reportkit.prose.fold import core, fold
from reportkit.published.tables.labels import row_label_end
from reportkit.published.tables.values import is_blank, is_value

Bond = Literal["cell", "space", "glued"]
TokenKind = Literal["text", "value", "blank"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text, a value or a blank."""

    text: str
    kind: TokenKind
    place: Place
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


def tokens_of(document: Document) -> list[Token]:
    """Return a document's tokens."""
    found: list[Token] = []
    row = 0
    for block in document.blocks:
        if isinstance(block, Grid):
            for cells in block.rows:
                row += 1
                found += _grid_row(
                    [(cell.text, cell.place) for cell in cells], row, sure=block.sure
                )
        else:
            found += _line(block)
    if document.cut and found:
        found[-1] = replace(found[-1], open_end=True)
    return found


@lru_cache(maxsize=1 << 12)
def _kind(text: str) -> TokenKind:
    if is_blank(text):
        return "blank"
    return "value" if is_value(text) else "text"


def _grid_row(cells: Iterable[tuple[str, Place]], row: int, *, sure: bool) -> Iterator[Token]:
    """Yield a row's tokens; blanks before its last text are spans' leavings and go."""
    made = [Token(text.strip(), _kind(text), place, row=row, sure=sure) for text, place in cells]
    last_text = max((i for i, token in enumerate(made) if token.kind == "text"), default=-1)
    for i, token in enumerate(made):
        if token.kind != "blank" or i > last_text:
            yield token


def _line(block: Paragraph) -> list[Token]:
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
        return []
    found: list[Token] = []
    words: list[str] = []
    for part, bond in _parts(text, pieces):
        if bond is None:
            words.append(part)
            continue
        _say(found, words, block)
        value = "value" if bond == "glued" else _kind(part)
        found.append(_token(part, value, bond, found, block))
    _say(found, words, block)
    return found


def _token(
    text: str, kind: TokenKind, bond: Bond, before: Sequence[Token], block: Paragraph
) -> Token:
    """Make a line's next token; its first carries the line's distance."""
    if not before:
        return Token(text, kind, block.place, gap=block.gap)
    return Token(text, kind, block.place, bond)


def _say(found: list[Token], words: list[str], block: Paragraph) -> None:
    """Add the words gathered as one text."""
    if words:
        bond: Bond = "glued" if found and found[-1].bond == "glued" else "space"
        found.append(_token(" ".join(words), "text", bond, found, block))
        words.clear()


def _parts(text: str, pieces: list[str]) -> Iterator[tuple[str, Bond | None]]:
    """Yield a line's words with ``None``, and its values with what parts them from what is before."""
    label = ""
    for number, piece in enumerate(_pieces(text, pieces)):
        worded = (
            _kind(piece) == "text"
            or (number == 0 and _is_numbering(piece, pieces))
            or (number == 0 and is_blank(piece) and len(pieces) > 1 and _kind(pieces[1]) == "text")
            or (bool(label) and is_blank(piece) and not _ends_label(label))
        )
        if not worded:
            label = ""
            yield piece, "space"
            continue
        for part, glued in _unglue(piece) if _has_digits(piece) else ((piece, False),):
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
    """Say whether a line's first word is a bare number before a label, and no value."""
    return piece.isdigit() and len(piece) < 3 and len(pieces) > 1 and _kind(pieces[1]) == "text"


def _ends_label(text: str) -> bool:
    return bool(row_label_end().search(core(text)))


def _has_digits(piece: str) -> bool:
    return bool(re.search(r"[\u3400-\u9fff)”）](?:\d|[/—-]{2})", fold(piece)))


def _unglue(piece: str) -> Iterator[tuple[str, bool]]:
    """Cut a word where values stand glued to a row label; yield (text, is values)."""
    folded = fold(piece)
    done = 0
    for match in _GLUED.finditer(folded):
        if match.start() < done:
            continue
        before = folded[done : match.start()]
        if not row_label_end().search(core(before)):
            continue
        yield before, False
        yield match[1], True
        done = match.end()
    if done < len(folded):
        yield folded[done:], False
