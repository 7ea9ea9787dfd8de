"""A batch from beginning to end: plan, make every report that is due, record, and rebuild the index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, wait
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import Event

from reportkit.errors import ReportkitError
from reportkit.language import _
from reportkit.manifest import Entry, Manifest
from reportkit.running.board import board_of
from reportkit.running.build import digest
from reportkit.running.comparison import comparison_plan
from reportkit.running.county import county_levels, county_plan
from reportkit.running.execution.parcel import COMPARED, GATHERED, note, pack
from reportkit.running.job import Failure, Job, Outcome
from reportkit.running.plan import Plan, Step
from reportkit.running.processes.cluster import Hands
from reportkit.running.processes.crew import crew_for
from reportkit.running.progress import Watcher
from reportkit.running.record import INDEX, Record
from reportkit.running.tidy_data import write_data
from reportkit.sources.kept import Kept

LOOK_SECONDS = 5.0
"""How long a run waits for a report before it looks whether anybody is left to make it."""


@dataclass(frozen=True)
class Summary:
    """What a run did."""

    attempts: Counter[str]
    """How many reports were made this time, by the outcome's status."""
    skipped: int
    """How many were up to date."""
    manifest: Manifest
    index: str
    """Where the index is."""

    @property
    def exit_code(self) -> int:
        """0, or 1 where a report failed or was refused."""
        return 1 if self.attempts["failed"] or self.attempts["refused"] else 0

    def line(self) -> str:
        """Return the one line that ends a run."""
        made = self.attempts["ok"]
        parts = [
            _("{count} reports", count=made + self.skipped),
            _("{count} failed", count=self.attempts["failed"]),
        ]
        if self.attempts["refused"]:
            refused = self.attempts["refused"]
            parts.append(_("{count} refused as drafts (see --audience internal)", count=refused))
        if self.skipped:
            parts.append(_("{count} were up to date", count=self.skipped))
        return _("{parts}; index: {index}", parts=_(", ").join(parts), index=self.index)


def run_plan(
    plan: Plan,
    record: Record,
    hands: Hands,
    make: Callable[[Job], Outcome],
    watcher: Watcher,
    *,
    slices: Path,
) -> Summary:
    """Make every report that is due and return what was done; the record holds it all the while.

    At most ``hands.ahead`` jobs are under way, so that nothing grows with their number.
    """
    attempts: Counter[str] = Counter()
    stop = Event()
    skipped = 0
    try:
        for part in _parts(plan, record, watcher, stop):
            skipped += len(part.steps) - len(part.due)
            for step, outcome in _made(part, hands, make, watcher, stop=stop, slices=slices):
                attempts[outcome.status] += 1
                for note in outcome.notes:
                    watcher.say(f"{step.name}: {note}")
                _note(part, record, step, outcome)
                if outcome.status == "failed" and plan.request.fail_fast:
                    stop.set()
                watcher.done(step.name, outcome.status, str(outcome.failure or ""))
    finally:
        record.close()
    request = plan.request
    board = board_of(plan, record) if county_levels(plan) else ()
    key = digest([asdict(year) for year in board])
    if not record.index_is_current(key):
        entries = sorted(record.manifest.entries.values(), key=lambda e: (e.year, e.town))
        pages = crew_for(request.engine).index(entries, request.audience, board)
        record.write_index(pages, key)
    write_data(request, record.manifest)
    return Summary(
        attempts,
        skipped,
        record.manifest,
        request.output.where(INDEX),
    )


def _parts(plan: Plan, record: Record, watcher: Watcher, stop: Event) -> Iterator[Plan]:
    """Yield the plan of the towns, then, once they are made, those of the counties and of the comparison."""
    yield plan
    for planned in (county_plan, comparison_plan):
        if county_levels(plan) and not stop.is_set():
            part = planned(plan, record)
            watcher.more(len(part.due))
            yield part


