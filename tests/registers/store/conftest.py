"""Stores to test on: a DuckDB file, and a PostgreSQL server that the tests start."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.programs import require
from tests.registers.store import postgres


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    """Start a PostgreSQL server for this session."""
    require("postgresql")
    with postgres.running() as server:
        yield server


@pytest.fixture(params=["duckdb", "postgresql"])
def uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URI of an empty store, of either kind."""
    if request.param == "duckdb":
        return f"duckdb:///{tmp_path / '台账.duckdb'}"
    running: postgres.Server = request.getfixturevalue("server")
    return running.create()
