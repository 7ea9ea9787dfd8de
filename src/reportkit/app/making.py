"""The report's files, made as ``reportkit run`` makes them; the letters to a county's towns, and the county's roll-up."""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from reportkit.app.visit import Visit
from reportkit.checks.several import check_reports
from reportkit.errors import RunError
from reportkit.export.formats import find_format, names
from reportkit.finding import LEVEL_NAMES, LEVELS
from reportkit.registers.derivation.narrative import NOT_FILLED
from reportkit.review.checked import Checked, where
from reportkit.review.checking import CheckedFile, with_repairs
from reportkit.review.decisions import Reviewed
from reportkit.review.letters import needs_letter, render_letter
from reportkit.review.workbook import render_checks_workbook
from reportkit.running.command import run_request
from reportkit.running.request import resolve
from reportkit.running.summary import Summary

_NO_FILE: Final = ("json",)
"""The formats that a clerk has no use for."""

_FIXED: Final = datetime(1980, 1, 1)  # noqa: DTZ001  # the same bytes for the same files


def offered() -> dict[str, str]:
    """Return the formats that a clerk is offered, by name with their labels: those of the registry."""
    return {name: find_format(name).title for name in names() if name not in _NO_FILE}


def make(visit: Visit, town: str, year: int, formats: Iterable[str]) -> dict[str, bytes]:
    """Make one report and return its files by format; ``html`` is always among them.

    A report of a year that is not over, or with an open error, says 草稿 on every page. Raises
    :class:`~reportkit.errors.RunError` where it cannot be made.
    """
    wanted = ("html", *(name for name in formats if name != "html"))
    summary = _run(visit, formats=wanted, towns=(town,), years=(year,), workers=1)
    entry = summary.manifest.entries[town, year]
    if entry.status != "ok":
        failure = summary.manifest.entries[town, year].attempt or entry.status
        raise RunError(f"报告没有生成（{failure}）。请先改正问题清单中的错误，再试一次。")
    folder = visit.folder / "output"
    return {
        name: (folder / f"{year}/{town}{find_format(name).suffix}").read_bytes() for name in wanted
    }


def file_name(visit: Visit, town: str, year: int, form: str) -> str:
    """Return what a clerk's file is called: the town's name, the year, the kind of document."""
    return f"{visit.towns[town].name}{year}年政府信息公开工作年度报告{find_format(form).suffix}"


def open_points(visit: Visit, town: str, year: int) -> list[tuple[str, str, str, str]]:
    """Return the findings on a report: level, place, message and basis, gravest first."""
    report = visit.view(town, year).report
    found = sorted(report.findings, key=lambda finding: LEVELS.index(finding.level))
    return [
        (LEVEL_NAMES[each.level], where(report, each), each.message, each.basis or "")
        for each in found
    ]


def unfilled(visit: Visit, town: str, year: int) -> list[str]:
    """Return the codes of the sections that nobody has written."""
    report = visit.view(town, year).report
    return [code for code, text in report.sections.items() if text.strip() == NOT_FILLED]


def checked(visit: Visit, year: int) -> list[Checked]:
    """Check every town's report of a year together with the others, last year's published ones beside them."""
    own = [visit.view(c.town, year).report for c in visit.choices if c.year == year]
    past = [report for (_, y), report in visit.published.items() if y < year]
    findings = check_reports([*own, *past])
    entries = []
    for report, found in zip(own, findings, strict=False):
        kept = {(f.code, f.message): f for f in (*report.findings, *found)}
        entries.append(
            CheckedFile(
                file=str(report.town.id),
                report=report,
                findings=tuple(Reviewed(finding) for finding in kept.values()),
            )
        )
    return with_repairs(entries)


def letters(visit: Visit, year: int) -> bytes:
    """Return a zip of a letter (退回修改通知) for every town with something to mend, and the list of all findings."""
    found = checked(visit, year)
    files = {
        f"退回修改通知/{each.report.town.name}（{each.report.town.id}）.docx": render_letter(each)
        for each in found
        if needs_letter(each)
    }
    return _zip({**files, "校验结果.xlsx": render_checks_workbook(found)})


def county(visit: Visit, year: int, formats: Iterable[str] = ("docx", "xlsx")) -> bytes:
    """Return a zip of every town's report of a year and the county's, each town's figures summed up in it."""
    _run(visit, formats=tuple(formats), years=(year,), levels=("town", "county"))
    folder = visit.folder / "output"
    kept = sorted(
        p for p in (folder / str(year)).rglob("*") if p.is_file() and p.suffix != ".ipynb"
    )
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in kept}
    return _zip({"index.html": (folder / "index.html").read_bytes(), **files})


def _run(visit: Visit, *, formats: tuple[str, ...], **chosen: object) -> Summary:
    request = resolve(
        batch=visit.batch,
        output=str(visit.folder / "output"),
        draft=True,
        formats=formats,
        **chosen,  # type: ignore[arg-type]  # the fields of a request
    )
    with contextlib.redirect_stderr(io.StringIO()):  # the page itself says how far it is
        return run_request(request, keep=True)  # the next one takes a second


def _zip(files: Mapping[str, bytes]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, _FIXED.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[name])
    return body.getvalue()
