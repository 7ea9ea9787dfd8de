"""Stores to test on: a DuckDB file, and a PostgreSQL server that the tests start on a socket of their own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if os.name == "posix" else []
_NUMBERS = count()


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL server."""

    socket: Path
    user: str

    def uri(self, database: str) -> str:
        """The URI of one of its databases."""
        return f"postgresql://{self.user}@/{database}?host={self.socket}"

    def create(self) -> str:
        """Make an empty database and return its URI."""
        import psycopg

        name = f"store{next(_NUMBERS)}"
        where = f"host={self.socket} user={self.user} dbname=postgres"
        with psycopg.connect(where, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.uri(name)


def _as_owner(*command: str | Path) -> None:
    """Run a command as somebody whom PostgreSQL accepts: not as root."""
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*user, *map(str, command)], check=True, capture_output=True, cwd="/", timeout=120
    )


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Start a PostgreSQL server for this session."""
    if not _PROGRAMS or (os.geteuid() == 0 and shutil.which("runuser") is None):
        pytest.skip("Debian's postgresql is not installed")
    pytest.importorskip("psycopg")
    programs = _PROGRAMS[-1]
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    # A socket's path has at most 107 characters: pytest's own folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="rkpg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    folder.chmod(0o755)
    data = folder / "data"
    try:
        _as_owner(
            programs / "initdb", "-D", data, "-U", user, "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        options = (
            f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off "
            "-c shared_buffers=64MB -c log_min_messages=panic"
        )
        _as_owner(
            programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"
        )
        yield Server(folder, user)
        _as_owner(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["duckdb", "postgresql"])
def uri(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URI of an empty store, of either kind."""
    if request.param == "duckdb":
        return f"duckdb:///{tmp_path / '台账.duckdb'}"
    running: Server = request.getfixturevalue("server")
    return running.create()
