"""A PostgreSQL server of our own, on a socket of its own: for the tests and the bench."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg

_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin")) if os.name == "posix" else []
_NUMBERS = count()


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL server."""

    socket: Path
    user: str
    memory: str = "64MB"
    """Its shared buffers."""

    def start(self) -> None:
        """Start it, again where it was stopped."""
        options = (
            f"-c listen_addresses='' -c unix_socket_directories='{self.socket}' -c fsync=off "
            f"-c shared_buffers={self.memory} -c log_min_messages=panic"
        )
        self._control("-w", "-l", self.socket / "log", "-o", options, "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; ``immediate``: as a crash does, ``fast``: it rolls back what is under way."""
        self._control("-m", mode, "stop")

    def _control(self, *words: str | Path) -> None:
        _as_owner(_PROGRAMS[-1] / "pg_ctl", "-D", self.socket / "data", *words)

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        """Connect to one of its databases; each statement is a transaction of its own."""
        import psycopg

        where = f"host={self.socket} user={self.user} dbname={database}"
        return psycopg.connect(where, autocommit=True)

    def uri(self, database: str) -> str:
        """The URI of one of its databases."""
        return f"postgresql://{self.user}@/{database}?host={self.socket}"

    def create(self) -> str:
        """Make an empty database and return its URI."""
        name = f"store{next(_NUMBERS)}"
        with self.connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}"'.encode())
        return self.uri(name)


def _as_owner(*command: str | Path) -> None:
    """Run a command as somebody whom PostgreSQL accepts: not as root."""
    user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*user, *map(str, command)], check=True, capture_output=True, cwd="/", timeout=120
    )


def installed() -> bool:
    """Say whether there are programs to start."""
    return bool(_PROGRAMS) and (os.geteuid() != 0 or shutil.which("runuser") is not None)


@contextmanager
def running(memory: str = "64MB") -> Iterator[Server]:
    """Start a server, and end it; ``memory`` is its shared buffers'."""
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
        server = Server(folder, user, memory)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
