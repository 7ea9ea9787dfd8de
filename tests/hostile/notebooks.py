"""Notebooks are code: those that misbehave lose their own report, those beside them are right; foreign outputs are cleaned."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
import psutil
from nbformat.v4 import new_output

from reportkit.errors import ReportkitError
from reportkit.export.document import read_document
from reportkit.export.formats import OWN, Printer
from reportkit.running.execution.parcel import SLICE
from reportkit.running.job import Job
from reportkit.running.output_folder import OutputFolder
from reportkit.running.processes.crew import Crew
from reportkit.sources.source import open_source
from tests import dossiers
from tests.export.conftest import shown
from tests.hostile.injection import TEXTS, faults_of
from tests.hostile.table import Row
from tests.notebooks import executed
from tests.running.conftest import TOWN, notebook_with

MISDEEDS = {
    "reaches the network": "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=1)",
    "forks and hides": (
        "import os, time\n"
        "for _ in range(40):\n"
        "    if os.fork() == 0:\n"
        "        os.setsid()\n"
        "        time.sleep(600)\n"
        "        os._exit(0)\n"
        "time.sleep(600)"
    ),
    "eats memory": "hoard = bytearray(16 << 30)",
    "runs for ever": "while True: pass",
    "kills its parent": "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)",
    "kills its group": "import os, signal\nos.killpg(0, signal.SIGKILL)",
    "writes into others' folders": (
        "import pathlib\n"
        "for folder in pathlib.Path('..').iterdir():\n"
        "    if folder.is_dir(): (folder / 'slice').write_bytes(b'x')\n"
        "1 / 0"
    ),
    "ends the engine that draws": (
        "from IPython.display import display\n"
        "nul = {'calculate': \"'\\\\u0000'\", 'as': 't'}\n"  # made within the engine, where nobody takes it out
        "spec = {'data': {'values': [{'x': 1}]}, 'transform': [nul], 'mark': 'text',\n"
        "        'encoding': {'text': {'field': 't'}}}\n"
        "display({'application/vnd.vegalite.v5+json': spec, 'text/plain': 'x'}, raw=True)"
    ),
    "fills its disk": (
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))\n"  # a full disk, without one
        "open('large', 'wb').write(bytes(1 << 24))"
    ),
}
"""What a master notebook may do, each after its report is loaded."""
VEGA = "application/vnd.vegalite.v5+json"
SECONDS = 15.0
"""How long each may run."""


def notebook_rows(only: tuple[str, ...] = tuple(MISDEEDS)) -> Iterator[Row]:
    """Yield the rows of notebooks that misbehave and of those that come from elsewhere."""
    yield misdeeds(only)
    yield from foreign()


def misdeeds(only: tuple[str, ...]) -> Row:
    """Make a report whose notebook misbehaves, then one that does not, with the same processes."""
    row = Row("notebooks", f"a master notebook that {', '.join(only)}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        content = open_source("sample:").pack(TOWN)
        assert content is not None

        def job(source: str, at: str, timeout: float | None) -> Job:
            return Job(
                notebook=notebook_with(source),
                parameters={"town": TOWN, "year": 2021, "source": "sample:", "audience": "public"},
                files={SLICE: content},
                output=OutputFolder.at(folder / at),
                internal=OutputFolder.at(folder / f"{at}-internal"),
                timeout=timeout,
            )

        crew = Crew("warm", 1)
        before = {p.pid for p in psutil.process_iter()}
        try:
            first = crew.make(job("None", "undisturbed", None))
            for number, what in enumerate(only):
                row.tried += 1
                bad = crew.make(job(MISDEEDS[what], f"bad{number}", SECONDS))
                if bad.status != "failed" or bad.outputs:
                    row.through.append(f"{what}: {bad.status}")
                good = crew.make(job("None", f"good{number}", None))
                if good.status != "ok" or not _same(good.outputs, first.outputs):
                    row.lost.append(f"{what}: the next report: {good.failure}")
        finally:
            crew.close()
        deadline = time.monotonic() + 30
        while left := [p for p in _ours() if p.pid not in before]:
            if time.monotonic() > deadline:
                row.through += [f"process {p.pid} lives on" for p in left]
                break
            time.sleep(0.1)
    return row


def _same(one: Mapping[str, str], two: Mapping[str, str]) -> bool:
    """Say whether reports have the same bytes; an executed notebook holds times."""
    kept = [{k: v for k, v in each.items() if not k.endswith(".ipynb")} for each in (one, two)]
    return kept[0] == kept[1] and len(kept[0]) > 1


def _ours() -> list[psutil.Process]:
    own = psutil.Process()
    return [p for p in own.children(recursive=True) if p.status() != psutil.STATUS_ZOMBIE]


def foreign() -> Iterator[Row]:
    """Give the exporter executed notebooks whose outputs somebody else wrote, in every type that it knows."""
    for form in OWN:
        row = Row("notebooks", f"outputs of a foreign notebook into {form.name}", tried=len(TEXTS))
        content = _exported([output for text in TEXTS for output in _outputs(text)], form.name)
        row.through += list(faults_of(form.suffix, content))
        yield row
    row = Row("notebooks", "a foreign chart that asks for an address: refused, nothing is asked")
    for address in ("http://192.0.2.1/x.json", "file:///etc/passwd", "//192.0.2.1/x", "x.csv"):
        row.tried += 1
        spec = {"title": "图", "data": {"url": address}, "mark": "bar"}
        output = new_output("display_data", {VEGA: spec, "text/plain": "x"})
        try:
            content = _exported([output], "html")
        except ReportkitError:
            continue
        row.through += [f"{address} is drawn: {fault}" for fault in faults_of(".html", content)]
        if address.encode() in content:
            row.through.append(f"{address} is in the page")
    yield row


def _exported(outputs: list[Any], form: str) -> bytes:
    whole = executed(shown(dossiers.dossier()))
    notebook = nbformat.from_dict(json.loads(json.dumps(whole)))
    last = next(c for c in reversed(notebook.cells) if c.cell_type == "code")
    last.outputs += outputs
    return Printer(read_document(notebook)).print(form)


def _outputs(text: str) -> Iterator[Any]:
    for mime, body in {
        "text/html": f"<div onclick='x()'><p>{text}</p><table><tr><td>{text}</td></tr></table></div>",
        "image/svg+xml": f"<svg xmlns='http://www.w3.org/2000/svg'><text>{text}</text></svg>",
        "text/markdown": f"# {text}\n\n{text}",
        "application/javascript": f"alert('{text}')",
        VEGA: {
            "title": text,
            "data": {"values": [{"x": text, "y": 1}]},
            "mark": "bar",
            "encoding": {"x": {"field": "x", "title": text}, "y": {"field": "y"}},
        },
    }.items():
        yield new_output("display_data", {mime: body, "text/plain": text})
