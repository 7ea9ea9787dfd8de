"""The example reports with which a forkserver warms itself: of a body of the sample county, in memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence

from reportkit.project import packaged_notebook
from reportkit.running.execution.parcel import BATCH, SLICE
from reportkit.running.job import Job
from reportkit.running.output_folder import OutputFolder


def example_slice() -> bytes:
    """Return the slice of a body of the sample county that has both editions. It reads data, so starts threads."""
    from reportkit.registers.sample import SAMPLE  # noqa: PLC0415  # heavy, for a process that makes nothing else
    from reportkit.sources.source import open_source  # noqa: PLC0415

    source = open_source(SAMPLE)
    town = max(sorted(source.towns), key=lambda id_: len(source.years(id_)))
    return source.pack(town) or b""


def example_jobs(content: bytes) -> list[Job]:
    """Return the example's first and last report, derived, so that what derives reports is warm in this process."""
    from reportkit.counts import chance_of_change  # noqa: PLC0415  # heavy, see above
    from reportkit.registers.slices import parse_slice  # noqa: PLC0415
    from reportkit.running.execution.prepare import with_report  # noqa: PLC0415

    chance_of_change(1, [1])  # so that what it imports is not imported for each report
    uri, data = parse_slice(content)
    nowhere = OutputFolder.at(tempfile.gettempdir())
    years = data.years()
    jobs = [
        Job(
            notebook=packaged_notebook().read_bytes(),
            parameters={"town": data.town.id, "year": year, "source": uri, "audience": "public"},
            files={SLICE: content, BATCH: json.dumps({"source": uri, "years": [year]}).encode()},
            output=nowhere,
            internal=nowhere,
        )
        for year in (years[0], years[-1])
    ]
    return [with_report(job) for job in jobs]


def run_examples(jobs: Sequence[Job], *, libraries: bool) -> None:
    """Execute the example's reports in this process and forget them, the last one twice.

    ``libraries``: with the data libraries that a notebook of a user's own may ask for. Whatever goes wrong here goes wrong again where it is told: in the reports themselves.
    """
    from reportkit.running.processes import tasks  # noqa: PLC0415  # it imports papermill

    for job in (*jobs, *jobs[-1:]):
        with tempfile.TemporaryDirectory(prefix="reportkit-") as folder:
            tasks.rehearse(job, folder, libraries=libraries)
