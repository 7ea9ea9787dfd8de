"""Checking shared among processes finds what one finds, in the same order, also where a process is lost."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest

from reportkit.checks.several import Together, check_reports
from reportkit.report import TownReport
from reportkit.review import shared as sharing
from reportkit.review.shared import shared
from tests.bench.checks import sample


@pytest.fixture(scope="module")
def reports() -> list[TownReport]:
    return sample()[:24]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "FEWEST", 2)
    monkeypatch.setattr(sharing, "_PART", 5)


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process is forked")
def test_two_processes_find_what_one_does(reports: Sequence[TownReport]) -> None:
    together = Together(reports, copied=False)
    assert tuple(shared(together, len(reports), 2)) == check_reports(reports, copied=False)


@pytest.mark.skipif(sys.platform != "linux", reason="only there a process is forked")
def test_what_a_lost_process_has_not_found_is_found_here(
    reports: Sequence[TownReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(pool: Any, *given: Any) -> Any:
        done = ask(pool, *given)
        for process in pool._processes.values():
            os.kill(process.pid, signal.SIGKILL)
        return done

    ask: Any = ProcessPoolExecutor.map
    monkeypatch.setattr(ProcessPoolExecutor, "map", die)
    together = Together(reports, copied=False)
    assert tuple(shared(together, len(reports), 2)) == check_reports(reports, copied=False)
