"""Searching files for personal information before they are handed out.

Two searches: for what looks like a personal number (:mod:`reportkit.masking`) in the text of every file, inside
workbooks, documents and PDFs too; and, where a store is given, for the very values of its personal columns in every
byte. A hit names the file, the place and the kind. The value is never repeated.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reportkit.errors import SourceError
from reportkit.files import DAMAGED_ARCHIVE
from reportkit.language import _
from reportkit.masking import find_personal

_TEXT: Final = frozenset(
    [
        ".css",
        ".csv",
        ".geojson",
        ".htm",
        ".html",
        ".ipynb",
        ".js",
        ".json",
        ".jsonl",
        ".log",
        ".md",
        ".py",
        ".rst",
        ".svg",
        ".toml",
        ".tsv",
        ".txt",
        ".xml",
        ".yaml",
        ".yml",
    ]
)
_ZIPPED: Final = frozenset([".docx", ".ods", ".odt", ".pptx", ".xlsm", ".xlsx", ".zip"])
_DATA_URI: Final = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=\s]+")
_TAG: Final = re.compile(r"<[^>]*>")

SHORTEST: Final = 2
"""A personal value of fewer characters, such as a family name alone, stands in any text."""


@dataclass(frozen=True, order=True)
class PersonalHit:
    """Personal information in a file."""

    path: Path
    place: str
    """The line, page or member; blank where only the file is known."""
    kind: str


def scan(paths: Iterable[Path], values: Iterable[str] = ()) -> list[PersonalHit]:
    """Search files, and all files below folders.

    ``values`` are searched for in every byte beside what looks like a personal number. Raises
    :class:`~reportkit.errors.SourceError` for a path that is not there.
    """
    known = sorted({value for value in values if len(value) >= SHORTEST})
    hits: set[PersonalHit] = set()
    for path in paths:
        if not path.exists():
            raise SourceError(_("{path}: no such file or folder", path=path))
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in files:
            hits.update(_scan_file(file, known))
    return sorted(hits)


def _scan_file(file: Path, values: list[str]) -> Iterator[PersonalHit]:
    try:
        content = file.read_bytes()
    except OSError as fault:
        yield PersonalHit(file, "", f"无法读取（{type(fault).__name__}）")
        return
    if _holds(content, values):
        yield PersonalHit(file, "", "个人信息列的内容")
    try:
        for place, text in _texts(file, content):
            kinds = {kind for kind, found in find_personal(text) if _alone(found, text)}
            for kind in sorted(kinds):
                yield PersonalHit(file, place, kind)
            if place and any(value in text for value in values):
                yield PersonalHit(file, place, "个人信息列的内容")
    except (KeyError, *DAMAGED_ARCHIVE) as fault:
        yield PersonalHit(file, "", f"无法读取（{type(fault).__name__}）")


def _holds(content: bytes, values: list[str]) -> bool:
    """Say whether a value stands in a file's bytes, in any encoding that a register may have."""
    return any(
        value.encode(encoding, "ignore") in content
        for value in values
        for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")
    ) or any(_escaped(value) in content for value in values if not value.isascii())


def _escaped(value: str) -> bytes:
    return value.encode("ascii", "backslashreplace")


def _alone(found: str, text: str) -> bool:
    """Say whether a number stands by itself: part of a decimal, a hash or an id is none."""
    pattern = rf"(?<![A-Za-z0-9.#_-]){re.escape(found)}(?![A-Za-z0-9_])"
    return re.search(pattern, text) is not None or not found.isascii()


def _texts(file: Path, content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the texts of a file with their places."""
    suffix = file.suffix.lower()
    if suffix in _TEXT:
        text = _DATA_URI.sub("", content.decode("utf-8", "replace"))
        for number, line in enumerate(text.splitlines(), 1):
            yield f"第{number}行", line
    elif suffix in _ZIPPED:
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels", ".txt", ".json", ".html")):
                    yield name, _TAG.sub(" ", archive.read(name).decode("utf-8", "replace"))
    elif suffix == ".pdf":
        yield from _pages(content)
    elif suffix == ".parquet":
        import pandas as pd  # noqa: PLC0415

        frame = pd.read_parquet(file)
        for column in frame.select_dtypes(include=["object", "str"]).columns:
            yield str(column), "\n".join(map(str, frame[column].dropna().unique()))


def _pages(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield a PDF's text by page; raises ``ValueError`` where it cannot be read."""
    import pypdfium2  # noqa: PLC0415 - only for PDF

    from reportkit.pdf import open_pdf  # noqa: PLC0415

    try:
        with open_pdf(content) as document:
            for number in range(len(document)):
                text = document[number].get_textpage().get_text_bounded()
                yield f"第{number + 1}页", text
    except pypdfium2.PdfiumError as fault:
        raise ValueError(str(fault)) from None
