"""Each contract of import-linter and each banned call is seen to fail where it is broken."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from copy import deepcopy
from functools import cache
from itertools import pairwise
from typing import Any

import grimp
import pytest
from importlinter.api import read_configuration
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract

from tests.conftest import ROOT

FILE = ROOT / "pyproject.toml"
LINTER = read_configuration(str(FILE))
FLOORS, APART, PURE = LINTER["contracts_options"]
LINES = [line.split(" | ") for line in FLOORS["layers"]]
RUFF = tomllib.loads(FILE.read_text("utf-8"))["tool"]["ruff"]["lint"]
BANNED = sorted(RUFF["flake8-tidy-imports"]["banned-api"])


@cache
def _graph() -> grimp.ImportGraph:
    return grimp.build_graph("reportkit", include_external_packages=True)


def _kept(contract: dict[str, Any], *imports: tuple[str, str], stray: str = "") -> bool:
    """Say whether a contract of pyproject.toml is kept where some modules import others besides."""
    graph = deepcopy(_graph())
    for importer, imported in imports:
        if imported not in graph.modules:
            graph.add_module(imported, is_squashed=not imported.startswith("reportkit"))
        graph.add_import(
            importer=importer, imported=imported, line_number=1, line_contents=f"import {imported}"
        )
    if stray:
        graph.add_module(stray)
    kind = {"layers": LayersContract, "forbidden": ForbiddenContract}[contract["type"]]
    options = {key: value for key, value in contract.items() if key not in ("name", "type")}
    return bool(
        kind(contract["name"], LINTER["session_options"], options).check(graph, verbose=False).kept
    )


@pytest.mark.parametrize(
    "contract", LINTER["contracts_options"], ids=lambda contract: contract["name"]
)
def test_every_contract_is_kept(contract: dict[str, Any]) -> None:
    assert _kept(contract)


@pytest.mark.parametrize(
    ("above", "below"), [(above[0], below[-1]) for above, below in pairwise(LINES)]
)
def test_a_floor_that_imports_the_one_above_it_is_seen(above: str, below: str) -> None:
    assert not _kept(FLOORS, (f"reportkit.{below}", f"reportkit.{above}"))


@pytest.mark.parametrize(
    ("one", "other"), [pair for line in LINES for pair in pairwise([*line, line[0]][: len(line)])]
)
def test_neighbours_that_meet_are_seen(one: str, other: str) -> None:
    assert not _kept(FLOORS, (f"reportkit.{one}", f"reportkit.{other}"))
    assert not _kept(FLOORS, (f"reportkit.{other}", f"reportkit.{one}"))


def test_a_module_without_a_floor_is_seen() -> None:
    assert not _kept(FLOORS, stray="reportkit.utils")


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("reportkit.running", "reportkit.notebook"),
        ("reportkit.running.command", "reportkit.notebook.view"),
        ("reportkit.export.html", "reportkit.notebook.view"),  # by another floor
    ],
)
def test_a_run_that_imports_what_a_notebook_does_is_seen(importer: str, imported: str) -> None:
    assert not _kept(APART, (importer, imported))


@pytest.mark.parametrize("imported", PURE["forbidden_modules"])
def test_what_is_kept_from_files_clock_and_network_is_seen_to_reach_for_them(imported: str) -> None:
    assert not _kept(PURE, ("reportkit.checks.rules.arithmetic", imported))


@pytest.mark.parametrize("importer", PURE["source_modules"])
def test_each_of_the_pure_modules_is_held(importer: str) -> None:
    assert not _kept(PURE, (importer, "socket"))


def _banned_calls(path: str) -> list[str]:
    """Return the messages that ruff has for a file of that name with every banned call in it."""
    modules = sorted({name.partition(".")[0] for name in BANNED})
    source = "\n".join([*(f"import {module}" for module in modules), *(f"{b}()" for b in BANNED)])
    done = subprocess.run(
        [
            sys.executable,
            *("-m", "ruff", "check", "--no-cache", "--select", "TID251"),
            *("--output-format", "json", "--stdin-filename", path, "-"),
        ],
        input=source,
        text=True,
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    return [str(found["message"]) for found in json.loads(done.stdout)]


def test_every_banned_call_is_seen() -> None:
    told = _banned_calls("src/reportkit/checks/rules/arithmetic.py")
    assert [name for name in BANNED if not any(f"`{name}`" in one for one in told)] == []


def test_the_one_clock_may_make_them() -> None:
    assert _banned_calls("src/reportkit/today.py") == []
