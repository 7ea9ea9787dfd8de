"""The run's side of an inventory: the one of the last run where it still holds, else one that is taken afresh.

What was found is kept beside the manifest: as long as no byte of the source changes, and nothing is to be made, the
next run reads none of it.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from reportkit.files import write_whole
from reportkit.registers.fingerprint import source_fingerprint
from reportkit.running.build import digest, form_digest, package_digest
from reportkit.running.planning.asked import Asked
from reportkit.running.planning.last_run import LastRun
from reportkit.running.planning.matrix import reports_of
from reportkit.running.planning.survey import Inventory, Survey, Untaken
from reportkit.running.processes.crew import crew_for
from reportkit.running.processes.once import ask_once
from reportkit.running.request import Request
from reportkit.today import today

_FILE: Final = "catalogue.json"

_INVENTORY: Final[TypeAdapter[Inventory]] = TypeAdapter(Inventory)


def take_inventory(asked: Asked, last: LastRun, slices: Path | None) -> Inventory:
    """Return what the source holds, and lay the slices of the towns that have a report to make into a folder.

    Without such a folder nothing is going to be made, and what was found in the source is not kept for the next run.
    Raises :class:`~reportkit.errors.CallError` for a source that cannot be read, and :class:`OSError` where the disk is
    full.
    """
    request = asked.request
    key, made_with = _key(request)
    kept = load(request.state, key, made_with) if key else None
    if kept is not None and kept.key == key and _is_enough(asked, last, kept):
        return kept
    survey = Survey(
        key=key or "",
        uri=request.source,
        towns=dict(request.project.towns),
        editions=dict(request.project.editions),
        only=request.only,
        slices=None if slices is None else str(slices),
        known=last.intact,
        wholes=dict(request.wholes),
        office=request.of_office,
        before=None if kept is None else replace(kept, towns={}),  # the process has them already
        made_with=made_with,
        years=request.wanted_years,
        indexes=str(request.state / "indexes" / digest(request.source)[:16]),
    )
    crew = crew_for(request.engine, request.workers)
    taken: Inventory | Untaken = ask_once(crew, "catalogue", survey, crew.bounds.silence)
    if not isinstance(taken, Inventory):
        raise taken
    if slices is not None and key and request.only is None:
        save(request.state, taken)
    return taken


def _is_enough(asked: Asked, last: LastRun, kept: Inventory) -> bool:
    """Say whether nothing is to be made, so that no slice of the source is needed."""
    return all(
        last.intact.get((town, year)) == asked.data(kept, town, year)
        for town, year in reports_of(asked, kept)
    )


def _key(request: Request) -> tuple[str | None, str]:
    """Return the key under which an inventory is kept, and the digest of all in it but the source's own bytes.

    The key is ``None`` where the source cannot tell that it changed.
    """
    project = request.project
    seen = source_fingerprint(request.source)
    made_with = digest(
        {
            "uri": request.source,
            "towns": {id_: town.model_dump() for id_, town in project.towns.items()},
            "editions": dict(project.editions),
            "wholes": {id_: whole.name for id_, whole in sorted(request.wholes.items())},
            "office": request.of_office,
            "package": package_digest(),
            "form": form_digest(),
            "year": today().year,  # which dates are far from now
        }
    )
    return seen and digest({"source": seen, "made_with": made_with}), made_with


def load(state: Path, key: str, made_with: str) -> Inventory | None:
    """Return the inventory that an earlier run kept, if it was taken from the very same.

    One of the same source as it was before is returned too where it has marks: its ``key`` is another one then.
    """
    with contextlib.suppress(OSError, KeyError, TypeError, ValueError, ValidationError):
        body: Any = json.loads((state / _FILE).read_bytes())
        if body["key"] == key or (body["made_with"] == made_with and body["marks"]):
            return _INVENTORY.validate_python(body)
    return None


def save(state: Path, inventory: Inventory) -> None:
    """Keep an inventory for the next run."""
    write_whole(state / _FILE, _INVENTORY.dump_json(inventory))
