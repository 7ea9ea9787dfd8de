"""A county's or province's report as its notebook sees it: the sum of its bodies' reports, and what it was gathered from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reportkit.form.facts import FACTS
from reportkit.masking import mask
from reportkit.notebook.gather import gather
from reportkit.notebook.loading import view
from reportkit.notebook.printing import printed_view
from reportkit.notebook.view import View
from reportkit.project import find_project
from reportkit.registers.derivation.derive import Numbers
from reportkit.registers.derivation.narrative import section_texts
from reportkit.registers.derivation.told import Addend, Behind
from reportkit.registers.sample import SAMPLE
from reportkit.report import TownReport
from reportkit.rollup import RollUp, key_of, name_of, roll_up
from reportkit.rollup.against import Gap, gaps
from reportkit.rollup.gathering import Body, Gathering
from reportkit.sources.dossier import Dossier

if TYPE_CHECKING:
    import pandas as pd

GATHERED_VARIABLE: Final = "REPORTKIT_GATHERED"
"""The environment variable that names the file with what a run has gathered for the notebook."""

NAMED: Final = 20
"""How many bodies a total names; the others are summed up."""


@dataclass(frozen=True)
class CountyView(View):
    """A county's report, summed. It displays itself as the masthead."""

    gathering: Gathering = field(kw_only=True)
    whole: RollUp = field(kw_only=True)

    @cached_property
    def pages(self) -> Mapping[str, str]:
        """The page of each body that has one, by its key."""
        return {key_of(body.town): body.page for body in self.gathering.bodies if body.page}

    def behind(self, code: str) -> Behind:
        """Return the bodies that make a total, those with the largest figures first."""
        if code in FACTS:
            return Behind("各单位年度报告中的数字之和")
        self.edition.cell(code)  # raises, and names the nearest address
        told = [(key, part.value) for key, part in self.whole.parts(code) if part.value != 0]
        addends = tuple(Addend(key, name_of(self.whole.bodies[key]), v) for key, v in told[:NAMED])
        return Behind("各单位年度报告同一单元格之和", addends, len(told))

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The parameters that a notebook loads it by."""
        given = dict(super().parameters)
        return {"county": given.pop("town"), **given}

    @property
    def notebook(self) -> Path:
        """The notebook that shows it."""
        return find_project().county_notebook

    @property
    def differences(self) -> tuple[Gap, ...]:
        """The cells that the county's own published report has otherwise; none where no such report was given."""
        published = self.gathering.published
        return () if published is None else gaps(self.whole, published)

    @property
    def lineage(self) -> pd.DataFrame:
        """Every cell of every body that makes a total, as a DataFrame: see :func:`lineage_frame`."""
        return lineage_frame(self.whole)


def load_county(
    county: str, year: int, source: str = SAMPLE, audience: str = "public"
) -> CountyView:
    """Load the summed report of a county or province, with the reports of all its bodies.

    ``county`` is an id of params/towns.yaml. In a run the reports are those that the run made; elsewhere
    they are taken from the source. Raises :class:`~reportkit.errors.CallError` for an unknown county, one
    without any report of the year, or a source that cannot be opened.
    """
    parameters = {"county": county, "year": year, "source": source, "audience": audience}
    printed: CountyView | None = printed_view(parameters)
    if printed is not None:
        return printed
    held = os.environ.get(GATHERED_VARIABLE)
    if held:
        gathering = Gathering.from_json(Path(held).read_bytes())
    else:
        gathering = gather(county, year, source, audience)
    return replace(county_view(gathering, audience), source=source)


def county_view(gathering: Gathering, audience: str = "public") -> CountyView:
    """Return the view of what was gathered: the sum, last year's sum, and the prose over both."""
    whole = _sum(gathering.bodies, open_ended=gathering.open_ended)
    last = _last(gathering)
    town = gathering.whole
    if gathering.open_ended:  # its title must not say that this is the whole county
        town = town.model_copy(update={"name": f"{town.name}（已知{len(gathering.bodies)}个单位）"})
    report = whole.report(
        town,
        {
            code: mask(text)
            for code, text in section_texts(
                gathering.narratives,
                gathering.year,
                Numbers(whole.edition, whole.cells, _known(whole), ()),
                None if last is None else Numbers(last.cells.edition, last.cells, last.facts, ()),
            ).items()
        },
    )
    report = report.with_(published_on=gathering.published_on)
    history = (report,) if last is None else (last, report)
    shown = view(
        Dossier(report, last, history, None, None, 0),
        "internal" if audience == "internal" else "public",
    )
    draft = (*shown.draft, *(["含准许列入的单位草稿"] if gathering.drafts else []))
    return CountyView(
        shown.dossier, shown.report, shown.audience, draft, gathering=gathering, whole=whole
    )


def _known(whole: RollUp) -> dict[str, int | Decimal]:
    return {code: value for code, value in whole.facts.items() if value is not None}


def _sum(bodies: Iterable[Body], *, open_ended: bool) -> RollUp:
    every = list(bodies)
    return roll_up(
        (body.report for body in every if body.report is not None),
        missing=[body.town for body in every if body.report is None],
        open_ended=open_ended,
    )


def _last(gathering: Gathering) -> TownReport | None:
    """Return last year's sum of the same bodies; ``None`` where no body has a report of it."""
    reports = [body.last for body in gathering.bodies if body.last is not None]
    if not reports:
        return None
    missing = [body.town for body in gathering.bodies if body.last is None]
    return roll_up(reports, missing=missing).report(gathering.whole)


def lineage_frame(whole: RollUp) -> pd.DataFrame:
    """Return a row a cell and body: address, label, body, name, value, low, high, total.

    Unknown is ``<NA>``; a body without a report is a row of its own in every cell.
    """
    import pandas as pd  # noqa: PLC0415  # heavy; a page needs none of it

    columns = ("address", "label", "body", "name", "value", "low", "high", "total")
    rows = [
        (
            address,
            whole.edition.cells[address].label,
            key,
            name_of(whole.bodies[key]),
            *(pd.NA if v is None else v for v in (part.value, part.low, part.high, cell.value)),
        )
        for address, cell in whole.totals.items()
        for key, part in whole.parts(address)
    ]
    return pd.DataFrame(rows, columns=list(columns), dtype=object)
