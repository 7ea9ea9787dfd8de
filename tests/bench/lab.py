"""How long the master notebook takes in JupyterLab from Run All to its first and its last output: ``python -m tests.bench.lab``."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from urllib.request import Request, urlopen

import psutil
from playwright.sync_api import sync_playwright

from tests.conftest import ROOT
from tests.notebook.test_lab import LONG, TOKEN, opened, run_all, serving
from tests.programs import CHROMIUM

ROUNDS = 4
"""The first one warms the disk's cache and is not counted."""


def kernel_seconds() -> float:
    """Return the processor's seconds that the kernels have taken: they tell what a busy machine hides."""
    taken = [
        process.cpu_times()
        for process in psutil.Process().children(recursive=True)
        if any("ipykernel" in word for word in process.cmdline())
    ]
    return sum(times.user + times.system for times in taken)


def measured(page: object, address: str) -> tuple[float, float, float]:
    """Open the notebook in a new kernel and run it.

    Returns the seconds to the first output and to the last, and the processor's seconds of the kernel.
    """
    panel = opened(page, address, "annual_report.ipynb")
    before = kernel_seconds()
    started = time.monotonic()
    run_all(page)
    panel.locator(".jp-OutputArea-output h1").first.wait_for(timeout=LONG)
    first = time.monotonic() - started
    panel.locator(".jp-OutputArea-output", has_text="海阳市二十里店镇人民政府").last.wait_for(
        state="attached", timeout=LONG
    )
    page.locator("#jp-main-statusbar").get_by_text("| Idle").wait_for()  # type: ignore[attr-defined]
    return first, time.monotonic() - started, kernel_seconds() - before


def end_kernels(address: str) -> None:
    """End every kernel: one that has imported everything once is faster than one that a person starts."""
    with urlopen(f"{address}/api/sessions?token={TOKEN}", timeout=30) as answer:
        held = json.load(answer)
    for each in held:
        place = f"{address}/api/sessions/{each['id']}?token={TOKEN}"
        urlopen(Request(place, method="DELETE"), timeout=30).close()


def main() -> None:
    """Print each round's seconds."""
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(ROOT, Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for nth in range(ROUNDS):
            page = browser.new_page(viewport={"width": 1366, "height": 900})
            page.set_default_timeout(LONG)
            first, last, taken = measured(page, address)
            said = "cold" if nth == 0 else "warm"
            print(
                f"{said}: first output after {first:.1f} s, the last one after {last:.1f} s; "
                f"the kernel took {taken:.1f} s of the processor",
                flush=True,
            )
            page.close()
            end_kernels(address)
        browser.close()


if __name__ == "__main__":
    main()
