"""``reportkit check`` without its terminal: paths to reports, reports to reviewed findings.

Every path that cannot be read is a finding of its own, and the others go on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reportkit.checks.check import RULES
from reportkit.checks.deadlines import NO_DEADLINES, Deadlines
from reportkit.checks.registry import in_order
from reportkit.checks.repair import repairs
from reportkit.checks.rules.slips import doubled_word, wrong_article
from reportkit.checks.several import Together, previous_of
from reportkit.errors import ReadError, ReportFileError, system_words
from reportkit.files import is_hidden
from reportkit.finding import Finding, Place
from reportkit.language import _
from reportkit.prose.claim import Claim
from reportkit.published.pool import beside_reports, read_files, workers_for
from reportkit.published.reading import SUFFIXES, PublishedReport
from reportkit.report import TownReport
from reportkit.review.checked import Checked
from reportkit.review.decisions import Decision, Reviewed, review
from reportkit.review.files import load_reviews
from reportkit.review.shared import shared
from reportkit.watching import watched

if TYPE_CHECKING:
    from rich.console import Console

UNREADABLE: Final = "FILE-UNREADABLE"
UNREAD: Final = "READ-UNCERTAIN"
_NAMED: Final = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedFile:
    """One report, or one path that is none, with its findings."""

    file: str
    report: TownReport | None
    findings: tuple[Reviewed, ...]

    @property
    def failed(self) -> bool:
        """Say whether a finding of level error is not accepted."""
        return any(each.finding.level == "error" and not each.accepted for each in self.findings)

    def to_json(self) -> dict[str, Any]:
        """Return the entry as contract.md has it, a finding with its decision where it has one."""
        report = self.report
        return {
            "file": self.file,
            "town": None if report is None else report.town.id or report.town.name,
            "year": None if report is None else report.year,
            "findings": [
                each.finding.to_json() | _decision(each.decision) for each in self.findings
            ],
        }


def _decision(decision: Decision | None) -> dict[str, Any]:
    if decision is None:
        return {}
    return {
        "decision": {
            "decision": decision.decision,
            "reason": decision.reason,
            "who": decision.who,
            "when": decision.when.isoformat(),
        }
    }


def find_report_files(paths: Sequence[Path]) -> tuple[list[Path], list[tuple[Path, str]]]:
    """Return the files to read, each once, and the paths that are none with the reason.

    In a folder a report.json stands for the same report in other formats beside it.
    """
    files: dict[str, Path] = {}
    faults: list[tuple[Path, str]] = []
    for path in paths:
        try:
            found = list(_walk(path)) if path.is_dir() else [path]
        except OSError as fault:
            faults.append((path, f"打不开（{system_words(fault)}）"))
            continue
        if path.is_dir() and not found:
            faults.append((path, "文件夹里没有年度报告"))
        elif not path.exists():
            faults.append((path, "没有这个文件"))
        else:
            for file in found:
                files.setdefault(os.path.realpath(file), file)
    return list(files.values()), faults


def _walk(folder: Path) -> Iterator[Path]:
    """Yield the reports in a folder, by name: JSON first, then published formats without one."""
    for root, names, files in os.walk(folder, onerror=_raise):
        names[:] = sorted(name for name in names if not is_hidden(name))
        kept = sorted(f for f in files if not is_hidden(f) and not beside_reports(Path(root, f)))
        stems = {Path(f).stem for f in kept if f.endswith(".json")}
        for name in kept:
            path = Path(root, name)
            suffix = path.suffix.lower()
            if suffix == ".json" or (suffix in SUFFIXES and path.stem not in stems):
                yield path


def _raise(fault: OSError) -> None:
    raise fault


@dataclass(frozen=True, slots=True)
class _Read:
    """A report as it was read."""

    file: str
    report: TownReport
    findings: tuple[Finding, ...] = ()
    """What no rule can find again: what could not be read for certain, and the findings of its rows."""
    claims: tuple[Claim, ...] | None = None


MOST_BYTES: Final = 64_000_000
"""A report.json beyond this is refused unread."""


def _read(files: Sequence[Path], console: Console | None) -> tuple[list[_Read], list[CheckedFile]]:
    """Read the files into reports and, for those that cannot be read, findings; in the order given.

    Published files are read by children with bounded time and memory.
    """
    pages = [file for file in files if file.suffix.lower() != ".json"]
    workers = workers_for(pages, os.cpu_count() or 1)
    children = read_files(pages, workers)
    read: list[_Read] = []
    unreadable: list[CheckedFile] = []
    for file in watched(files, len(files), _("Reading"), console):
        try:
            if file.suffix.lower() == ".json":
                report = _load(file)
                read.append(_Read(str(file), report, _of_data(report)))
                continue
            page = next(children)
            if page.error is not None:
                raise page.error
            read += [
                _Read(
                    str(file),
                    each.report,
                    (*_uncertain(each), *_lost(each), *_slips(each)),
                    each.claims,
                )
                for each in page.reports
            ]
        except (ReadError, ReportFileError) as fault:
            unreadable.append(_unreadable(file, str(fault)))
    return read, unreadable


def _of_data(report: TownReport) -> tuple[Finding, ...]:
    """Return the findings of a report that are of the data it was made from: no rule computes them afresh."""
    return tuple(finding for finding in report.findings if finding.code not in RULES)


def _load(path: Path) -> TownReport:
    """Load one report.json."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ReadError(f"文件超过 {MOST_BYTES // 1_000_000} MB，未读")
        return TownReport.from_json(path.read_bytes())
    except OSError as fault:
        raise ReadError(f"打不开（{system_words(fault)}）") from None


def _uncertain(read: PublishedReport) -> tuple[Finding, ...]:
    """Tell in one finding what the reader could not read."""
    if not read.problems:
        return ()
    told = "；".join(problem.message for problem in read.problems[:_NAMED])
    more = f"等 {len(read.problems)} 处" if len(read.problems) > _NAMED else ""
    cells = {cell: None for problem in read.problems for cell in problem.cells}
    return (
        Finding(
            code=UNREAD,
            level="info",
            message=f"有内容没有读准，相应的规则不作判断：{told}{more}。请对照原文核对。",
            cells=tuple(cells) if len(cells) <= 10 else (),
        ),
    )


def _lost(read: PublishedReport) -> tuple[Finding, ...]:
    """Name each table of which nothing at all was read, though the text goes on behind its place.

    Where no table was read, a rule of the report says so.
    """
    if not read.readings:
        return ()
    edition = read.report.cells.edition
    seen = {edition.cells[address].table for address in read.readings}
    there = [
        bool(read.report.sections.get(s.code, "").strip()) if s.table is None else s.table in seen
        for s in edition.sections
    ]
    return tuple(
        Finding(
            code="X-TABLE",
            level="warning",
            message=(
                f"没有读到“{section.title}”的表格：表格缺失，或者是图片。请补上可以复制文字的表格。"
            ),
            place=Place(section=section.code),
        )
        for n, section in enumerate(edition.sections)
        if section.table is not None and section.table not in seen and any(there[n + 1 :])
    )


def _slips(read: PublishedReport) -> Iterator[Finding]:
    """Yield slips of writing in the title and in the tables' headings, which are in no section."""
    for words in dict.fromkeys(read.headings):
        if twice := doubled_word(words):
            told = f"标题“{words}”中“{twice}”像是重复。请核对。"
            yield Finding(code="X-DOUBLE", level="warning", message=told)
        if told := wrong_article(words):
            yield Finding(code="X-ARTICLE", level="warning", message=told)


def _unreadable(path: Path, reason: str) -> CheckedFile:
    finding = Finding(
        code=UNREADABLE,
        level="error",
        message=f"读不出年度报告：{reason}。请核对路径，或换成 report.json、txt、html、docx、pdf。",
        place=Place(file=path.name),
    )
    return CheckedFile(file=str(path), report=None, findings=(Reviewed(finding),))


def check_paths(
    paths: Sequence[Path],
    reviews: Path,
    *,
    copied: bool = True,
    deadlines: Deadlines = NO_DEADLINES,
    console: Console | None = None,
    workers: int = 1,
) -> list[CheckedFile]:
    """Check the reports at some paths: report.json files, published reports, folders of them.

    ``reviews`` is the folder of decisions, ``deadlines`` are those that params set. Findings are computed afresh.
    Entries come in the order of the paths, what cannot be read last. ``console`` is told how far it is. ``workers`` is how many
    processes may check at once: only a program of one thread may ask for more than one.
    """
    files, faults = find_report_files(paths)
    read, unreadable = _read(files, console)
    unreadable += [_unreadable(path, reason) for path, reason in faults]
    reports = [each.report for each in read]
    decisions: dict[int | None, tuple[Decision, ...]] = {
        year: load_reviews(reviews, year) for year in {report.year for report in reports}
    }
    claims = [one.claims for one in read]
    together = Together(reports, copied=copied, claims=claims, deadlines=deadlines)
    found = shared(together, len(reports), workers)
    checked = list(watched(found, len(reports), _("Checking"), console))
    entries = [
        CheckedFile(
            file=each.file,
            report=each.report,
            findings=review(
                each.report, in_order((*findings, *each.findings)), decisions[each.report.year]
            ),
        )
        for each, findings in zip(read, checked, strict=True)
    ]
    return entries + unreadable


def with_repairs(entries: Sequence[CheckedFile]) -> list[Checked]:
    """Return the entries that are reports, with the smallest mends of those whose sums fail."""
    found = [(entry, entry.report) for entry in entries if entry.report is not None]
    last = previous_of([report for _, report in found])
    return [
        Checked(
            report=report,
            findings=entry.findings,
            repairs=()
            if report.edition is None
            else repairs(report.cells, None if before is None else before.cells),
            file=entry.file,
        )
        for (entry, report), before in zip(found, last, strict=True)
    ]
