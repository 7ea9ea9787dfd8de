"""The command line's shell: help without weight, commands by module, one place for errors."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import reportkit
from reportkit.cli.main import main


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "reportkit", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


HEAVY = ("pandas", "papermill", "nbformat", "nbconvert", "altair", "pyarrow")


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["new", "--help"]])
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    script = (
        "import sys; from reportkit.cli.main import main; code = main(sys.argv[1:]); "
        f"print(code, [m for m in {HEAVY!r} if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines()[-1] == "0 []"
    assert "Usage: reportkit" in result.stdout


def test_every_command_has_a_line_of_help() -> None:
    result = run("--help")
    folder = Path(reportkit.__file__).parent / "cli"
    names = {path.stem for path in folder.glob("*.py")} - {"__init__", "main"}
    assert {"run", "new"} <= names
    listed = {
        words[1]: words[2:]
        for words in (line.split() for line in result.stdout.splitlines())
        if len(words) > 2 and words[0] == "│" and not words[1].startswith("-")
    }
    for name in names:
        assert name in listed
        assert listed[name] != ["│"]


def test_a_command_that_is_not_there_is_refused() -> None:
    result = run("publish")
    assert result.returncode == 2
    assert "publish" in result.stderr
    assert not result.stdout


def test_version() -> None:
    assert run("--version").stdout == f"reportkit {reportkit.__version__}\n"


def test_an_unknown_option_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--twon", "gulou"]) == 2
    assert "--twon" in capsys.readouterr().err


def test_a_reader_that_has_enough_is_no_error() -> None:
    command = f"{sys.executable} -m reportkit --help | head -1"
    result = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in result.stderr
