"""The manifest: what a run leaves behind, one entry a report, and why a later run may skip it.

``manifest.json`` has the format number :data:`FORMAT`, and each entry stands on a line of its own: so a run reads those
entries that it asks for, and writes the others' lines as they are. A report is up to date when the digests in its
entry are those of today and its files are there with theirs. What the digests cover is said in
docs/scale.md. The manifest of the public folder holds no finding, no error and no path of this machine.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
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


@dataclass(frozen=True, kw_only=True, slots=True)
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
            for name, value in ((name, getattr(self, name)) for name in _NAMES)
            if value not in (None, {}, ())
            and (value != "" or name not in ("province", "county_id"))
            and (name, value) != ("level", "town")
        }


_NAMES: Final = tuple(each.name for each in fields(Entry))


class Entries(MutableMapping[tuple[str, int], Entry]):
    """Entries by town and year. One that was read is kept as its line until somebody asks for it.

    A line that is damaged is no entry: its report is then made again.
    """

    def __init__(self, entries: Mapping[tuple[str, int], Entry] | None = None) -> None:
        self._held: dict[tuple[str, int], Entry | bytes] = {}
        if isinstance(entries, Entries):
            self._held.update(entries._held)  # noqa: SLF001  # of its own class
        elif entries is not None:
            self._held.update(entries)

    @classmethod
    def of_lines(cls, lines: Iterable[bytes]) -> Entries:
        """Return the entries of some lines; raise :class:`ValueError` for a line that is none as this program writes them."""
        entries = cls()
        for line in lines:
            told = _LINE.match(line)
            if told is None:
                raise ValueError(line)
            entries._held[told[1].decode(), int(told[2])] = line
        return entries

    def of_towns(self, towns: Iterable[str] | None) -> Iterator[Entry]:
        """Yield the entries of some towns, or all; the others are not looked at."""
        wanted = None if towns is None else {*towns}
        for key in [*self._held]:
            if (wanted is None or key[0] in wanted) and (entry := self._entry(key)) is not None:
                yield entry

    def lines(self) -> Iterator[bytes]:
        """Yield each entry's line, by year and town."""
        for key in sorted(self._held, key=lambda key: (key[1], key[0])):
            held = self._held[key]
            yield held if isinstance(held, bytes) else _dump(held.to_dict()).encode()

    def reports(self) -> Iterator[tuple[int, str, str, str]]:
        """Yield year, town, and name and digest of each report's JSON, by year and town; a line is not parsed for it."""
        for town, year in sorted(self._held, key=lambda key: (key[1], key[0])):
            held, name = self._held[town, year], f"{year}/{town}.json"
            if isinstance(held, bytes):
                _, found, after = held.partition(f'"{name}":"'.encode())
                digest = after[:64].decode("ascii", "replace") if found else None
            else:
                digest = held.outputs.get(name)
            if digest:
                yield year, town, name, digest

    def builds(self) -> set[str]:
        """Return the names of the builds that entries were made with."""
        found: set[str] = set()
        for held in self._held.values():
            if isinstance(held, bytes):
                found.update(name.decode() for name in _BUILD.findall(held))
            else:
                found.add(held.inputs.get("build", ""))
        return found

    def _entry(self, key: tuple[str, int]) -> Entry | None:
        held = self._held.get(key)
        if not isinstance(held, bytes):
            return held
        with suppress(ValueError, RecursionError):
            entry = _ENTRY.validate_python(_shared(json.loads(held)))
            if entry.key == key:
                self._held[key] = entry
                return entry
        del self._held[key]
        return None

    def __getitem__(self, key: tuple[str, int]) -> Entry:
        entry = self._entry(key)
        if entry is None:
            raise KeyError(key)
        return entry

    def __setitem__(self, key: tuple[str, int], entry: Entry) -> None:
        self._held[key] = entry

    def __delitem__(self, key: tuple[str, int]) -> None:
        del self._held[key]

    def __iter__(self) -> Iterator[tuple[str, int]]:
        return (entry.key for entry in self.of_towns(None))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _shared(body: dict[str, Any]) -> dict[str, Any]:
    """Return an entry's values with one object for each text that many entries have: a country has 38,602 entries."""
    for name in ("county", "province", "county_id", "edition"):
        if isinstance(text := body.get(name), str):
            body[name] = sys.intern(text)
    for name in ("figures", "inputs"):
        if isinstance(held := body.get(name), dict):
            body[name] = {sys.intern(key): value for key, value in held.items()}
    if isinstance(held := body.get("inputs"), dict) and isinstance(held.get("build"), str):
        held["build"] = sys.intern(held["build"])
    return body


_LINE = re.compile(rb'\{"town":"([a-z0-9-]+)",.*?"year":(\d{1,4}),.*\}')
"""An entry as :meth:`Entry.to_dict` begins; a quotation mark within a text has a backslash before it."""

_BUILD = re.compile(rb'"build":"([^"]*)"')


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

    def pieces(self) -> Iterator[bytes]:
        """Yield the manifest as JSON: its head, then an entry a line by year and town, and a newline at the end."""
        entries = self.entries if isinstance(self.entries, Entries) else Entries(self.entries)
        used = entries.builds()
        head = {
            "schema": FORMAT,
            "audience": self.audience,
            "builds": {name: dict(b) for name, b in sorted(self.builds.items()) if name in used},
            "sources": {name: dict(s) for name, s in sorted(self.sources.items())},
        }
        yield f'{_dump(head)[:-1]}, "reports": [\n'.encode()
        first = True
        for line in entries.lines():
            yield line if first else b",\n" + line
            first = False
        yield b"\n]}\n"

    def to_json(self) -> str:
        """Return the manifest as one JSON document; see :meth:`pieces`."""
        return b"".join(self.pieces()).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> Manifest:
        """Parse a manifest; one that is damaged or of another format counts as empty.

        Nothing is lost by that but time: every report is then made again.
        """
        content = text.encode() if isinstance(text, str) else text
        return cls.of_lines(content.splitlines())

    @classmethod
    def of_lines(cls, lines: Iterable[bytes]) -> Manifest:
        """Parse a manifest from its lines, as :meth:`from_json` does; an entry is looked at when it is asked for."""
        every = [line.rstrip(b"\n") for line in lines]
        with suppress(ValueError, KeyError, TypeError, ValidationError, RecursionError):
            if every[1:] and every[0].endswith(_OPENED) and every[-1] == b"]}":
                head = json.loads(every[0] + b"]}")
                own = [line.removesuffix(b",") for line in every[1:-1] if line]
                if head["schema"] == FORMAT:
                    return cls._of(head, Entries.of_lines(own))
        with suppress(ValueError, KeyError, TypeError, ValidationError, RecursionError):
            body = json.loads(b"\n".join(every))  # as another program laid it out
            if body["schema"] == FORMAT:
                entries = _ENTRIES.validate_python(body["reports"])
                return cls._of(body, Entries({entry.key: entry for entry in entries}))
        return cls()

    @classmethod
    def _of(cls, head: Mapping[str, Any], entries: Entries) -> Manifest:
        return cls(str(head["audience"]), entries, dict(head["builds"]), dict(head["sources"]))


_OPENED: Final = b', "reports": ['
_ENTRY = TypeAdapter(Entry)
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
