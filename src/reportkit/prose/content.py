"""Blocks: what every kind of file is turned into before anything is recognised in it.

A document is a sequence of paragraphs and grids. A grid keeps the cells as the file has them,
row by row, and no spans: pages get spans wrong, and the form's shape does not need them.
"""

from __future__ import annotations

from dataclasses import dataclass

from reportkit.masking import mask


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Where something was read. Parts that the kind of file does not have are ``None``."""

    file: str = ""
    """The file's name without its folder."""
    page: int | None = None
    """The page of a PDF, from 1."""
    line: int | None = None
    """The line of a text or HTML file, or the paragraph of a Word file, from 1."""
    table: int | None = None
    """The table in the document, from 1."""
    row: int | None = None
    """The row in that table, from 1."""
    nth: int | None = None
    """The paragraph in the page, from 1: one line of HTML may hold many. Not shown."""

    def __str__(self) -> str:
        parts = [self.file] if self.file else []
        for number, unit in (
            (self.page, "页"),
            (self.line, "行"),
            (self.table, "表"),
            (self.row, "表行"),
        ):
            if number is not None:
                parts.append(f"第{number}{unit}")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class TextParagraph:
    """A line or paragraph of text."""

    text: str
    place: TextPlace
    gap: int | None = None
    """Line breaks since the last line that held text; ``None`` where the file does not tell."""
    heading: bool = False
    """Marked as a heading in the file."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell as the file has it; text ``""`` is a blank cell."""

    text: str
    place: TextPlace


@dataclass(frozen=True, slots=True)
class Grid:
    """A table, as rows of cells. Rows may differ in length."""

    rows: tuple[tuple[GridCell, ...], ...]
    place: TextPlace
    sure: bool = True
    """False where rows and blank cells are only guessed at (text between pipes)."""


TextBlock = TextParagraph | Grid


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, and where."""

    message: str
    """In Chinese, for a person: what could not be read and why."""
    place: TextPlace
    cells: tuple[str, ...] = ()
    """The addresses it is about."""

    def to_json(self) -> dict[str, object]:
        """Return the problem for ``reportkit read --json``."""
        return {
            "message": mask(self.message),
            "place": str(self.place),
            "cells": list(self.cells),
        }


@dataclass(frozen=True, slots=True)
class FileContent:
    """One file's content in reading order."""

    file: str
    blocks: tuple[TextBlock, ...]
    titles: tuple[str, ...] = ()
    """Titles that stand outside the text: an HTML title, a site name, a Word property."""
    cut: bool = False
    """The file breaks off right behind its last character, so that one may not be whole."""
    problems: tuple[Problem, ...] = ()
    """What the file shows to nobody: a table that goes on outside its page."""
