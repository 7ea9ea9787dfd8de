"""How true and how fast checks are: ``python -m tests.bench.checks [reports]``.

Without a number: the findings on real reports by rule, with the corpus' judgement (precision.py).
With one: the time that so many reports take.

The reports are the sample county's, under other names, as report.json files in an output folder. Printed
are the seconds for reading and checking all of them without the search for copied text, and
those of that search over 3,000 reports.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path

from reportkit.checks.rules.copied import find_copies
from reportkit.report import Town, TownReport
from reportkit.review.checking import check_paths
from reportkit.sources.source import open_source
from tests.bench.precision import show


def sample() -> list[TownReport]:
    """Return every report of the sample county."""
    source = open_source("sample:", {}, {})
    return [source.load(town, year).report for town in source.towns for year in source.years(town)]


def renamed(reports: list[TownReport]) -> Iterator[TownReport]:
    """Yield the reports again and again, each round as another county."""
    for number in count():
        for report in reports:
            town = Town(
                **{
                    **report.town.model_dump(),
                    "id": f"{report.town.id}-{number}",
                    "county": f"示例{number}县",
                }
            )
            yield report.with_(town=town)


def main(wanted: int = 10_000) -> None:
    """Measure and print."""
    reports = list(islice(renamed(sample()), wanted))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for report in reports:
            path = folder / str(report.year) / f"{report.town.id}.json"
            path.parent.mkdir(exist_ok=True)
            path.write_text(report.to_json(), encoding="utf-8")
        started, used = time.perf_counter(), sum(os.times()[:4])
        cores = os.cpu_count() or 1
        entries = check_paths([folder], folder / "reviews", copied=False, workers=cores)
        seconds, used = time.perf_counter() - started, sum(os.times()[:4]) - used
    print(
        f"{len(entries)} reports read and checked, without copied text: {seconds:.1f} s "
        f"({used:.1f} s of processor), {len(entries) / seconds:.0f} a second"
    )
    some = reports[:3000]
    started = time.perf_counter()
    find_copies(some)
    print(f"copied text among {len(some)} reports: {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    if sys.argv[1:]:
        main(*map(int, sys.argv[1:]))
    else:
        show()
