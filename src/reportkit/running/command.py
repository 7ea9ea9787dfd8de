"""A run from its request to its summary: what ``reportkit run`` calls, and any other program may."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from reportkit.errors import CallError, RunError, system_words
from reportkit.language import _
from reportkit.registers.fingerprint import source_fingerprint
from reportkit.report import Town
from reportkit.running import inventory as catalogues
from reportkit.running.batch import Summary, run_plan
from reportkit.running.build import digest, form_digest, package_digest
from reportkit.running.county import check_counties, with_counties
from reportkit.running.inventory import Survey
from reportkit.running.plan import Plan, Planner
from reportkit.running.processes.cluster import open_executor
from reportkit.running.processes.crew import close_crews, crew_for, make
from reportkit.running.progress import Watcher, say
from reportkit.running.record import Record, locked
from reportkit.running.request import Request
from reportkit.today import today


def run_request(request: Request, *, keep: bool = False) -> Summary:
    """Plan and run a request; with ``keep`` the processes stay warm for the next one, where nothing went wrong.

    Raises what :meth:`~reportkit.running.plan.Planner.plan` does before anything has started,
    :class:`~reportkit.errors.RunError` where the run itself cannot go on, and :class:`KeyboardInterrupt` for Ctrl-C
    and SIGTERM. Whatever it raises, what is done is recorded, and no process is left.
    """
    with _watched(keep=keep), locked(request, say):
        record = Record(request)
        slices = crew_for(request.engine, request.workers).scratch
        plan = make_plan(request, record, slices)
        check_counties(plan)
        for problem in plan.problems:
            say(problem)
        with Watcher(len(plan.due)) as watcher, open_executor(request) as hands:
            try:
                return run_plan(plan, record, hands, make, watcher, slices=slices)
            except (
                OSError
            ) as fault:  # a disk that is full, a folder that is gone: some reports were made
                close_crews()
                where = f" ({fault.filename})" if fault.filename else ""
                raise RunError(
                    _(
                        "{what}{where}; make room or mend the folder, and run again: only what is missing is "
                        "made",
                        what=system_words(fault),
                        where=where,
                    )
                ) from None
            except BaseException:
                close_crews()  # so that no thread waits for a report that nobody wants any more
                raise


def plan_request(request: Request) -> Plan:
    """Return what a run would do, and do nothing: nothing is written, not even a lock."""
    with _watched():
        record = Record(request)
        return with_counties(make_plan(request, record, None), record)


def make_plan(request: Request, record: Record, slices: Path | None) -> Plan:
    """Return the plan of a request, with the slices of its due towns in a folder.

    Without such a folder nothing is going to be made, and what was found in the source is not kept for the next run.
    """
    planner = Planner(request, record.manifest)
    key, made_with = _catalogue_key(request)
    kept = catalogues.load(request.state, key, made_with) if key else None
    if kept is not None and kept.key == key:
        plan = planner.plan(kept)
        if not plan.due:
            return plan
    survey = Survey(
        key=key or "",
        uri=request.source,
        towns=dict(request.project.towns),
        editions=dict(request.project.editions),
        only=planner.only,
        slices=None if slices is None else str(slices),
        known=planner.known,
        wholes=dict(_wholes(request)),
        office=_office(request),
        before=kept,
        made_with=made_with,
        years=planner.years,
        indexes=str(request.state / "indexes" / digest(request.source)[:16]),
    )
    taken = crew_for(request.engine, request.workers).take(survey)
    if isinstance(taken, CallError):
        raise taken
    if slices is not None and key and planner.only is None:
        catalogues.save(request.state, taken)
    return planner.plan(taken)


def _catalogue_key(request: Request) -> tuple[str | None, str]:
    """Return the key under which a catalogue is kept, and the digest of all in it but the source's own bytes.

    The key is ``None`` where the source cannot tell that it changed.
    """
    project = request.project
    seen = source_fingerprint(request.source)
    made_with = digest(
        {
            "uri": request.source,
            "towns": {id_: town.model_dump() for id_, town in project.towns.items()},
            "editions": dict(project.editions),
            "wholes": {id_: whole.name for id_, whole in sorted(_wholes(request).items())},
            "office": _office(request),
            "package": package_digest(),
            "form": form_digest(),
            "year": today().year,  # which dates are far from now
        }
    )
    return seen and digest({"source": seen, "made_with": made_with}), made_with


def _wholes(request: Request) -> Mapping[str, Town]:
    """Return the counties and provinces whose prose a run shows."""
    return request.project.wholes if _office(request) else {}


def _office(request: Request) -> bool:
    """Say whether a run shows what an office keeps of its bodies: where it makes more than the towns' reports."""
    return bool(set(request.levels) - {"town"})


@contextmanager
def _watched(*, keep: bool = False) -> Iterator[None]:
    """Let SIGTERM end the run like Ctrl-C, and end every process afterwards, unless they are kept."""
    main = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGTERM, _interrupt) if main else None
    try:
        yield
    except BaseException:
        close_crews()
        raise
    finally:
        if not keep:
            close_crews()
        if main:
            signal.signal(signal.SIGTERM, before)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
