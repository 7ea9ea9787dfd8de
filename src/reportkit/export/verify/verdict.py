"""Shared files, verified: each read in a child process with bounds, then judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from reportkit.errors import ReportFileError
from reportkit.export.changes import Change, changes_within
from reportkit.export.seal import Key, Seal, Signature, judge
from reportkit.export.verify.carried import NothingCarried, seal_of
from reportkit.export.verify.compare import compare, compare_own
from reportkit.export.verify.visible import visible_page, visible_workbook
from reportkit.language import _, marked
from reportkit.published.apart import Done, each_apart
from reportkit.published.reading import file_bytes
from reportkit.report import TownReport

SCHEMA: Final = "reportkit.verify/1"

Status = Literal["as made", "altered", "unreadable", "nothing embedded"]

_BROKEN: Final[tuple[Signature, ...]] = ("bad", "foreign", "missing")


@dataclass(frozen=True)
class Looked:
    """What one file is: its seal, the report under it, and what stands otherwise in the file."""

    seal: Seal
    report: TownReport | None
    """``None``: what the seal holds is no report."""
    fault: str
    """Why it is none."""
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Bare:
    """A file without a seal."""

    words: str


@dataclass(frozen=True)
class Verdict:
    """What became of one file since it was made."""

    path: Path
    status: Status
    error: str = ""
    """Why it could not be verified."""
    sealed: Seal | None = None
    report: TownReport | None = None
    signature: Signature = "none"
    faults: tuple[str, ...] = ()
    """What is wrong with the seal itself."""
    changes: tuple[Change, ...] = ()
    """What the file says otherwise than its seal."""
    source: tuple[Change, ...] = ()
    """What the source says otherwise than the seal: ``before`` is the source's."""

    def to_json(self) -> dict[str, Any]:
        """Return the verdict for ``reportkit verify --json``."""
        return {
            "file": str(self.path),
            "status": self.status,
            "error": self.error,
            "town": self.report and self.report.town.id,
            "year": self.report and self.report.year,
            "sha256": self.sealed and self.sealed.sha256,
            "signature": self.signature,
            "key": self.sealed and self.sealed.key,
            "faults": list(self.faults),
            "changes": [asdict(change) for change in self.changes],
            "source": [asdict(change) for change in self.source],
        }


def verify_files(
    paths: Iterable[Path],
    workers: int = 1,
    *,
    key: Key | None = None,
    source: Callable[[TownReport], TownReport] | None = None,
) -> Iterator[Verdict]:
    """Yield a verdict on each file, in the order given.

    ``key`` is the office's, where the verifier has it; ``source`` gives what the source has for a report.
    """
    for done in each_apart(look, paths, workers):
        yield _judged(done, key, source)


def look(path: Path) -> Looked | Bare:
    """Read one file: its seal, and what is visible beside it.

    Raises :class:`~reportkit.errors.ReadError` where it cannot be read.
    """
    data = file_bytes(path)
    try:
        sealed, sheets = seal_of(data, path.name)
    except NothingCarried as fault:
        return Bare(str(fault))
    try:
        report = TownReport.from_json(sealed.text)
    except ReportFileError as fault:
        return Looked(sealed, None, str(fault), ())
    shows = sealed.shows
    if sheets is not None:
        seen = visible_workbook(sheets, report.cells.edition)
        shows = (*(code for code in shows if code.startswith("t")), *report.sections)
    else:
        seen = visible_page(data, path.name, report)
    changes = (*compare(report, shows, seen), *compare_own(sealed.own, seen))
    return Looked(sealed, report, "", changes)


def _judged(
    done: Done[Looked | Bare], key: Key | None, source: Callable[[TownReport], TownReport] | None
) -> Verdict:
    seen = done.value
    if seen is None:
        return Verdict(done.path, "unreadable", str(done.error or ""))
    if isinstance(seen, Bare):
        return Verdict(done.path, "nothing embedded", seen.words)
    signature = judge(seen.seal, key)
    faults = []
    if not seen.seal.whole:
        faults.append(
            _("the data do not have the SHA-256 that is written beside them: they were altered")
        )
    if seen.report is None:
        faults.append(_("the data are no report: {fault}", fault=seen.fault))
    if signature in _BROKEN:
        faults.append(_(SIGNATURES[signature]))
    differs: tuple[Change, ...] = ()
    if source is not None and seen.report is not None:
        differs = tuple(changes_within(source(seen.report), seen.report.public()))
    altered = bool(faults or seen.changes or differs)
    return Verdict(
        done.path,
        "altered" if altered else "as made",
        "",
        seen.seal,
        seen.report,
        signature,
        tuple(faults),
        seen.changes,
        differs,
    )


SIGNATURES: Final[dict[Signature, str]] = {
    "none": marked("not signed: a checksum guards against accidents, not against forgery"),
    "good": marked("the signature is good, by the key that was given"),
    "unknown": marked(
        "the signature is good, but no key was given, so nobody knows whose it is: compare it with the key that the office publishes"
    ),
    "bad": marked("the signature is bad: data or signature were altered"),
    "foreign": marked("the signature is by another key than the one that was given"),
    "missing": marked("not signed, though a key was given: the file was not issued with it"),
}
"""What each signature is worth, in words."""
