"""The corpus of real published reports, and how a reading of one of them is judged."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from reportkit.errors import ReadError
from reportkit.form import CellValue
from reportkit.published import PublishedReport, read_file

CORPUS = Path(__file__).parent / "corpus"
FOLDERS = (CORPUS / "first", CORPUS / "second")

Number = int | Decimal

_UNNAMED = re.compile(r"^[我本]")
_UPPER = re.compile(
    r"^(?:[^省]{2,4}省)?(?:[^市]{2,6}市|[^市州盟]{2,6}[州盟])?(?:(?![^县区]*(?:开发|管理|园)区)[^县区旗市]{1,6}[县区旗市])?"
)


@dataclass(frozen=True, slots=True)
class Record:
    """What a careful reader finds in one report."""

    id: str
    path: Path
    town: str
    year: int | None
    edition: str | None
    cells: Mapping[str, CellValue]
    also: Mapping[str, CellValue]
    """Cells that may be certain besides, with the only value that they can have."""
    facts: Mapping[str, Number]
    not_facts: Mapping[str, Number]
    flags: tuple[str, ...]

    @property
    def named(self) -> bool:
        """The text names the body; else it only says 我镇 or the like."""
        own = self.town.removeprefix(self.within)
        text = self.path.read_text("utf-8")
        return bool(own) and not _UNNAMED.match(own) and own in "".join(text.split())

    @property
    def within(self) -> str:
        """The county, city and province that the printed name begins with."""
        match = _UPPER.match(self.town)
        upper = match[0] if match else ""
        return upper if len(self.town) - len(upper) > 1 else ""


def load_records(folder: Path) -> list[Record]:
    """Return the records of a folder with a ``records.jsonl`` in it."""
    lines = (folder / "records.jsonl").read_text("utf-8").splitlines()
    return [
        _record(json.loads(line, parse_float=Decimal), folder) for line in lines if line.strip()
    ]


def _record(raw: Mapping[str, object], folder: Path) -> Record:
    cells, also = (raw.get(key) or {} for key in ("cells", "also"))
    facts, not_facts = (raw.get(key) or {} for key in ("facts", "not_facts"))
    assert isinstance(cells, dict)
    assert isinstance(also, dict)
    assert isinstance(facts, dict)
    assert isinstance(not_facts, dict)
    flags = raw.get("flags") or ()
    assert isinstance(flags, list | tuple)
    year, edition = raw.get("year"), raw.get("edition")
    return Record(
        id=str(raw["id"]),
        path=folder / str(raw["file"]),
        town=str(raw.get("town") or ""),
        year=year if isinstance(year, int) else None,
        edition=str(edition) if edition else None,
        cells={a: Decimal(v) if isinstance(v, str) else v for a, v in cells.items()},
        also={a: Decimal(v) if isinstance(v, str) else v for a, v in also.items()},
        facts={code: _number(value) for code, value in facts.items()},
        not_facts={code: _number(value) for code, value in not_facts.items()},
        flags=tuple(map(str, flags)),
    )


def _number(value: object) -> Number:
    return value if isinstance(value, int | Decimal) else Decimal(str(value))


@dataclass(slots=True)
class Verdict:
    """How far a reading is what the record says."""

    record: Record
    fault: str = ""
    """Why nothing could be read; empty where something was."""
    right: list[str] = field(default_factory=list)
    """Listed cells that are as listed, blanks included."""
    wrong: list[str] = field(default_factory=list)
    """Cells that are certain and differ from the record."""
    unread: list[str] = field(default_factory=list)
    """Cells with a value that were not read."""
    unproven: list[str] = field(default_factory=list)
    """Cells that are certain and not listed."""
    facts_read: list[str] = field(default_factory=list)
    facts_missing: list[str] = field(default_factory=list)
    facts_wrong: list[str] = field(default_factory=list)
    name: str = ""
    """right, wrong, missing, or empty where the text names nobody and nothing was read."""
    year: str = ""
    """right, wrong or missing."""
    divided: bool | None = None
    """The county or city was split off the name; None: the printed name has none."""

    @property
    def exact(self) -> bool:
        """Every printed cell is read, and none besides."""
        return not (self.fault or self.wrong or self.unread or self.unproven)


def judge(record: Record) -> Verdict:
    """Read a record's report and judge the reading."""
    verdict = Verdict(record)
    try:
        reads = read_file(record.path)
    except ReadError as fault:
        reads = ()
        verdict.fault = str(fault) if record.cells else ""
    read = reads[0] if len(reads) == 1 else None
    if len(reads) > 1:
        verdict.fault = f"{len(reads)} reports in one file"
    _judge_cells(verdict, read)
    _judge_facts(verdict, read)
    _judge_identity(verdict, read)
    return verdict


def _judge_cells(verdict: Verdict, read: PublishedReport | None) -> None:
    listed = verdict.record.cells
    sure = {a for a, r in read.readings.items() if r.confidence == "certain"} if read else set()
    values = read.report.cells if read else {}
    for address, value in listed.items():
        got = values.get(address)
        if got == value:
            verdict.right.append(address)
        elif address in sure:
            verdict.wrong.append(f"{address}: {got}, not {value}")
        else:
            verdict.unread.append(address)
    verdict.unproven += (
        f"{a}: {values.get(a)}"
        for a in sorted(sure - listed.keys())
        if a not in verdict.record.also or verdict.record.also[a] != values.get(a)
    )


def _judge_facts(verdict: Verdict, read: PublishedReport | None) -> None:
    record = verdict.record
    facts = read.report.facts if read else {}
    for code, value in record.facts.items():
        got = facts.get(code)
        if got == value:
            verdict.facts_read.append(code)
        elif got is None:
            verdict.facts_missing.append(f"{code}: {value}")
        else:
            verdict.facts_wrong.append(f"{code}: {got}, not {value}")
    for code, value in record.not_facts.items():
        if code not in record.facts and facts.get(code) == value:
            verdict.facts_wrong.append(f"{code}: {value} is none")


def _judge_identity(verdict: Verdict, read: PublishedReport | None) -> None:
    record = verdict.record
    name = read.report.town.name if read else ""
    county = read.report.town.county if read else ""
    if name and record.named:
        verdict.name = "right" if record.town.endswith(name) else "wrong"
    elif name:
        verdict.name = "right" if name == record.town else "wrong"
    else:
        verdict.name = "missing" if record.named else ""
    if record.named and record.within:
        verdict.divided = bool(county) and county in record.within and name != record.town
    year = read.report.year if read else None
    verdict.year = "missing" if year is None else "right" if year == record.year else "wrong"
