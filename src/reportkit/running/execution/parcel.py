"""What a notebook needs from its project, packed for it alone: its town, its slice, last year's report, the decisions.

So a notebook's time does not grow with the number of towns, and a cluster's worker needs neither the project
folder nor the source.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from reportkit.files import naming
from reportkit.project import BATCH_VARIABLE
from reportkit.project.this_run import RUN_VARIABLE, ThisRun
from reportkit.review.decisions import Decision
from reportkit.running.job import PREPARED
from reportkit.sources.prepared import PREPARED_VARIABLE, SLICE_VARIABLE

if TYPE_CHECKING:
    from reportkit.running.planning.plan import Plan, Step

GATHERED_VARIABLE: Final = "REPORTKIT_GATHERED"
"""See :mod:`reportkit.notebook.county_view`, which the run never imports."""
GATHERED: Final = "gathered.json"
"""The file in the parcel of a county: its bodies and their reports."""

COMPARED_VARIABLE: Final = "REPORTKIT_COMPARED"
"""See :mod:`reportkit.notebook.comparison_view`, which the run never imports."""
COMPARED: Final = "compared.json"
"""The file in the parcel of the comparison: the bodies and their figures."""
NOTE: Final = "run.json"
"""The file in every parcel that says which run it is of."""

_PARAMS: Final = "params"
BATCH: Final = f"{_PARAMS}/batch.yaml"
PREVIOUS: Final = f"{_PARAMS}/previous.json"
SLICE: Final = "slice"
"""The slice's file in a parcel."""


def pack(plan: Plan, step: Step, slices: Path | None) -> Mapping[str, bytes]:
    """Return the files of one report's parcel by name.

    Params are written as JSON, which is YAML too.
    """
    project, (town, year) = plan.request.project, step.key
    batch: dict[str, Any] = {"source": step.parameters.source, "years": [year]}
    files: dict[str, bytes] = {}
    whole = step.given is not None and "town" not in step.given  # it looks at all towns
    towns = [
        # The parcel declares no county, so its name stands for its id.
        {
            **project.towns[id_].model_dump(mode="json", exclude_none=True),
            **({"edition": project.editions[id_]} if id_ in project.editions else {}),
        }
        for id_ in (project.towns if whole else {town} & project.towns.keys())
    ]
    if towns:
        batch["towns"] = "towns.yaml"
        files[f"{_PARAMS}/towns.yaml"] = _json({"towns": towns})
    day = project.published_on(town, year)
    if day is not None:
        batch["published_on"] = {town: day.isoformat()}
    if project.deadlines:
        batch["deadlines"] = {
            kind: f"{month:02}-{day:02}" for kind, (month, day) in project.deadlines.items()
        }
    previous = project.previous(town, year)
    if previous is not None:
        batch["previous"] = "previous.json"
        files[PREVIOUS] = previous.to_json().encode()
    files[BATCH] = _json(batch)
    if step.decisions:
        files[_reviews(year)] = _json({"decisions": list(step.decisions)})
    if slices is not None and (slices / town).is_file():
        files[SLICE] = (slices / town).read_bytes()
    return files


def _reviews(year: int) -> str:
    return f"reviews/{year}.yaml"


def decisions_in(files: Mapping[str, bytes], year: int) -> tuple[Decision, ...]:
    """Return the decisions in a parcel."""
    content = files.get(_reviews(year))
    if content is None:
        return ()
    return TypeAdapter(tuple[Decision, ...]).validate_python(json.loads(content)["decisions"])


def note(plan: Plan, step: Step) -> Mapping[str, bytes]:
    """Return the file that says for whom and where to a report is made; see :func:`reportkit.batch`."""
    request, (town, year) = plan.request, step.key
    run = ThisRun(
        town=town,
        year=year,
        audience=request.audience,
        output=request.output.url,
        formats=request.formats,
    )
    return {NOTE: run.note().encode()}


def unpack(files: Mapping[str, bytes], folder: Path) -> dict[str, str]:
    """Write a parcel into a folder and return the variables by which the notebook finds it."""
    for name, content in files.items():
        path = folder / name
        with naming(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    variables = {BATCH_VARIABLE: str(folder / BATCH) if BATCH in files else ""}
    if SLICE in files:
        variables[SLICE_VARIABLE] = str(folder / SLICE)
    if PREPARED in files:
        variables[PREPARED_VARIABLE] = str(folder / PREPARED)
    if NOTE in files:
        variables[RUN_VARIABLE] = files[NOTE].decode()
    if GATHERED in files:
        variables[GATHERED_VARIABLE] = str(folder / GATHERED)
    if COMPARED in files:
        variables[COMPARED_VARIABLE] = str(folder / COMPARED)
    return variables


def _json(body: object) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()