def _made(
    plan: Plan,
    hands: Hands,
    make: Callable[[Job], Outcome],
    watcher: Watcher,
    *,
    stop: Event,
    slices: Path,
) -> Iterator[tuple[Step, Outcome]]:
    """Yield outcomes as they come."""
    steps = iter(
        sorted(plan.due, key=lambda step: step.key)
    )  # what a town has read serves all its years
    running: dict[Future[Outcome], Step] = {}
    while True:
        while not stop.is_set() and len(running) < hands.ahead:
            step = next(steps, None)
            if step is None:
                break
            watcher.start(step.name)
            running[hands.executor.submit(make, _job(plan, step, slices))] = step
        if not running:
            return
        done = wait(running, LOOK_SECONDS, FIRST_COMPLETED).done
        if not done:
            hands.check()
        for future in done:
            yield running.pop(future), _result(future, hands)


def _result(future: Future[Outcome], hands: Hands) -> Outcome:
    """Return a job's outcome. An executor that loses its worker too often loses that job alone."""
    try:
        return future.result()
    except ReportkitError:
        raise
    except CancelledError:
        hands.lost()
        raise
    except Exception as fault:  # noqa: BLE001  # whatever kind the executor words it in
        name = type(fault).__name__
        return Outcome(status="failed", failure=Failure(name=name, message=str(fault)))


def _job(plan: Plan, step: Step, slices: Path) -> Job:
    request = plan.request
    return Job(
        notebook=plan.notebook,
        parameters=step.parameters.model_dump() if step.given is None else step.given,
        key=step.key,
        files={**_parcel(plan, step, slices), **note(plan, step)},
        output=request.output,
        internal=request.internal,
        draft=request.draft,
        formats=plan.formats,
        stem=step.stem,
        portal=request.project.portal(*step.key),
        engine=request.engine,
        timeout=request.timeout,
        retries=request.retries,
        workers=request.workers,
    )


def _parcel(plan: Plan, step: Step, slices: Path) -> Mapping[str, bytes]:
    if step.gather is None:
        return pack(plan, step, slices)
    return {COMPARED if step.level == "comparison" else GATHERED: step.gather()}


def _note(plan: Plan, record: Record, step: Step, outcome: Outcome) -> None:
    """Turn an outcome into the entry of its report; a good report made before still stands, as stale."""
    old = record.manifest.entries.get(step.key)
    entry = Entry(
        town=step.parameters.town,
        name=step.town.name,
        county=step.town.county,
        province=step.town.province,
        county_id=plan.request.project.bodies.county_of.get(step.parameters.town, ""),
        year=step.parameters.year,
        status=outcome.status,
        level=step.level,
        edition=outcome.edition,
        illustrative=outcome.illustrative or step.town.illustrative,
        figures=outcome.figures,
        findings=outcome.findings,
        inputs=step.inputs,
        outputs=outcome.outputs,
        published_on=outcome.published_on,
        months=plan.kept.get(step.parameters.town, Kept()).months.get(step.parameters.year, ())
        if step.level == "town" and outcome.status == "ok"
        else (),
        seconds=round(outcome.seconds, 3),
    )
    if outcome.status != "ok" and old is not None and old.outputs and _stands(plan, old):
        entry = replace(old, status="stale", attempt=outcome.status, name=entry.name)
    if outcome.status == "ok" and old is not None:
        for name in old.outputs.keys() - outcome.outputs.keys():
            plan.request.output.remove(
                name
            )  # of a format that is made no more: it would age unseen
    failure = None
    if outcome.failure is not None:
        failure = {
            "status": outcome.status,
            "cell": outcome.failure.cell,
            "name": outcome.failure.name,
            "message": outcome.failure.message,
            "lines": list(outcome.failure.lines),
        }
    record.add(entry, failure, (plan.build_id, dict(plan.build)))


def _stands(plan: Plan, old: Entry) -> bool:
    page = old.file(".html")
    return page is not None and plan.request.output.read(page) is not None
