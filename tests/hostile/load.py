"""Load: many towns in one run, many readers of one store, many files in one call, many rows in one page."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import psutil

from reportkit.export.index import render_index
from reportkit.form import load_edition
from reportkit.published import read_files
from tests.export.test_index import entry
from tests.hostile.kills import BOUND, command, environment, reportkit, tree
from tests.hostile.table import Row
from tests.programs import CHROMIUM
from tests.published import rendering
from tests.published.drawn import draw, pages_of
from tests.published.judging import certain, wrong
from tests.published.test_ofd import ofd
from tests.registers.store.samples import APPLICATIONS, load, write_county, write_csv

TOWNS, READERS, FILES, ROWS = 5_000, 100, 1_000, 5_000
PROCESSES = 4
"""In so many the readers are."""
MEMORY = 1_000
"""MB that all processes of a run may take together."""
USABLE = 2.0
"""Seconds until the index answers a search."""


def load_rows(scale: float) -> dict[str, Callable[[], Row]]:
    """Return what makes each row; ``scale`` is a part of the full counts, but for readers and the index."""
    return {
        "load files": _in_folder(published_files, max(3, int(FILES * scale))),
        "load readers": _in_folder(readers, READERS),
        **({"load index": _in_folder(index, ROWS)} if CHROMIUM else {}),
        "load towns": _in_folder(towns, max(20, int(TOWNS * scale))),
    }


def _in_folder(make: Callable[[Path, int], Row], count: int) -> Callable[[], Row]:
    def row() -> Row:
        with tempfile.TemporaryDirectory() as name:
            return make(Path(name), count)

    return row


def published_files(folder: Path, count: int) -> Row:
    """Read many published reports in one call, each with numbers of its own: each is read as it was printed."""
    row = Row("load", "published files in one read: pages, texts, PDF, OFD", count, FILES)
    addresses = load_edition("2021").addresses
    paths, meant = [], {}
    for number in range(count):
        meant[number] = dict.fromkeys(addresses, number)
        report = rendering.printed("2021", meant[number])
        suffix, content = _as_published(report, number % 10)
        paths.append(folder / f"{number}{suffix}")
        paths[-1].write_bytes(content)
    for number, read in enumerate(read_files(paths, 2)):
        for each in read.reports:
            row.through += [f"{read.path.name}: {at}" for at in wrong(each, meant[number])]
        if [len(certain(each)) for each in read.reports] != [len(addresses)]:
            row.lost.append(f"{read.path.name}: {read.error or 'cells are not certain'}")
    return row


def _as_published(report: rendering.Printed, kind: int) -> tuple[str, bytes]:
    """Return a report's file in one of ten kinds: six pages, two texts, a PDF and an OFD file."""
    match kind:
        case 0:
            return ".pdf", draw(pages_of(report))
        case 1:
            return ".ofd", ofd(pages_of(report))
        case 2 | 3:
            return ".txt", rendering.lines(report).encode()
        case _:
            return ".html", rendering.page(report).encode()


_READERS = """
import json, sys, threading
from concurrent.futures import ThreadPoolExecutor
from reportkit.sources.source import open_source

uri, count = sys.argv[1], int(sys.argv[2])
opened, ended = threading.Barrier(count + 1), threading.Event()

def value(source):
    return source.load("shili-zhen", 2021).report.facts["applications_received"]

def read(_number):
    early, seen = open_source(uri), []
    opened.wait()
    while True:
        last = ended.is_set()
        seen.append(("opened before", value(early)))
        seen.append(("opened afterwards" if last else "opened meanwhile", value(open_source(uri))))
        if last:
            return seen
        ended.wait(20)

with ThreadPoolExecutor(count) as threads:
    found = threads.map(read, range(count))
    opened.wait()
    print("ready", flush=True)
    sys.stdin.readline()
    ended.set()
    print(json.dumps([one for seen in found for one in seen]))
"""
"""So many readers in one process: each holds the store open, and opens it anew time and again."""

SEEN = {"opened before": {2}, "opened meanwhile": {2, 3}, "opened afterwards": {3}}
"""How many applications a reader may see by when it opened the store."""


