"""The manifest: what a run leaves behind, one entry a report, and why a later run may skip it.

``manifest.json`` has the format number :data:`FORMAT`. A report is up to date when the digests in its
entry are those of today and its files are there with theirs. What the digests cover is said in
docs/scale.md. The manifest of the public folder holds no finding, no error and no path of this machine.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from reportkit.form.facts import FACTS
from reportkit.form.key_figures import KEY_FIGURES
from reportkit.report import TownReport

FORMAT: Final = "reportkit.manifest/1"

Status = Literal["ok", "failed", "refused", "stale"]
"""``ok``; ``failed`` and ``refused``: there is no report; ``stale``: it failed or was refused this time, and
the report made before still stands."""

FIGURES: Final = tuple(KEY_FIGURES)
"""The key figures of an entry, in the order of the index."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What became of one report."""

    town: str
    """The town's id."""
    name: str
    county: str
    province: str = ""
    county_id: str = ""
    """The county's id where counties are declared."""
    year: int
    edition: str | None = None
    status: Status
    illustrative: bool = False
    level: Literal["town", "county", "province", "comparison"] = "town"
    figures: Mapping[str, int | None] = field(default_factory=dict)
    """The key figures by code, ``None`` where unknown; empty where there is no report."""
    findings: Mapping[str, int] | None = None
    """How many findings of each level are open: those that were accepted are not. ``None`` for the public."""
    inputs: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 of ``parameters``, ``data`` and of the ``build`` (see :class:`Manifest`)."""
    outputs: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by file name, relative to the manifest, with forward slashes."""
    published_on: str | None = None
    """The day of publication, as 2022-01-20."""
    months: tuple[int, ...] = ()
    """The applications received in each month, where a run with levels above the towns' saw the register of them."""
    seconds: float = 0.0
    attempt: Literal["failed", "refused"] | None = None
    """For ``stale``: what happened this time."""

    @property
    def key(self) -> tuple[str, int]:
        """Town and year: what an entry is about."""
        return self.town, self.year

    def file(self, suffix: str) -> str | None:
        """Return the output with that suffix (``.html``), relative to the manifest, if there is one."""
        return next((name for name in self.outputs if name.endswith(suffix)), None)

    def to_dict(self) -> dict[str, Any]:
        """Return the entry for JSON, without what it does not have."""
        return {
            name: value
            for name, value in vars(self).items()
            if value not in (None, {}, ())
            and (value != "" or name not in ("province", "county_id"))
            and (name, value) != ("level", "town")
        }


@dataclass(frozen=True)
class Manifest:
    """All entries of one output folder."""

    audience: str = "public"
    entries: Mapping[tuple[str, int], Entry] = field(default_factory=dict)
    builds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By the digest that entries name as ``inputs["build"]``: the digests of notebook and package, and
    the versions of the libraries whose output is in the reports."""
    sources: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By source: the fingerprint of its files when the entries' data digests were taken."""

    def with_entries(self, entries: Iterable[Entry]) -> Manifest:
        """Return a manifest in which these entries stand in place of older ones of their keys."""
        merged = {**self.entries, **{entry.key: entry for entry in entries}}
        return replace(self, entries=merged)

    def to_json(self) -> str:
        """Return the manifest as JSON: entries by year and town, one a line, and a newline at the end."""
        ordered = sorted(self.entries.values(), key=lambda e: (e.year, e.town))
        used = {entry.inputs.get("build") for entry in ordered}
        head = {
            "schema": FORMAT,
            "audience": self.audience,
            "builds": {name: dict(b) for name, b in sorted(self.builds.items()) if name in used},
            "sources": {name: dict(s) for name, s in sorted(self.sources.items())},
        }
        lines = [_dump(entry.to_dict()) for entry in ordered]
        body = ",\n".join(lines)
        return f'{_dump(head)[:-1]}, "reports": [\n{body}\n]}}\n'

    @classmethod
    def from_json(cls, text: str | bytes) -> Manifest:
        """Parse a manifest; one that is damaged or of another format counts as empty.

        Nothing is lost by that but time: every report is then made again.
        """
        try:
            body = json.loads(text)
            if body["schema"] != FORMAT:
                return cls()
            entries = _ENTRIES.validate_python(body["reports"])
            return cls(
                str(body["audience"]),
                {entry.key: entry for entry in entries},
                dict(body["builds"]),
                dict(body["sources"]),
            )
        except (ValueError, KeyError, TypeError, ValidationError, RecursionError):
            return cls()


_ENTRIES = TypeAdapter(list[Entry])


def figures_of(report: TownReport) -> dict[str, int | None]:
    """Return a report's key figures by code; ``None`` where unknown."""
    figures: dict[str, int | None] = {}
    for code, figure in KEY_FIGURES.items():
        value = (report.facts if figure.at in FACTS else report.cells).get(figure.at)
        figures[code] = None if value is None else int(value)
    return figures


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
