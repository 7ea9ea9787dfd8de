"""From an executed notebook to the files of a report: the last step of a job.

It runs in a process that lives long, because the charts' JavaScript engine takes half a second to start.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections import Counter

from nbformat import NotebookNode
from nbformat.v4.rwbase import rejoin_lines, strip_transient

from reportkit.errors import PublicRefused, RunError
from reportkit.export.document import read_document
from reportkit.export.formats import Printer, find_format
from reportkit.export.seal import VARIABLE, public_key
from reportkit.finding import LEVELS
from reportkit.language import _
from reportkit.manifest import figures_of
from reportkit.review.decisions import review
from reportkit.running.execution.parcel import decisions_in
from reportkit.running.job import Executed, Failure, Job, Outcome, clean

FAILED = ".failed.ipynb"


def publish(job: Job, executed: Executed, seconds: float = 0.0) -> Outcome:
    """Write the files of an executed notebook: the report's, or the failed notebook.

    ``seconds`` is what the execution took. Every failure is a value.
    """
    started = time.monotonic() - seconds
    failure = executed.failure
    if failure is None:
        try:
            return _write(job, executed, started)
        except PublicRefused as refusal:
            job.internal.remove(job.name(FAILED))
            return Outcome(
                status="refused",
                failure=Failure(name="PublicRefused", message=str(refusal)),
                seconds=time.monotonic() - started,
            )
        except Exception as fault:  # noqa: BLE001  # a report that cannot be written must not stop the others
            failure = Failure(name=type(fault).__name__, message=clean(fault))
    from reportkit.running.execution.execute import marked  # noqa: PLC0415  # papermill, for failures alone

    with contextlib.suppress(OSError):  # a full disk has failed the report already
        job.internal.write(job.name(FAILED), executed.notebook or marked(job, failure))
    return Outcome(status="failed", failure=failure, seconds=time.monotonic() - started)


def _read(notebook: bytes) -> NotebookNode:
    """Read a notebook of ours as nbformat does, but leave its displays plain: nobody asks them by attribute.

    Making a node of every object in them takes longer than all the reading else.
    """
    node = NotebookNode(json.loads(notebook))
    node.metadata = NotebookNode(node.metadata)
    node.cells = [NotebookNode(cell) for cell in node.cells]
    for cell in node.cells:
        cell.metadata = NotebookNode(cell.metadata)
        if "outputs" in cell:
            cell.outputs = [NotebookNode(output) for output in cell.outputs]
    read: NotebookNode = strip_transient(rejoin_lines(node))
    return read


def _check_whole(notebook: NotebookNode) -> None:
    """Refuse a notebook that ended before its last cell, as ``sys.exit()`` makes it: half a report is none."""
    for place, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "code" and cell.source.strip() and cell.execution_count is None:
            raise RunError(_("the notebook ended before its cell {place}", place=place))


def _write(job: Job, executed: Executed, started: float) -> Outcome:
    notebook = _read(executed.notebook)
    _check_whole(notebook)
    if public_key() != job.signer:
        raise RunError(
            _(
                "the signing key of the run is not this machine's: set {variable} alike on every "
                "machine",
                variable=VARIABLE,
            )
        )
    document = read_document(notebook, draft=job.draft, formats=job.formats, portal=job.portal)
    if document.internal and job.output != job.internal:
        raise RunError(
            _("the notebook makes an internal report, and this run's are for the public")
        )
    report, printer = document.report, Printer(document)
    bodies = {".ipynb": executed.notebook}
    for name in job.formats:  # all of them before the first is written: a report is whole or absent
        bodies[find_format(name).suffix] = printer.print(name)
    written = {
        job.name(suffix): job.output.write(job.name(suffix), body)
        for suffix, body in bodies.items()
    }
    job.internal.remove(job.name(FAILED))
    reviewed = review(report, report.findings, decisions_in(job.files, job.year))
    levels = Counter(each.finding.level for each in reviewed if not each.accepted)
    return Outcome(
        status="ok",
        outputs=written,
        edition=report.edition,
        illustrative=report.town.illustrative,
        published_on=None if report.published_on is None else report.published_on.isoformat(),
        figures=figures_of(report),
        findings=None
        if document.audience == "public"
        else {level: levels[level] for level in LEVELS},
        notes=document.left_out,
        seconds=time.monotonic() - started,
    )
