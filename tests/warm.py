"""One warm crew for many runs: the processes of a run take seconds to start, and the runs of the tests are hundreds.

A user's run ends its processes. A test's run, called in this very process, leaves them to the next one, as the clerk's
app does between two reports: no run shares anything with another but them, since each report has a fork of its own.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from reportkit.errors import CallError
from reportkit.running import command
from reportkit.running.guard import guarded
from reportkit.running.job import EngineName
from reportkit.running.planning import inventory
from reportkit.running.processes.crew import Crew, close_crews, crew_for

_started_with: dict[str, str] = {}


def settle() -> None:
    """End the crew that was started in another environment than this: its processes would have that one."""
    now = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    if now != _started_with:
        close_crews()
        _started_with.clear()
        _started_with.update(now)


@contextmanager
def keeping(**_: bool) -> Iterator[None]:
    """Keep the processes after a run that ended well, or was refused before it began anything."""
    settle()
    refused: CallError | None = None
    with guarded(keep=True):
        try:
            yield
        except CallError as fault:
            refused = fault
    if refused is not None:
        raise refused


def resized(engine: EngineName, workers: int = 1) -> Crew:
    """Return the crew with room for as many workers as this run asks for."""
    crew = crew_for(engine, workers)
    crew._executing, crew._exporting = (threading.Semaphore(workers) for _ in range(2))
    return crew


@contextmanager
def sharing() -> Iterator[None]:
    """Let runs find warm processes, and leave them to the next one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "guarded", keeping)
        for asking in (command, inventory):
            patch.setattr(asking, "crew_for", resized)
        yield
        close_crews()


@contextmanager
def apart() -> Iterator[None]:
    """Let runs start and end their processes, as a user's do."""
    close_crews()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "guarded", guarded)
        for asking in (command, inventory):
            patch.setattr(asking, "crew_for", crew_for)
        yield