def readers(folder: Path, count: int) -> Row:
    """Let readers in four processes hold a DuckDB file open and open it anew while an ingest replaces it."""
    row = Row(
        "load",
        "readers of one DuckDB file while one ingests",
        note=f"{count} at once, in {PROCESSES} processes",
    )
    uri = f"duckdb:///{folder / 'store.duckdb'}"
    load(uri, write_county(folder / "data"))
    new = {**APPLICATIONS[0], "application_no": "2021-900"}
    more = write_csv(folder / "applications_9.csv", [new])
    each = -(-count // PROCESSES)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _READERS, uri, str(each)],
            env=environment(folder / "tmp"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    try:
        _read_meanwhile(
            row, processes, each, partial(reportkit, folder, "ingest", str(more), "--store", uri)
        )
    finally:
        for process in processes:
            process.kill()
            process.wait()
    return row


def _read_meanwhile(
    row: Row,
    processes: list[subprocess.Popen[str]],
    each: int,
    ingest: Callable[[], subprocess.CompletedProcess[str]],
) -> None:
    """Wait until all readers have opened the store, ingest, let them open it anew, and look at what they saw."""
    for process in processes:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert said == "ready\n", said
    done = ingest()
    if done.returncode:
        row.lost.append(f"the ingest ended with {done.returncode}: {done.stderr[-300:]}")
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in processes:
        said, _ = process.communicate(timeout=BOUND)
        seen = json.loads(said or "[]")
        row.tried += len(seen)
        row.lost += [f"{when}: {value}" for when, value in seen if value not in SEEN[when]]
        if process.returncode or len(seen) < 2 * each:
            row.lost.append(f"readers ended with {process.returncode}")


def index(folder: Path, count: int) -> Row:
    """Open an index of many rows in Chromium, and search in it."""
    from playwright.sync_api import sync_playwright

    row = Row("load", f"an index of {count:,} rows: opened and searched in Chromium", tried=1)
    path = folder / "index.html"
    path.write_text(render_index(entry(f"t{number:04}", 2021) for number in range(count)), "utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto("about:blank")
        cpu = _seconds(browser)
        page.goto(path.as_uri())
        page.fill("input[type=search]", "t4321")
        page.wait_for_function(
            "[...document.querySelectorAll('tbody tr')].filter(r => r.offsetParent).length === 1"
        )
        cpu = _seconds(browser) - cpu
        browser.close()
    row.note = f"{cpu:.1f} s of processor"
    if cpu > USABLE:
        row.lost.append(row.note)
    return row


def _seconds(_browser: Any) -> float:
    """Return the processor's seconds that the browser has taken: a busy machine's clock tells nothing."""
    total = 0.0
    for process in psutil.Process().children(recursive=True):
        if "chrom" in process.name():
            times = process.cpu_times()
            total += times.user + times.system
    return total


def towns(folder: Path, count: int) -> Row:
    """Run a county of many towns and watch the memory of all its processes."""
    row = Row(
        "load", "towns in one run, with less than 1,000 MB in all its processes", count, TOWNS
    )
    made = reportkit(folder, "sample", "county", "--towns", str(count), "--years", "2021-2021")
    assert made.returncode == 0, made.stderr
    process = subprocess.Popen(
        command("run", "--batch", "params/batch.yaml", "--year", "2021", "--draft"),
        cwd=folder / "county",
        env=environment(folder / "tmp"),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    most = 0.0
    while process.poll() is None:
        most = max(most, sum(_private(p) for p in tree(psutil.Process(process.pid))))
        time.sleep(1)
    pages = len([*(folder / "county" / "output" / "2021").glob("*.html")])
    row.note = f"at most {most:.0f} MB"
    if process.wait(BOUND) or pages != count or most > MEMORY:
        row.lost.append(f"exit code {process.returncode}, {pages} pages, {most:.0f} MB")
    return row


def _private(process: psutil.Process) -> float:
    try:
        return process.memory_full_info().pss / 1_000_000
    except (psutil.Error, AttributeError):
        return 0.0
