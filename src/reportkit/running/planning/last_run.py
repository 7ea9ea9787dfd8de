"""What the last run left: which of its reports still stand, and why another is to be made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from reportkit.manifest import Entries, Entry, Manifest
from reportkit.running.output_folder import OutputFolder
from reportkit.running.planning.asked import Asked
from reportkit.running.request import Request

TOUCHED: Final = "output missing or changed"
"""Why a report is made again of which nothing that it is made from has changed."""


@dataclass(frozen=True)
class LastRun:
    """The reports of the towns as the last run left them."""

    manifest: Manifest
    intact: Mapping[tuple[str, int], str]
    """The data digests of the reports that stay up to date as long as their data do, by town and year."""

    def why(self, asked: Asked, inputs: Mapping[str, str], key: tuple[str, int]) -> str:
        """Say why a report is to be made; an empty text where it is up to date."""
        old = self.manifest.entries.get(key)
        build = asked.notebook.build
        found = why(self.manifest, build, inputs, old, force=asked.request.force)
        return found or ("" if key in self.intact else TOUCHED)


def look_back(asked: Asked, before: Manifest) -> LastRun:
    """Return what the last run left of the towns that are asked for. The files of what may stand are read."""
    request = asked.request
    if request.force:
        return LastRun(before, {})
    entries = [
        entry
        for entry in _of_towns(before, request.only)
        if entry.status == "ok"
        and entry.inputs.get("build") == asked.notebook.build_id
        and (not request.years or entry.year in request.years)
        and entry.inputs.get("parameters") == asked.parameters(entry.town, entry.year)
    ]
    return LastRun(
        before,
        {
            entry.key: entry.inputs["data"]
            for entry, stands in zip(entries, _stand(request.output, entries), strict=True)
            if stands
        },
    )


def _stand(output: OutputFolder, entries: list[Entry]) -> Iterator[bool]:
    """Say of each entry whether its files are those that were written."""
    if output.path is not None:  # so small and so near that threads cost more than they give
        yield from (output.holds(entry.outputs) for entry in entries)
        return
    with ThreadPoolExecutor() as threads:
        yield from threads.map(lambda entry: output.holds(entry.outputs), entries)


def _of_towns(before: Manifest, towns: tuple[str, ...] | None) -> Iterator[Entry]:
    """Yield the entries of some towns, ``None``: of all."""
    entries = before.entries if isinstance(before.entries, Entries) else Entries(before.entries)
    return entries.of_towns(towns)


def why(
    before: Manifest,
    build: Mapping[str, str],
    inputs: Mapping[str, str],
    old: Entry | None,
    *,
    force: bool,
) -> str:
    """Say why a report is to be made, by its inputs; an empty text where they are those of last time."""
    if old is None or force:
        return "forced" if old else "new"
    if old.status != "ok":
        return f"{old.attempt or old.status} last time"
    changed = [name for name in ("data", "parameters") if old.inputs.get(name) != inputs[name]]
    if old.inputs.get("build") != inputs["build"]:
        past = before.builds.get(old.inputs.get("build", ""), {})
        changed += [name for name in build if past.get(name) != build[name]]
    return f"{', '.join(changed)} changed" if changed else ""


def why_one(
    request: Request,
    before: Manifest,
    build: Mapping[str, str],
    inputs: Mapping[str, str],
    old: Entry | None,
) -> str:
    """Say why one report above the towns' is to be made: by its inputs, then by its own files."""
    found = why(before, build, inputs, old, force=request.force)
    if found or old is None or request.output.holds(old.outputs):
        return found
    return TOUCHED
