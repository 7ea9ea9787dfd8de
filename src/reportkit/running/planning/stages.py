"""The stages of a run, in their order: the towns, the counties and provinces over them, and the comparison of all.

A later stage gathers the reports that those before it left, so it is planned when they are made.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import replace

from reportkit.project import Level
from reportkit.project.levels import find_wholes
from reportkit.running.planning.comparison import check_comparison, comparison_plan
from reportkit.running.planning.county import check_against, check_counties, county_plan
from reportkit.running.planning.plan import Plan, Step
from reportkit.running.results.record import Record


def check_stages(plan: Plan) -> None:
    """Refuse, before anything runs, what the later stages could not be made with.

    Raises :class:`~reportkit.errors.ParameterError`.
    """
    check_against(plan)
    if plan.request.upper_levels:
        check_counties(plan)
        check_comparison(plan)


def stages(plan: Plan, record: Record) -> Iterator[Plan]:
    """Yield the plan of the towns, then, once they are made, those of the counties and of the comparison."""
    yield plan
    if plan.request.upper_levels:
        yield county_plan(plan, record)
        yield comparison_plan(plan, record)


def stages_ahead(plan: Plan, record: Record) -> Plan:
    """Return one plan with the steps of every stage in it, for people to read: a county whose bodies are due is due."""
    towns, *upper = stages(plan, record)
    due = {step.key for step in plan.due}
    steps = [_waiting(plan, step, due) for stage in upper for step in stage.steps]
    return replace(towns, steps=(*towns.steps, *steps))


def _waiting(plan: Plan, step: Step, due: AbstractSet[tuple[str, int]]) -> Step:
    """Return a step above the towns', due too where a town's report that it gathers is due."""
    if step.level == "comparison":
        return replace(step, why=step.why or "reports are made" * bool(due))
    level: Level = "province" if step.level == "province" else "county"
    bodies = find_wholes(plan.request.project, plan.towns, level)[step.key[0]].members
    waits = any((town, step.key[1]) in due for town in bodies)
    return replace(step, why=step.why or "its bodies' reports are made" * waits)
