"""The register files that are to be ingested: which files paths name, and what becomes of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from reportkit.errors import SourceError
from reportkit.files import is_hidden
from reportkit.finding import LEVELS
from reportkit.language import _
from reportkit.registers.ingest.faults import Fault, note_fault
from reportkit.registers.reading.files.sheets import register_named
from reportkit.registers.reading.files.tables import SUFFIXES
from reportkit.registers.reading.files.unread import other_files
from reportkit.registers.reading.notes import PassedOver

Status = Literal["loaded", "replaced", "unchanged", "refused", "empty", "passed"]


@dataclass
class FileResult:
    """What became of one file."""

    name: str
    """Its path below the folder that was given, or its bare name: what a corrected file is known by."""
    path: Path
    status: Status = "loaded"
    rows: dict[str, int] = field(default_factory=dict)
    """How many rows of each register were loaded."""
    faults: list[Fault] = field(default_factory=list)
    notes: list[PassedOver] = field(default_factory=list)
    """What was passed over."""
    told: list[Fault] = field(default_factory=list)
    """Warnings on rows that were loaded all the same."""
    repeated: int = 0
    """How many rows say the same as another, of this file or of one that stood before, and count once with it."""
    conflicts: int = 0
    """How many rows stand in another file with other content: they are in no figure. ``faults`` tell of each."""
    file_id: int | None = None
    """Its number in the store, where it stands there."""

    def lines(self) -> list[Fault]:
        """Return all that is said of the file: faults, warnings, and what was passed over, gravest first."""
        said = [*self.told, *(note_fault(note) for note in self.notes if not note.wrong)]
        return [*self.faults, *sorted(said, key=lambda line: LEVELS.index(line.level))]


def find_register_files(paths: Iterable[Path]) -> list[FileResult]:
    """Return the register files that paths name, towns first; a folder stands for all below it.

    Raises :class:`~reportkit.errors.SourceError` for a path that is not there, or a folder without any.
    """
    found: dict[str, FileResult] = {}
    for path in paths:
        if path.is_dir():
            files = [
                file
                for file in sorted(path.rglob("*"))
                if file.suffix.lower() in SUFFIXES
                and file.is_file()
                and not is_hidden(file.relative_to(path))
            ]
            if not files:
                raise SourceError(
                    _(
                        "{path}: no register file in it ({names})",
                        path=path,
                        names=", ".join(SUFFIXES),
                    )
                )
            for file in files:
                name = file.relative_to(path).as_posix()
                found.setdefault(str(file.resolve()), FileResult(name, file))
            for note in other_files(file for file in path.rglob("*") if file.is_file()):
                passed = FileResult(note.file, path / note.file, "passed", notes=[note])
                found.setdefault(str(passed.path), passed)
        elif path.is_file():
            found.setdefault(str(path.resolve()), FileResult(path.name, path))
        else:
            raise SourceError(_("{path}: no such file or folder", path=path))
    return sorted(found.values(), key=lambda result: (_is_towns(result.path), result.name))


def _is_towns(path: Path) -> int:
    register = register_named(path.stem)
    return 0 if register is not None and register.name == "towns" else 1
