"""The report that a county published itself, read from a file to be laid against the sum of its bodies."""

from __future__ import annotations

from pathlib import Path

from reportkit.errors import CallError, ParameterError, ReportkitError
from reportkit.language import _
from reportkit.report import TownReport

SECONDS = 60.0
"""How long reading may take."""


def load_published(path: Path) -> TownReport:
    """Return the one report in a file: a report.json, or a published page or document.

    Raises :class:`~reportkit.errors.ParameterError` where it cannot be read, or holds none or several.
    """
    try:
        if path.suffix.lower() == ".json":
            return TownReport.from_json(path.read_bytes()).public()
        from reportkit.published.pool import read_files  # noqa: PLC0415  # readers of PDF and Word are heavy

        (read,) = read_files([path], seconds=SECONDS)
    except (OSError, ReportkitError, CallError) as fault:
        raise ParameterError(
            _("--against {path}: cannot be read: {fault}", path=path, fault=fault)
        ) from None
    if read.error is not None:
        raise ParameterError(f"--against {path}: {read.error}")
    if len(read.reports) != 1:
        raise ParameterError(
            _(
                "--against {path}: {count} reports stand in it, not one",
                path=path,
                count=len(read.reports),
            )
        )
    return read.reports[0].report.public()
