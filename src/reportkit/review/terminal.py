"""``reportkit check`` in the terminal: the tables it prints, the walk through open findings, the files."""

from __future__ import annotations

import getpass
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from reportkit.checks.deadlines import NO_DEADLINES, Deadlines
from reportkit.errors import ParameterError
from reportkit.files import write_whole
from reportkit.finding import LEVEL_NAMES, LEVELS, Finding
from reportkit.language import _
from reportkit.report import Town
from reportkit.review.checked import Checked, where
from reportkit.review.checking import CheckedFile, check_paths, with_repairs
from reportkit.review.decisions import Verdict, decide
from reportkit.review.files import save_decisions
from reportkit.review.letters import needs_letter, render_letter
from reportkit.review.reminders import render_reminder, to_remind
from reportkit.review.workbook import render_checks_workbook
from reportkit.today import today

_STYLES: Final = {"error": "bold red", "warning": "yellow", "info": "cyan"}


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckRequest:
    """One call of ``reportkit check``."""

    paths: tuple[Path, ...]
    reviews: Path
    """The folder of decisions."""
    output: Path
    """Where letters and the workbook go: never the folder to share."""
    as_json: bool = False
    review: bool = False
    letters: bool = False
    workbook: bool = False
    copied: bool = True
    towns: Mapping[str, Town] = field(default_factory=dict)
    """The bodies that params list: those without a report are sent a reminder."""
    deadlines: Deadlines = field(default_factory=lambda: NO_DEADLINES)
    """The days of publication that params set."""


def check_command(request: CheckRequest) -> int:
    """Check, show, write what is asked for, and return the exit code.

    0: no open error; 1: an error that is not accepted; 2: nothing could be read.
    """
    if request.review and request.as_json:
        raise ParameterError(_("--review asks questions and --json prints one document: not both"))
    entries = _checked(request)
    if request.review:
        walk(entries, request.reviews, Console())
        entries = _checked(request)
    if request.as_json:
        body = json.dumps([entry.to_json() for entry in entries], ensure_ascii=False, indent=2)
        typer.echo(body.encode())
    else:
        show(entries, Console(soft_wrap=True))
    if request.letters or request.workbook:
        for path in write_files(with_repairs(entries), request):
            typer.echo(_("written: {path}", path=path), err=True)
    if not any(entry.report for entry in entries):
        return 2
    return int(any(entry.failed for entry in entries))


def _checked(request: CheckRequest) -> list[CheckedFile]:
    return check_paths(
        request.paths,
        request.reviews,
        copied=request.copied,
        deadlines=request.deadlines,
        console=Console(stderr=True),
        workers=os.cpu_count() or 1,
    )


def show(entries: Sequence[CheckedFile], console: Console) -> None:
    """Print a line a report with its counts, then every open error and warning, report by report."""
    table = Table(title=_("Annual reports, checked"), title_justify="left")
    headings = {"town": _("town"), "year": _("year")}
    headings |= {"error": _("error"), "warning": _("warning"), "info": _("info")}
    headings |= {"accepted": _("accepted"), "file": _("file")}
    for name, heading in headings.items():
        table.add_column(heading, justify="right" if name in LEVELS else "left", overflow="fold")
    for entry in entries:
        counts = dict.fromkeys(LEVELS, 0)
        accepted = 0
        for each in entry.findings:
            accepted += each.accepted
            counts[each.finding.level] += not each.accepted
        report = entry.report
        table.add_row(
            escape(report.town.name or "—") if report else "—",
            str(report.year or "—") if report else "—",
            *(f"[{_STYLES[level]}]{count}[/]" if count else "0" for level, count in counts.items()),
            str(accepted),
            escape(entry.file),
        )
    console.print(table)
    for entry in entries:
        waiting = [
            each.finding
            for each in entry.findings
            if each.finding.level != "info" and not each.accepted
        ]
        if waiting:
            console.print(f"\n[bold]{escape(_whose(entry))}[/]", highlight=False)
        for finding in waiting:
            _print(finding, console)


def _print(finding: Finding, console: Console) -> None:
    style = _STYLES[finding.level]
    basis = f" [dim]依据：{escape(finding.basis)}[/]" if finding.basis else ""
    console.print(
        f"  [{style}]{LEVEL_NAMES[finding.level]} {finding.code}[/] {escape(finding.message)}{basis}",
        highlight=False,
    )


def _whose(entry: CheckedFile) -> str:
    if entry.report is None or not entry.report.town.name:
        return entry.file
    return f"{entry.report.town.name} {entry.report.year or ''}".strip()


Ask = Callable[..., str]


def walk(
    entries: Sequence[CheckedFile], reviews: Path, console: Console, ask: Ask = typer.prompt
) -> int:
    """Walk through the open errors and warnings, ask for a decision on each and save it at once.

    Returns how many were decided. ``ask`` stands in for the terminal's prompt.
    """
    waiting = [
        (entry, entry.report, each.finding)
        for entry in entries
        if entry.report is not None
        for each in entry.findings
        if each.decision is None and each.finding.level != "info"
    ]
    console.print(
        _("{count} findings wait. a accept  m to mend  s skip  q quit", count=len(waiting))
    )
    who = ""
    decided = 0
    for place, (entry, report, finding) in enumerate(waiting, 1):
        console.print(
            f"\n[dim]{place}/{len(waiting)}[/] [bold]{escape(_whose(entry))}[/] {escape(where(report, finding))}"
        )
        _print(finding, console)
        answer = _answer(ask)
        if answer == "q":
            break
        if answer == "s":
            continue
        verdict: Verdict = "accepted" if answer == "a" else "to_mend"
        who = who or ask(_("Decided by"), default=_user())
        decision = decide(report, finding, verdict, reason=ask(_("Reason")), who=who, when=today())
        save_decisions(reviews, report.year, [decision])
        decided += 1
    return decided


def _answer(ask: Ask) -> str:
    while (answer := ask("a/m/s/q", default="s").strip().lower()[:1]) not in ("a", "m", "s", "q"):
        continue
    return answer


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user, as in some containers
        return ""


def write_files(checked: Sequence[Checked], request: CheckRequest) -> list[Path]:
    """Write what is asked for: a workbook a year, a letter for each report to send back or to ask for."""
    written: list[Path] = []
    by_year: dict[str, list[Checked]] = {}
    for each in checked:
        by_year.setdefault(str(each.report.year or "unknown"), []).append(each)
    for year, reports in sorted(by_year.items()):
        folder = request.output / year
        if request.workbook:
            written.append(folder / "checks.xlsx")
            write_whole(written[-1], render_checks_workbook(reports))
        if request.letters:
            names: set[str] = set()
            for each in filter(needs_letter, reports):
                written.append(folder / "letters" / f"{_name(each, names)}.docx")
                write_whole(written[-1], render_letter(each))
    return [*written, *(_reminders(checked, request) if request.letters else ())]


def _reminders(checked: Sequence[Checked], request: CheckRequest) -> Iterator[Path]:
    """Write a letter to each body whose report is not there."""
    folders = [path for path in request.paths if path.is_dir()]
    for town, year in to_remind(request.towns, [each.report for each in checked], folders):
        path = request.output / str(year) / "letters" / f"{town.id}-reminder.docx"
        write_whole(path, render_reminder(town, year, deadlines=request.deadlines))
        yield path


def _name(checked: Checked, taken: set[str]) -> str:
    """Return a letter's file name: the town's id, else its name without what no file may have."""
    town = checked.report.town
    base = town.id or re.sub(r'[\\/:*?"<>|\s.]+', "_", town.name).strip("_") or "report"
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name)
    return name
