"""What crosses the border between processes: a job on its way in, its outcome on its way out."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Final, Literal

from reportkit.export.formats import ALWAYS
from reportkit.export.seal import public_key
from reportkit.masking import mask
from reportkit.project import packaged_notebook
from reportkit.project.params import PortalEntry
from reportkit.running.output_folder import OutputFolder

PREPARED: Final = "prepared"
"""In a job's files: the report that was derived beforehand; see :mod:`reportkit.sources.prepared`."""

EngineName = Literal["warm", "stock"]

ADDED_CELLS: Final = 2
"""papermill puts a line at the top of a failed notebook, and a mark before the cell that failed."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One report to make: the notebook, its parameters, and where the files go."""

    notebook: bytes
    """The master notebook as it stands in its file."""
    parameters: Mapping[str, Any]
    """Those of :class:`~reportkit.running.execution.parameters.RunParams`, or of ``CountyParams``."""
    files: Mapping[str, bytes]
    """What the notebook needs from its project; see :mod:`reportkit.running.execution.parcel`."""
    output: OutputFolder
    internal: OutputFolder
    """Where failed notebooks go: never the folder to share."""
    draft: bool = False
    """Let a draft pass the public gate."""
    formats: tuple[str, ...] = ALWAYS
    """The formats to make, by name; see :mod:`reportkit.export.formats`."""
    portal: PortalEntry = PortalEntry()  # noqa: RUF009  # frozen
    """What a portal shows beside it."""
    signer: str = field(default_factory=public_key)
    """The public half of the key that its files are signed with; empty: they are not signed."""
    engine: EngineName = "warm"
    timeout: float | None = None
    """Seconds after which the report is killed."""
    workers: int = 1
    """How many reports may be executed at once on one machine."""
    retries: int = 0
    """How often a report that failed is tried again."""
    stem: str = ""
    """What its files are called, without their suffixes; empty: year and town."""
    key: tuple[str, int] | None = None
    """Town and year, where the parameters do not tell both."""

    @property
    def town(self) -> str:
        """The id of the town, or of the county or province that it is about."""
        if self.key is not None:
            return self.key[0]
        return str(self.parameters.get("town") or self.parameters.get("county") or self.stem)

    @property
    def plain(self) -> bool:
        """Say whether its cells are the master's, and its report public and derived: then it needs no data library."""
        public = self.parameters.get("audience") == "public"
        return public and PREPARED in self.files and has_master_cells(self.notebook)

    @property
    def year(self) -> int:
        """The reporting year."""
        return int(self.parameters["year"]) if self.key is None else self.key[1]

    def name(self, suffix: str) -> str:
        """Return the name of one of its files: ``2021/ershilidian.html``."""
        return f"{self.stem or f'{self.year}/{self.town}'}{suffix}"


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a notebook did not end well. Internal: its text never reaches the folder to share."""

    name: str
    """The exception's name, or ``Timeout``, ``Died``."""
    message: str
    cell: int | None = None
    """The cell's number in the failed notebook as it is kept, counting from one; ``None``: unknown."""
    lines: tuple[str, ...] = ()
    """The traceback's last lines, without colours."""

    def __str__(self) -> str:
        where = "" if self.cell is None else f"cell {self.cell}: "
        return f"{where}{self.name}: {self.message}" if self.message else f"{where}{self.name}"


_COLOURS: Final = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


def clean(text: Any) -> str:
    """Return an error's text without colours and without personal numbers."""
    return mask(_COLOURS.sub("", str(text)))


@dataclass(frozen=True, kw_only=True)
class Executed:
    """An executed notebook as JSON, whole or up to the cell that failed."""

    notebook: bytes
    """Empty where the process that executed it died."""
    failure: Failure | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a job. One report's outcome is a value, so that the others go on."""

    status: Literal["ok", "failed", "refused"]
    outputs: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by name of the files written."""
    edition: str | None = None
    illustrative: bool = False
    figures: Mapping[str, int | None] = field(default_factory=dict)
    findings: Mapping[str, int] | None = None
    published_on: str | None = None
    """The report's day of publication, as 2022-01-20."""
    failure: Failure | None = None
    notes: tuple[str, ...] = ()
    """What of a user's own cells no format prints, each with its cell."""
    seconds: float = 0.0


@lru_cache(maxsize=8)
def has_master_cells(notebook: bytes) -> bool:
    """Say whether every code cell of a notebook is one of this package's master, or sets parameters to constants."""
    try:
        return _sources(notebook) <= _master_cells()
    except (ValueError, KeyError, TypeError, AttributeError):
        return False  # no notebook: whoever runs it says so


@cache
def _master_cells() -> frozenset[str]:
    return _sources(packaged_notebook().read_bytes())


def _sources(notebook: bytes) -> frozenset[str]:
    cells = [cell for cell in json.loads(notebook)["cells"] if cell["cell_type"] == "code"]
    sources = {"".join(cell["source"]).strip() for cell in cells}
    return frozenset(source for source in sources if not _only_constants(source))


def _only_constants(source: str) -> bool:
    try:
        statements = ast.parse(source).body
    except (SyntaxError, ValueError):
        return False
    return all(
        isinstance(each, ast.Assign | ast.AnnAssign) and isinstance(each.value, ast.Constant)
        for each in statements
    )
