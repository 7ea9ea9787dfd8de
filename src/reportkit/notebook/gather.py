"""The reports of a county's bodies taken straight from a source, for a notebook that no run started."""

from __future__ import annotations

from reportkit.errors import ParameterError, UnknownTown, UnknownYear, nearest
from reportkit.language import _
from reportkit.notebook.loading import view
from reportkit.project import Project, find_project
from reportkit.project.levels import Whole, find_wholes
from reportkit.prose.order import by_place
from reportkit.registers.sample import SAMPLE
from reportkit.report import TownReport
from reportkit.review.files import FOLDER, load_reviews
from reportkit.rollup.gathering import OVERDUE, Body, Gathering
from reportkit.sources.dossier import Source
from reportkit.sources.kept import Kept
from reportkit.sources.source import open_source


def gather(whole: str, year: int, source: str, audience: str) -> Gathering:
    """Return a county's or province's bodies with their reports, as a run would make them.

    A draft is no report for the public. Raises :class:`~reportkit.errors.CallError` for an unknown id or a year
    that no body has anything to report for.
    """
    project = find_project(sample=source == SAMPLE)
    opened = open_source(project.resolve(source), project.towns, project.editions, project.wholes)
    found = _find(project, opened, whole)
    towns = sorted((opened.towns[town] for town in found.members), key=by_place)
    bodies = tuple(_body(project, opened, str(town.id), year, audience) for town in towns)
    if all(body.report is None for body in bodies):
        raise UnknownYear(
            _(
                "{whole}: none of its {count} bodies has a report for {year}",
                whole=whole,
                count=len(bodies),
                year=year,
            )
        )
    return Gathering(
        whole=found.town,
        year=year,
        bodies=bodies,
        deadlines=project.deadlines,
        published_on=project.published_on(whole, year),
        narratives=opened.kept(whole).texts.get(year, {}),
    )


def _find(project: Project, source: Source, whole: str) -> Whole:
    known: dict[str, Whole] = {}
    refused = ""
    for level in ("county", "province"):
        try:
            known |= find_wholes(project, source.towns, level)
        except ParameterError as fault:
            refused = refused or str(fault)
    if whole not in known:
        hint = nearest(whole, known) if known else f"; {refused}"
        raise UnknownTown(
            _("there is no county or province {whole!r}{hint}", whole=whole, hint=hint)
        )
    return known[whole]


def _body(project: Project, source: Source, town: str, year: int, audience: str) -> Body:
    held = source.towns[town]
    kept = source.kept(town) if audience == "internal" else Kept()
    rounds, noted = kept.rounds.get(year, ()), kept.published.get(year)
    years = source.years(town)
    if year not in years:
        return Body(
            town=held,
            state="absent",
            last=_last(source, town, year, years),
            submitted=rounds,
            published_on=noted,
        )
    dossier = source.load(
        town, year, project.previous(town, year), project.published_on(town, year)
    )
    shown = view(
        dossier,
        "internal" if audience == "internal" else "public",
        decisions=load_reviews(project.folder / FOLDER, year),
        deadlines=project.deadlines,
    )
    if audience != "internal" and shown.draft:
        return Body(town=held, state="draft", last=dossier.previous)
    counts = dict.fromkeys(("error", "warning", "info"), 0)
    for each in shown.reviewed:
        counts[each.finding.level] += not each.accepted
    overdue = sum(finding.code == OVERDUE for finding in shown.shown_findings)
    return Body(
        town=held,
        state="reported",
        report=shown.report.with_(findings=()),
        last=dossier.previous,
        findings=counts if audience == "internal" else None,
        submitted=rounds,
        published_on=noted,
        overdue=overdue if audience == "internal" else None,
    )


def _last(source: Source, town: str, year: int, years: tuple[int, ...]) -> TownReport | None:
    return source.load(town, year - 1).report.public() if year - 1 in years else None
