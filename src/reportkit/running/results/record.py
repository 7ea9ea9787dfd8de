"""The record of a run on disk: the manifest, the journal that survives a kill, and the lock.

The manifest is written whole at the end. Until then each outcome is one line of a journal, so that a run
that was killed loses nothing: the next one reads the journal first. A line torn by the kill is left out.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from pydantic import TypeAdapter, ValidationError

from reportkit.files import clear_parts, require_writable, write_whole
from reportkit.language import _
from reportkit.locks import alone
from reportkit.manifest import Entries, Entry, Manifest
from reportkit.running.output_folder import OutputFolder
from reportkit.running.request import Request

MANIFEST: Final = "manifest.json"
INDEX: Final = "index.html"
FAILURES: Final = "failures.json"
"""In the internal folder: what went wrong with which report. A report that is made well leaves it."""

_ENTRY = TypeAdapter(Entry)


@contextlib.contextmanager
def locked(request: Request, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the output folder for one run; say so and wait where another run holds it.

    The lock dies with its process.
    """
    require_writable(request.state)
    said = _(
        "another run is writing to {place}; waiting until it is done", place=request.output.url
    )
    with alone(request.state / "lock", lambda: say(said)):
        if request.output.path is not None and request.output.path.is_dir():
            require_writable(request.output.path)  # else every report would be made for nothing
        _clear(request)  # what a run that was killed left
        if request.internal.path is not None:
            drop_old_state(request.internal.path)
        try:
            yield
        finally:
            if request.cluster is not None:
                _clear(request)  # what a worker left that was killed while the others went on


def _clear(request: Request) -> None:
    for place in (request.output, request.internal):
        if place.path is not None:
            clear_parts(place.path)


def drop_old_state(internal: Path) -> None:
    """Remove the folder in which release 0.1 kept its notes, and the internal folder where nothing else is in it.

    They tell nothing that a run does not find out again, and a folder for the office is there only for what is its.
    """
    old = internal / ".state"
    if old.is_dir() and not old.is_symlink():
        shutil.rmtree(old, ignore_errors=True)
        with contextlib.suppress(OSError):
            internal.rmdir()


class Record:
    """The manifest of one output folder while a run adds to it."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._journal_path = request.state / f"journal-{request.audience}.jsonl"
        manifest, self._written = _load_manifest(request.output)
        self._entries = Entries(manifest.entries)
        self.manifest = Manifest(
            request.audience, self._entries, dict(manifest.builds), dict(manifest.sources)
        )
        self._failures: dict[str, Any] = _load_failures(request.internal.read(FAILURES))
        self._replay()
        self._journal: IO[str] | None = None
        self._index_path = request.state / f"index-{request.audience}"
        """It holds the digest of the manifest that the index was made from."""
        self._manifest_digest = ""

    def add(
        self, entry: Entry, failure: dict[str, Any] | None, build: tuple[str, dict[str, str]]
    ) -> None:
        """Note one outcome so that a kill does not lose it."""
        line = {"entry": entry.to_dict(), "failure": failure, "build": build}
        if self._journal is None:
            self._journal_path.parent.mkdir(parents=True, exist_ok=True)
            self._journal = self._journal_path.open("a", encoding="utf-8")
        self._journal.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._journal.flush()
        self._apply(entry, failure, build)

    def close(self) -> None:
        """Write the manifest and the failures whole, and drop the journal."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        seen = hashlib.sha256()
        for piece in self.manifest.pieces():
            seen.update(piece)
        self._manifest_digest = seen.hexdigest()
        if self._manifest_digest != self._written:
            self._request.output.write_pieces(MANIFEST, self.manifest.pieces())
            self._written = self._manifest_digest
        if self._failures:
            body = json.dumps(
                [self._failures[key] for key in sorted(self._failures)],
                ensure_ascii=False,
                indent=2,
            )
            self._request.internal.write(FAILURES, f"{body}\n".encode())
        else:
            self._request.internal.remove(FAILURES)
        self._journal_path.unlink(missing_ok=True)

    def index_is_current(self, board: str = "") -> bool:
        """Say whether the index is there and was made from the manifest as it stands, and the same board."""
        if self._request.output.read(INDEX) is None or not self._index_path.is_file():
            return False
        return self._noted()[:1] == [f"{self._manifest_digest} {board}"]

    def write_index(self, pages: Mapping[str, str], board: str = "") -> None:
        """Write the pages of the index that was made from the manifest as it stands and a board, told by its digest.

        Those that are none any more go.
        """
        output, before = self._request.output, self._noted()[1:]
        for name, page in pages.items():
            content = page.encode()
            if name == INDEX or output.read(name) != content:
                output.write(name, content)
        for name in {*before} - {*pages}:
            output.remove(name)
        others = [name for name in pages if name != INDEX]
        write_whole(self._index_path, "\n".join([f"{self._manifest_digest} {board}", *others]))

    def _noted(self) -> list[str]:
        """Return what the index was made from, and its other pages."""
        if not self._index_path.is_file():
            return []
        return self._index_path.read_text("utf-8", errors="replace").split("\n")

    def _apply(
        self, entry: Entry, failure: dict[str, Any] | None, build: tuple[str, dict[str, str]]
    ) -> None:
        entries = self._entries
        if entry.level == "comparison":  # there is one, whatever its last year was
            for old in [each.key for each in entries.values() if each.level == "comparison"]:
                del entries[old]
        entries[entry.key] = entry
        self.manifest.builds[build[0]] = build[1]  # type: ignore[index]
        key = f"{self._request.audience} {entry.year} {entry.town}"
        if failure is None:
            self._failures.pop(key, None)
        else:
            head = {"town": entry.town, "year": entry.year, "audience": self._request.audience}
            self._failures[key] = {**head, **failure}

    def _replay(self) -> None:
        """Take over what a killed run noted."""
        if not self._journal_path.is_file():
            return
        for line in self._journal_path.read_text("utf-8", errors="replace").splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError, ValidationError):
                noted = json.loads(line)
                build = (str(noted["build"][0]), dict(noted["build"][1]))
                self._apply(_ENTRY.validate_python(noted["entry"]), noted["failure"], build)


def _load_manifest(output: OutputFolder) -> tuple[Manifest, str]:
    """Return the manifest of an output folder, and the digest of its file; empty where there is none."""
    seen = hashlib.sha256()

    def lines() -> Iterator[bytes]:
        for line in output.lines(MANIFEST):
            seen.update(line)
            yield line

    manifest = Manifest.of_lines(lines())
    return manifest, seen.hexdigest()


def _load_failures(content: bytes | None) -> dict[str, Any]:
    try:
        listed = json.loads(content) if content else []
        return {f"{one['audience']} {one['year']} {one['town']}": one for one in listed}
    except (ValueError, KeyError, TypeError):
        return {}
