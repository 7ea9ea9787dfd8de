"""How many published reports are read a second: ``python -m tests.bench.published``.

The reports are made here, half pages and half text, different in every figure; they are read as
``reportkit read`` reads them, by children with bounds of time and memory. Starting the children is
not counted: they are up before the clock starts. Processor seconds are printed beside, because they
do not depend on what else the machine does. PDFs are printed by Chromium where it is installed.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import tempfile
import time
from pathlib import Path

from reportkit.form import CellValue, load_edition
from reportkit.published import read_files
from tests.programs import CHROMIUM
from tests.published import rendering as r
from tests.published import test_office


def main() -> None:
    """Make the reports, read them, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.published")
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--pdfs", type=int, default=10)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    print(f"{'what':<16}{'files':>7}{'workers':>9}{'a second':>10}{'CPU ms a file':>15}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        texts = [_write(folder, number) for number in range(options.reports)]
        _measure("text and HTML", texts, options.workers)
        if CHROMIUM:
            pages = [path for path in texts if path.suffix == ".html"][: options.pdfs]
            with test_office.printing() as printed:
                made = [printed(page) for page in pages]
            _measure("PDF", made, options.workers)


def _write(folder: Path, number: int) -> Path:
    """Write one report of random figures: a page or text."""
    rng = random.Random(number)
    code = rng.choice(["2019", "2021"])
    values: dict[str, CellValue] = {
        address: rng.choice([0, 0, 0, rng.randrange(2000)])
        for address in load_edition(code).addresses
    }
    printed = r.printed(code, values)
    text = r.page(printed) if number % 2 else r.lines(printed)
    if number % 2:
        text = test_office.RULED + text
    path = folder / f"{number:05}{'.html' if number % 2 else '.txt'}"
    path.write_text(text, encoding="utf-8")
    return path


def _measure(what: str, paths: list[Path], workers: int) -> None:
    reading = read_files([*paths[:workers], *paths], workers)
    for _ in range(workers):
        next(reading)  # the children are up
    processor, started = _processor(), time.monotonic()
    read = sum(len(result.reports) for result in reading)
    seconds = time.monotonic() - started
    used = 1000 * (_processor() - processor) / len(paths)
    if read != len(paths):
        raise SystemExit(f"{what}: {read} of {len(paths)} read")
    print(f"{what:<16}{len(paths):>7}{workers:>9}{len(paths) / seconds:>10.1f}{used:>15.1f}")


def _processor() -> float:
    """Return the processor seconds of this process and the children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
