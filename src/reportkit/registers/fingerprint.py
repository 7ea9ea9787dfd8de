"""The fingerprint of a whole source, taken without reading it as data: this module imports nothing heavy but a server's driver."""

from __future__ import annotations

import hashlib
from pathlib import Path

from reportkit.files import is_hidden
from reportkit.registers.sample import FOLDER, SAMPLE


def source_fingerprint(uri: str) -> str | None:
    """Return a SHA-256 that stays the same as long as no byte of the source changes.

    ``None`` where that cannot be told without reading the data. It is cheap next to that, so a second run with
    nothing changed need not read any.
    """
    if uri.startswith("postgresql:"):
        from reportkit.registers.store.address import parse_address  # noqa: PLC0415 - a driver
        from reportkit.registers.store.read import Store  # noqa: PLC0415

        store = Store(parse_address(uri))
        try:
            return store.fingerprint()
        finally:
            store.close()
    if uri.startswith("duckdb:///"):
        file = Path(uri.removeprefix("duckdb:///"))
        if not file.is_file():
            return None
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    path = FOLDER if uri == SAMPLE else Path(uri)
    if not path.is_dir():
        return None
    seen = hashlib.sha256()
    for file in sorted(path.iterdir()):
        if file.is_file() and not is_hidden(file.name):
            seen.update(file.name.encode())
            with file.open("rb") as opened:
                seen.update(hashlib.file_digest(opened, "sha256").digest())
    return seen.hexdigest()
