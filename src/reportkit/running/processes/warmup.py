"""The example report with which a zygote warms itself: a body of the sample county, in memory."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from reportkit.counts import chance_of_change
from reportkit.project import packaged_notebook
from reportkit.registers.sample import SAMPLE
from reportkit.registers.slices import load_slice
from reportkit.running.execution.parcel import BATCH, SLICE
from reportkit.running.execution.prepare import with_report
from reportkit.running.job import Job
from reportkit.running.output_folder import OutputFolder
from reportkit.running.processes import tasks as roles
from reportkit.sources.source import open_source


def pack_example() -> bytes:
    """Return the slice of a body of the sample county that has both editions. It reads data, so starts threads."""
    source = open_source(SAMPLE)
    town = max(sorted(source.towns), key=lambda id_: len(source.years(id_)))
    return source.pack(town) or b""


def run_example(content: bytes) -> None:
    """Make the example's first and last report in this process and forget them.

    Whatever goes wrong here goes wrong again where it is told: in the reports themselves.
    """
    chance_of_change(1, [1])  # so that what it imports is not imported for each report
    with tempfile.TemporaryDirectory(prefix="reportkit-") as name:
        folder = Path(name)
        (folder / SLICE).write_bytes(content)
        _, data = load_slice(folder / SLICE)
        years = data.years()
        for year in (years[0], years[-1], years[-1]):
            batch = json.dumps({"source": SAMPLE, "years": [year]}).encode()
            job = Job(
                notebook=packaged_notebook().read_bytes(),
                parameters={
                    "town": data.town.id,
                    "year": year,
                    "source": SAMPLE,
                    "audience": "public",
                },
                files={SLICE: content, BATCH: batch},
                output=OutputFolder.at(folder),
                internal=OutputFolder.at(folder),
            )
            roles.ROLES["worker"]((with_report(job), name), lambda _: None)
