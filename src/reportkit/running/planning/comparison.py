"""The comparison's part of a run: made last, from every report that the output folder holds.

A report that was refused or failed is unknown in it, as on the county's page.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from reportkit.manifest import Entry
from reportkit.project.denominator import load_denominators
from reportkit.prose.order import by_place
from reportkit.report import Town
from reportkit.rollup.comparison import BodyYear, Comparison, comparison, standing
from reportkit.running.build import build_id, build_of, digest
from reportkit.running.execution.parameters import COMPARISON, CompareParams, check_notebook
from reportkit.running.planning.last_run import why_one
from reportkit.running.planning.plan import Plan, Step
from reportkit.running.results.record import Record

FEWEST = 2
"""So many bodies are needed for a comparison."""


def check_comparison(plan: Plan) -> None:
    """Refuse, before anything runs, a notebook that cannot be run and a table of denominators that is wrong.

    Raises :class:`~reportkit.errors.ParameterError`.
    """
    check_notebook(plan.request.project.compare_notebook, CompareParams)
    years = sorted({step.parameters.year for step in plan.steps})
    load_denominators(plan.request.project, plan.towns, years)


def comparison_plan(plan: Plan, record: Record) -> Plan:
    """Return the plan of the comparison; without a step where there are not two bodies to compare."""
    notebook = plan.request.project.compare_notebook.read_bytes()
    planned = replace(plan, notebook=notebook, problems=(), steps=())
    entries = [
        entry
        for entry in sorted(record.manifest.entries.values(), key=lambda each: each.key)
        if entry.level == "town" and entry.town in plan.towns and entry.file(".json")
    ]
    if len({entry.town for entry in entries}) < FEWEST:
        return planned
    request, years = plan.request, sorted({entry.year for entry in entries})
    parameters = CompareParams(
        year=years[-1], source=plan.steps[0].parameters.source, audience=request.audience
    )
    step = Step(
        town=Town(id=COMPARISON, name="各单位比较"),
        parameters=parameters,
        inputs={},
        why="",
        level="comparison",
    )
    planned = replace(planned, steps=(step,))
    build = build_of(notebook, planned.formats)
    bodies = sorted({entry.town for entry in entries})
    asked = {
        "bodies": [plan.towns[body].model_dump(mode="json") for body in bodies],
        "audience": request.audience,
        "deadlines": dict(request.project.deadlines),
        "denominators": {
            name: [[*key, str(value)] for key, value in table.items()]
            for name, table in load_denominators(request.project, plan.towns, years).items()
        },
        "formats": planned.formats,
    }
    data = [
        [entry.town, entry.year, entry.outputs[entry.file(".json") or ""], entry.months]
        for entry in entries
    ]
    inputs = {"parameters": digest(asked), "data": digest(data), "build": build_id(build)}
    old = next((e for e in record.manifest.entries.values() if e.level == "comparison"), None)
    step = replace(
        step,
        inputs=inputs,
        why=why_one(request, record.manifest, build, inputs, old),
        gather=lambda: _gathered(plan, entries, years).to_json(),
    )
    return replace(planned, build=build, steps=(step,))


def _gathered(plan: Plan, entries: list[Entry], years: list[int]) -> Comparison:
    project = plan.request.project
    return comparison(
        sorted((plan.towns[body] for body in {entry.town for entry in entries}), key=by_place),
        _standings(plan, entries),
        deadlines=project.deadlines,
        denominators=load_denominators(project, plan.towns, years),
        table="" if project.denominator is None else project.denominator.name,
    )


def _standings(plan: Plan, entries: list[Entry]) -> Iterator[BodyYear]:
    """Yield every report's figures, out of its JSON as this run or an earlier one wrote it."""
    for entry in entries:
        content = plan.request.output.read(entry.file(".json") or "")
        if content is not None:
            held = json.loads(content)
            day = held.get("published_on")
            yield standing(
                entry.town,
                entry.year,
                edition=held["edition"],
                cells=held["cells"],
                facts=held["facts"],
                published_on=day and date.fromisoformat(day),
                months=entry.months,
            )
