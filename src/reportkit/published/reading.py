"""Reading: one file to the reports in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from reportkit.errors import ReadError, system_words
from reportkit.form import EDITIONS, Cells, load_edition
from reportkit.masking import mask
from reportkit.prose.bodies import kind_of_name
from reportkit.prose.claim import Claim
from reportkit.prose.claims import claims_of
from reportkit.prose.content import FileContent, Problem, TextParagraph, TextPlace
from reportkit.prose.stated import facts_of
from reportkit.published.documents.docx import read_docx
from reportkit.published.documents.html import read_html
from reportkit.published.documents.pdf import read_pdf
from reportkit.published.documents.text import is_markdown, read_text
from reportkit.published.identity import identify, outer_titles
from reportkit.published.sections import NARRATIVE, ReportPart, parts_of, texts_of
from reportkit.published.tables.counters import without_counters
from reportkit.published.tables.recognise import recognise
from reportkit.published.tables.settle import Reading, Recognised
from reportkit.published.tables.tokens import tokens_of
from reportkit.report import Town, TownReport

MOST_BYTES = 64_000_000
"""Files beyond this are refused unread."""
MOST_TEXT = 16_000_000
"""The same for text and HTML, which is parsed whole."""

SUFFIXES: Mapping[str, str] = MappingProxyType(
    {
        ".txt": "text",
        ".htm": "html",
        ".html": "html",
        ".shtml": "html",
        ".docx": "docx",
        ".pdf": "pdf",
        ".ofd": "ofd",
    }
)
"""The suffixes that a folder is searched for. What a file is, its first bytes say."""


_OLD_WORD = "旧版Word（.doc）或加密的文件，请用Word或WPS打开后另存为.docx"
_OLD: Mapping[str, str] = MappingProxyType(
    {
        ".wps": "WPS文字（.wps）的文件，请用WPS打开后另存为.docx",
        ".et": "WPS表格（.et）的文件，不是年报；台账请用WPS打开后另存为.xlsx",
        ".xls": "旧版Excel（.xls）的文件，不是年报；台账请另存为.xlsx",
    }
)
"""What to do with files of old office programs, which begin alike."""
NAMED = frozenset({".doc", ".wps", ".rtf"})
"""Suffixes of reports that cannot be read: in a folder they are named, and not passed over."""


@dataclass(frozen=True)
class PublishedReport:
    """A report as read from a file: what is certain, what is not, and where each was read."""

    report: TownReport
    problems: tuple[Problem, ...]
    readings: Mapping[str, Reading]
    """By cell address; an address that is not in the text is absent."""
    claims: tuple[Claim, ...]
    file: str
    """The file's name, without its folder."""
    name_from: str = ""
    """In Chinese: where the town's name stands."""
    year_from: str = ""
    """In Chinese: where the year stands."""
    headings: tuple[str, ...] = ()
    """The title, and what tables print of articles, as printed: no section holds them."""

    def to_dict(self) -> dict[str, object]:
        """Return the report as ``reportkit read --json`` prints it: contract.md."""
        body = self.report.to_dict()
        body["file"] = self.file
        body["problems"] = [problem.to_json() for problem in self.problems]
        return body

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, ({**vars(self), "readings": dict(self.readings)},))


def _rebuild(fields: dict[str, Any]) -> PublishedReport:
    """Unpickle a report; a mapping proxy does not travel."""
    return PublishedReport(**{**fields, "readings": MappingProxyType(fields["readings"])})


def read_file(path: Path) -> tuple[PublishedReport, ...]:
    """Return the reports that a published page or document holds: one, mostly.

    Raises :class:`ReadError` where the file cannot be read at all or holds no report.
    """
    return read_bytes(file_bytes(path), path.name)


def file_bytes(path: Path) -> bytes:
    """Return a file's content; raises :class:`ReadError` where it cannot be opened or is too large."""
    try:
        if path.exists() and not path.is_file():
            raise ReadError(f"{path.name}：不是文件")
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise ReadError(
                f"{path.name}：文件有{size // 1_000_000} MB，超过{MOST_BYTES // 1_000_000} MB，未读"
            )
        return path.read_bytes()
    except OSError as fault:
        raise ReadError(f"{path.name}：打不开（{system_words(fault)}）") from None


def read_bytes(data: bytes, name: str) -> tuple[PublishedReport, ...]:
    """Do the same for a file's content."""
    return reports_in(read_content(data, name))


def read_content(data: bytes, name: str) -> FileContent:
    """Return a file's paragraphs and grids; raises :class:`ReadError` where it cannot be read."""
    return _reader(data, name)(data, name)


