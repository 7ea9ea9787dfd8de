"""Labels: an edition's own words, ready to be found in the text between two runs of values.

Everything here is made from the edition object; no label is typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise
from typing import Literal

from reportkit.form import EDITIONS, Edition, Row, RowBlock, StatutoryTable, load_edition
from reportkit.prose.fold import core, fold

Kind = Literal["row", "column", "heading"]


UNITS = re.compile("(?:单位)?(?:人民币)?[亿万]?[元件项个条次份]?")
"""Words for units that stand in headers without saying more."""


@dataclass(frozen=True)
class Slot:
    """One row of the form, with its place in the whole form's order."""

    index: int
    table: StatutoryTable
    block: RowBlock
    block_no: int
    row: Row
    labels: tuple[str, ...]
    """Cores of the label and its other wordings, longest first."""
    number: str
    """The number printed before the label: 一, （二） or 3., folded to its bare numeral."""

    @property
    def width(self) -> int:
        """How many values the row holds."""
        return len(self.block.columns)

    @property
    def across(self) -> bool:
        """The row is printed as a group of columns: its label is a heading above them."""
        return self.row.across

    @property
    def headed(self) -> bool:
        """The table has several blocks, each with its own header; its labels are short."""
        return len(self.table.blocks) > 1

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of the row's cells, in order."""
        head = f"{self.table.code}.{self.row.code}"
        return tuple(f"{head}.{column.code}" for column in self.block.columns)


@dataclass(frozen=True, slots=True)
class Piece:
    """A known wording found in a run of text: ``text[start:end]`` of its core."""

    start: int
    end: int
    kinds: frozenset[Kind]
    word: str


_NUMBER = re.compile(r"^\s*\(?\s*([一二三四五六七八九十]{1,3}|\d{1,2})\s*[)、.,]")


def printed_number(text: str) -> str:
    """Return the numeral that a label starts with, or an empty text.

    >>> printed_number("（七）总计"), printed_number("3.其他"), printed_number("其他")
    ('七', '3', '')
    """
    match = _NUMBER.match(fold(text))
    return match[1] if match else ""


def _wordings(label: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((core(label), core(label, notes=True))))


def _row_labels(edition: Edition, table: StatutoryTable, row: Row) -> tuple[str, ...]:
    """Return the cores of a row's label, its variants, and its label in other editions.

    Another edition's wording is left out where this edition gives it to another row or heading.
    """
    words = [word for label in (row.label, *row.variants) for word in _wordings(label)]
    taken = {
        word
        for other in table.rows
        if other.code != row.code
        for label in (other.label, *other.variants, *other.path)
        for word in _wordings(label)
    }
    for code in EDITIONS:
        if code == edition.code:
            continue
        for other in load_edition(code).tables[table.code].rows:
            if other.code == row.code:
                words += [w for w in _wordings(other.label) if w not in taken]
    return tuple(sorted(dict.fromkeys(words), key=len, reverse=True))


@dataclass(frozen=True)
class Lexicon:
    """An edition's rows in order, and all its wordings as one pattern."""

    edition: Edition
    slots: tuple[Slot, ...]
    by_label: dict[str, tuple[Slot, ...]]
    kinds: dict[str, frozenset[Kind]]
    pattern: re.Pattern[str]
    headings: str
    """All wordings in one text, to tell fragments of them from foreign words."""
    titles: frozenset[str]
    """What sections and tables are called: a line that says it alone begins one."""
    letters: frozenset[frozenset[str]]
    """The characters of each block's column labels."""

    def pieces(self, text: str) -> list[Piece]:
        """Return the known wordings in a core, from left to right, longest first."""
        return [
            Piece(m.start(), m.end(), self.kinds[m[0]], m[0]) for m in self.pattern.finditer(text)
        ]

    def is_broken_header(self, stretch: str) -> bool:
        """Say whether a stretch may be column labels in pieces: narrow columns break them over lines.

        The lines of text are then 结果 结果 其他 尚未 and 维持 纠正 结果 审结.
        """
        return any(letters.issuperset(stretch) for letters in self.letters)


@cache
def lexicon(code: str) -> Lexicon:
    """Return the lexicon of an edition."""
    edition = load_edition(code)
    slots = tuple(_slots(edition))
    kinds: dict[str, set[Kind]] = {}
    for kind, label in _labels(edition):
        for word in _wordings(label):
            if len(word) > 1:
                kinds.setdefault(word, set()).add(kind)
    by_label: dict[str, list[Slot]] = {}
    for slot in slots:
        for word in slot.labels:
            by_label.setdefault(word, []).append(slot)
            kinds.setdefault(word, set()).add("row")
    pattern = re.compile("|".join(sorted(map(re.escape, kinds), key=len, reverse=True)))
    return Lexicon(
        edition,
        slots,
        {word: tuple(found) for word, found in by_label.items()},
        {word: frozenset(found) for word, found in kinds.items()},
        pattern,
        "|".join(kinds),
        frozenset(word for title in _titles(edition) for word in _wordings(title)),
        frozenset(
            frozenset("".join(core(column.label) for column in block.columns))
            for table in edition.tables.values()
            for block in table.blocks
        ),
    )


def _slots(edition: Edition) -> Iterator[Slot]:
    """Yield the rows of all tables in the form's order."""
    rows = (
        (table, block, number, row)
        for table in edition.tables.values()
        for number, block in enumerate(table.blocks)
        for row in block.rows
    )
    for index, (table, block, number, row) in enumerate(rows):
        labels = _row_labels(edition, table, row)
        yield Slot(index, table, block, number, row, labels, printed_number(row.label))


def _titles(edition: Edition) -> Iterator[str]:
    """Yield the titles of sections and tables, in all their wordings."""
    for section in edition.sections:
        yield from (section.title or "", *section.variants)
    for table in edition.tables.values():
        yield table.title


def _labels(edition: Edition) -> Iterator[tuple[Kind, str]]:
    """Yield every heading and column label that an edition prints."""
    for title in _titles(edition):
        yield "heading", title
    for table in edition.tables.values():
        for words in (table.note, table.rows_heading, table.columns_heading):
            yield "heading", words or ""
        for block in table.blocks:
            yield "heading", block.heading or ""
            for row in block.rows:
                for heading in row.path:
                    yield "heading", heading
            for column in block.columns:
                yield "heading", column.group or ""
                yield "column", column.label
    for word in _CORNERS:
        yield "heading", word


_CORNERS = (
    "第二十条第",
    "第二十条",
    "第条第项",
    "第条",
    "单位",
    "本年度",
    "指标",
    "项目",
    "信息内容",
)
"""Headings that pages print beside the form's own, or in pieces."""


@cache
def row_label_end() -> re.Pattern[str]:
    """Return a pattern for a core that ends with a row label of any edition."""
    words = {w for code in EDITIONS for slot in lexicon(code).slots for w in slot.labels}
    return re.compile("(?:" + "|".join(sorted(words, key=len, reverse=True)) + ")$")


def near(printed: str, label: str) -> bool:
    """Say whether a printed core is a label with characters lost or added, none exchanged.

    At least seven tenths of the longer one must be common, and short labels allow nothing.
    """
    if printed == label:
        return True
    short, long = sorted((printed, label), key=len)
    if len(short) < 5 or len(short) < 0.7 * len(long):
        return False
    rest = iter(long)
    return all(char in rest for char in short)


def ordered(codes: Sequence[int]) -> bool:
    """Say whether positions rise strictly."""
    return all(a < b for a, b in pairwise(codes))
