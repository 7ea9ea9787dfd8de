"""README's commands are true: each is run as it stands there, in order, in a folder like a clone's."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from reportkit.cli.main import build_app

BY_CI = ("make report", "make test")
"""These two set up the whole machine: .ci/run runs them, as the test below holds."""

TOWNS = "[ershilidian, danheng, fangshu]"
"""Those that are made where the page says all."""


def commands(readme: Path) -> list[str]:
    """Return the commands of the page's sh blocks, without their comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", readme.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = [line.split(" #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


@pytest.fixture
def clone(root: Path, tmp_path: Path) -> Path:
    """Return a folder that holds what a clone holds, set up."""
    folder = tmp_path / "reportkit"
    (folder / ".venv").mkdir(parents=True)
    (folder / "notebooks").symlink_to(root / "notebooks")
    shutil.copytree(root / "params", folder / "params")
    batch = folder / "params" / "batch.yaml"
    # A few towns and one year: `make report` makes them all.
    text, count = re.subn(
        r"^years: .*", f"years: [2021]\nonly: {TOWNS}", batch.read_text("utf-8"), flags=re.MULTILINE
    )
    assert count == 1
    batch.write_text(text, "utf-8")
    (folder / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    return folder


PAGES = ("README.md", "README.zh-CN.md")


def test_both_pages_have_the_same_commands_in_the_same_order(root: Path) -> None:
    """So what the next test finds is true of either."""
    first, second = (commands(root / page) for page in PAGES)
    assert first == second


@pytest.mark.kernel
@pytest.mark.timeout(1300)
def test_a_reader_who_types_every_command_gets_what_the_page_says(root: Path, clone: Path) -> None:
    """One shell, from the first command to the last; the workbook is filled in where the page says so."""
    found = [command for command in commands(root / PAGES[0]) if command not in BY_CI]
    assert len(found) >= 12
    lines = ["set -e"]
    for command in found:
        lines += [f"echo {shlex.quote('$ ' + command)}", command]
        if command.startswith("reportkit template "):
            lines.append(f"python {root / 'tests' / 'acceptance' / 'fill.py'} {command.split()[2]}")
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)],
        check=False,
        cwd=clone,
        capture_output=True,
        text=True,
        timeout=1200,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    assert (clone / "output" / "2021" / "ershilidian.html").is_file()
    assert (clone / "out.html").is_file()
    for project in ("mytown", "county"):
        pages = list((clone.parent / project / "output").glob("20*/*.html"))
        assert len(pages) == 1, project
    own = pages[0].read_text("utf-8")
    assert "示例县清禾镇" in own
    assert "结转下年" in own


@pytest.mark.parametrize("page", PAGES)
def test_the_commands_that_a_page_opens_with_are_there(root: Path, page: str) -> None:
    """A clerk, an analyst and a county: two commands each, with options that the command line has."""
    rows = re.findall(r"^\| .*`reportkit .*\|$", (root / page).read_text("utf-8"), re.MULTILINE)[:3]
    known = typer.main.get_command(build_app()).commands  # type: ignore[attr-defined]  # a group
    for row in rows:
        found = re.findall(r"`((?:reportkit|make) [^`]+)`", row.split("|")[2])
        assert len(found) == 2, row
        for command in found:
            program, name, *words = command.split()
            if program == "make":
                assert re.search(rf"^{name}:", (root / "Makefile").read_text("utf-8"), re.MULTILINE)
                continue
            options = {option for param in known[name].params for option in param.opts}
            assert {word for word in words if word.startswith("-")} <= options, command
    assert len(rows) == 3


def test_both_readmes_open_with_the_two_commands_that_ci_runs(root: Path) -> None:
    ci = (root / ".ci" / "run").read_text("utf-8")
    for page in PAGES:
        assert commands(root / page)[:2] == list(BY_CI)
    for command in BY_CI:
        assert command in ci


def test_every_link_of_the_pages_leads_somewhere(root: Path) -> None:
    pages = [*root.glob("*.md"), *root.glob("docs/*.md")]
    assert len(pages) >= 4
    for page in pages:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
