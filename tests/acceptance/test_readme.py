"""README's commands are true: each is run as it stands there, in order, in a folder like a clone's."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

BY_CI = ("make report", "make test")
"""These two set up the whole machine: .ci/run runs them, as the test below holds."""


def commands(readme: Path) -> list[str]:
    """Return the commands of the page's sh blocks, without their comments."""
    blocks = re.findall(r"^```sh\n(.*?)^```", readme.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    lines = [line.split(" #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


@pytest.fixture
def clone(root: Path, tmp_path: Path) -> Path:
    """Return a folder that holds what a clone holds, set up."""
    for name in ("notebooks", "params"):
        (tmp_path / name).symlink_to(root / name)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    return tmp_path


@pytest.mark.kernel
@pytest.mark.timeout(600)
@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md"])
def test_every_command_of_the_readme_runs(root: Path, clone: Path, page: str) -> None:
    path = f"{clone / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    found = [command for command in commands(root / page) if command not in BY_CI]
    assert len(found) >= 5
    for command in found:
        done = subprocess.run(
            ["bash", "-c", command],
            check=False,
            cwd=clone,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"


def test_both_readmes_open_with_the_two_commands_that_ci_runs(root: Path) -> None:
    ci = (root / ".ci" / "run").read_text("utf-8")
    for page in ("README.md", "README.zh-CN.md"):
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