def _reader(data: bytes, name: str) -> Callable[[bytes, str], FileContent]:
    """Choose the reader by the file's first bytes; its suffix may be wrong."""
    head = data[:2048].lstrip()
    if not head:
        raise ReadError(f"{name}：空文件")
    if data[:1024].find(b"%PDF-") >= 0:
        return read_pdf
    if head.startswith(b"PK\x03\x04"):
        return read_docx
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReadError(f"{name}：{_OLD.get(Path(name).suffix.lower(), _OLD_WORD)}")
    if head.startswith(b"{\\rtf"):
        raise ReadError(f"{name}：RTF文件，请另存为.docx")
    if head.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*")):
        raise ReadError(f"{name}：是图片，没有文字")
    if len(data) > MOST_TEXT:
        raise ReadError(
            f"{name}：文本有{len(data) // 1_000_000} MB，超过{MOST_TEXT // 1_000_000} MB，未读"
        )
    lowered = head.lower()
    marks = (
        b"<html",
        b"<!doctype html",
        b"<body",
        b"<head",
        b"<table",
        b"<div",
        b"<p>",
        b"<p ",
        b"<meta",
    )
    kind = SUFFIXES.get(Path(name).suffix.lower())
    if kind == "html" or (any(mark in lowered for mark in marks) and not is_markdown(data)):
        return read_html
    return read_text


def reports_in(document: FileContent) -> tuple[PublishedReport, ...]:
    """Return the reports in a document; raises :class:`ReadError` where there is none."""
    parts = parts_of(document.blocks)
    reports = [
        _report(part, document, alone=len(parts) == 1, last=part is parts[-1]) for part in parts
    ]
    kept = tuple(each for each in reports if each is not None)
    if not kept:
        raise ReadError(f"{document.file}：没有读到政府信息公开工作年度报告的内容")
    return kept


def _report(
    part: ReportPart, document: FileContent, *, alone: bool, last: bool
) -> PublishedReport | None:
    lines = [block for block in part.blocks if isinstance(block, TextParagraph)]
    outer = outer_titles(document.titles, document.file) if alone else []
    who = identify(part.titles, outer, lines, document.file)
    tokens = without_counters(
        tokens_of(FileContent(document.file, part.blocks, cut=document.cut and last))
    )
    seen = recognise(tokens, who.year)
    texts = texts_of(part, _table_blocks(part, seen))
    claims = claims_of(texts, who.year)
    if seen is None and not (
        texts.keys() & {"s1", "s5", "s6"} and (part.titles or outer or claims)
    ):
        return None
    prose = [claim for claim in claims if claim.section in NARRATIVE]
    facts, doubts = facts_of(prose, who.year)
    problems = [*who.problems, *document.problems, *doubts]
    cells = Cells(load_edition(EDITIONS[-1]))
    if seen is not None:
        problems += seen.problems
        problems += _missing(seen, document.file)
        cells = Cells(seen.edition, seen.values)
    report = TownReport(
        town=Town(
            id=None,
            name=who.name,
            county=who.county,
            kind=kind_of_name(who.name),
            province=who.province,
        ),
        year=who.year,
        edition=seen.edition.code if seen else None,
        cells=cells,
        facts=facts,
        sections={
            code: mask("\n\n".join(p.text for p in found))
            for code, found in texts.items()
            if code in NARRATIVE
        },
        provenance=None,
    )
    return PublishedReport(
        report,
        tuple(problems),
        MappingProxyType(dict(seen.readings) if seen else {}),
        claims,
        document.file,
        who.name_from,
        who.year_from,
        tuple(_headings(part)),
    )


_ARTICLE = re.compile(
    r"^第[一二三四五六七八九十]{1,4}条第?[（(]?[一二三四五六七八九十]{1,3}[）)]?项$"
)


def _headings(part: ReportPart) -> Iterator[str]:
    """Yield a report's titles, and the lines and cells that name an item of an article and nothing else."""
    yield from (title.text for title in part.titles)
    for block in part.blocks:
        texts = (
            [block.text]
            if isinstance(block, TextParagraph)
            else (c.text for r in block.rows for c in r)
        )
        yield from (text for text in texts if _ARTICLE.match("".join(text.split())))


def _table_blocks(part: ReportPart, seen: Recognised | None) -> list[int]:
    """Return the positions of the blocks in which cells were read."""
    if seen is None:
        return []
    places = {reading.place for reading in seen.readings.values()}
    return [
        i
        for i, block in enumerate(part.blocks)
        if (
            block.place in places
            if isinstance(block, TextParagraph)
            else any(cell.place in places for row in block.rows for cell in row)
        )
    ]


def _missing(seen: Recognised, file: str) -> list[Problem]:
    """Name the cells that are not in the text, table by table."""
    problems: list[Problem] = []
    for table in seen.edition.tables.values():
        cells = [c.address for c in table.cells() if c.address not in seen.readings]
        if cells:
            whole = len(cells) == sum(1 for _ in table.cells())
            what = "没有读到此表" if whole else f"有{len(cells)}格没有读到（文中没有或表格中断）"
            problems.append(Problem(f"《{table.title}》{what}", TextPlace(file=file), tuple(cells)))
    return problems
