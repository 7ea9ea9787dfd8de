"""The registry of formats: one from outside the package is made by a run, and no file of it is touched."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from reportkit.errors import ParameterError, RunError
from reportkit.export import formats
from reportkit.export.document import read_document
from reportkit.export.formats import Format, Printer, find_format, parse_formats
from reportkit.running.processes.crew import close_crews
from tests.calling import called
from tests.export.conftest import ran

TOY = """
from reportkit.export.formats import Format

def render(document, other):
    lines = [document.title, *document.words, *(s.title for s in document.sections)]
    lines += [block.kind for block in document.blocks]
    return "\\n".join([*lines, str(len(other("html"))), ""]).encode()

FORMAT = Format("toy", "-toy.txt", "text/plain", render, "玩具")
BAD = "no format"
"""


def install(folder: Path) -> Path:
    """Put a distribution with a format into a folder, as pip does."""
    info = folder / "toy-1.0.dist-info"
    info.mkdir(parents=True)
    (folder / "toy.py").write_text(TOY, "utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[reportkit.formats]\ntoy = toy:FORMAT\nbad = toy:BAD\ngone = nowhere:FORMAT\n"
    )
    return folder


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Install the distribution for this process and those that it starts."""
    formats.names()  # whoever asked before the installation must not have settled the answer
    folder = install(tmp_path / "site")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("PYTHONPATH", str(folder))
    close_crews()  # a process that runs already knows no new distribution
    find_format.cache_clear()
    yield folder
    close_crews()
    find_format.cache_clear()
    sys.modules.pop("toy", None)


def run(folder: Path, *words: str) -> CompletedProcess[str]:
    return called(folder, "run", "--town", "danheng", *words)


@pytest.mark.usefixtures("site")
def test_a_format_of_somebody_elses_is_made_planned_recorded_and_linked(tmp_path: Path) -> None:
    output = tmp_path / "out"
    asked = ("--year", "2021", "--output", str(output))
    planned = run(tmp_path, *asked, "--format", "toy", "--dry-run", "--json")
    assert planned.returncode == 0, planned.stderr
    assert json.loads(planned.stdout)["formats"] == ["html", "json", "toy", "ipynb"]
    made = run(tmp_path, *asked, "--format", "toy")
    assert made.returncode == 0, made.stderr
    lines = (output / "2021" / "danheng-toy.txt").read_text("utf-8").splitlines()
    assert "form_table" in lines
    assert int(lines[-1]) == (output / "2021" / "danheng.html").stat().st_size
    reports = json.loads((output / "manifest.json").read_text("utf-8"))["reports"]
    [entry] = [each for each in reports if each["town"] == "danheng"]  # its county's is beside it
    assert set(entry["outputs"]) == {
        f"2021/danheng{suffix}" for suffix in (".html", ".ipynb", ".json", "-toy.txt")
    }
    assert 'href="2021/danheng-toy.txt">玩具</a>' in (output / "index.html").read_text("utf-8")
    again = run(tmp_path, *asked, "--format", "html,toy")
    assert "2 were up to date" in again.stdout
    assert run(tmp_path, *asked).returncode == 0  # a format that is made no more leaves no file
    assert not (output / "2021" / "danheng-toy.txt").exists()
    for name, words in (("bad", "gives no format"), ("gone", "cannot be loaded"), ("toi", "'toy'")):
        refused = run(tmp_path, *asked, "--format", name)
        assert refused.returncode == 2
        assert words in refused.stderr


def test_formats_are_named_once_and_always_hold_html_and_json() -> None:
    assert parse_formats([]) == ("html", "json")
    assert parse_formats(["json", "ipynb", "html", "json"]) == ("html", "json")
    with pytest.raises(ParameterError, match="did you mean 'html'"):
        parse_formats(["htm"])


def test_a_format_is_made_once_and_may_ask_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []

    def one(_document: object, other: Callable[[str], bytes]) -> bytes:
        calls.append("one")
        return b"<" + other("two") + other("two") + b">"

    def two(_document: object, _other: object) -> bytes:
        calls.append("two")
        return b"2"

    def broken(_document: object, _other: object) -> bytes:
        raise RunError("no font")

    def needy(_document: object, other: Callable[[str], bytes]) -> bytes:
        return other("broken")

    def ring(_document: object, other: Callable[[str], bytes]) -> bytes:
        return other("ring")

    own = tuple(
        Format(name, f".{name}", "text/plain", render)
        for name, render in (
            *(("one", one), ("two", two), ("ring", ring)),
            *(("broken", broken), ("needy", needy)),
        )
    )
    monkeypatch.setattr(formats, "OWN", own)
    find_format.cache_clear()
    try:
        printer = Printer(read_document(ran("bare")))
        assert (printer.print("two"), printer.print("one"), printer.print("one")) == (
            b"2",
            b"<22>",
            b"<22>",
        )
        assert calls == ["two", "one"]
        with pytest.raises(RunError, match="ring -> ring"):
            printer.print("ring")
        for name in ("broken", "needy", "broken"):  # one that failed is not still being made
            with pytest.raises(RunError, match="no font"):
                printer.print(name)
    finally:
        find_format.cache_clear()
