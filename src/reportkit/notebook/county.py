"""What the cells of the county's notebook import: the roll-up, its lineage, and the board.

A county's page is a town's page over the summed report, so every other helper takes a :class:`CountyView` too.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reportkit.blocks import (
    Block,
    Handed,
    Lineage,
    Note,
    Nothing,
    Origin,
    Portion,
    Roster,
)
from reportkit.export.board import handed, in_order, remarks_of, summary
from reportkit.form import CellValue, total
from reportkit.form.facts import FACTS
from reportkit.masking import mask
from reportkit.notebook import narrative
from reportkit.notebook.gather import gather
from reportkit.notebook.loading import view
from reportkit.notebook.narrative import find_section
from reportkit.notebook.printing import printed_view
from reportkit.notebook.tables import short_label
from reportkit.notebook.view import View
from reportkit.project import find_project
from reportkit.registers.derivation.behind import Addend, Behind
from reportkit.registers.derivation.derive import Numbers
from reportkit.registers.derivation.narrative import section_texts
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


def about(county: CountyView) -> Block:
    """Say what the page is the sum of, and what that leaves out."""
    whole, held = county.whole, county.gathering
    made, every = len(whole.reports), len(whole.bodies)
    if whole.open_ended:
        names = [name_of(body.town) for body in held.bodies]
        said = f"所辖单位总数不详，已知{every}个单位，本页只是{'、'.join(names)}的数字。"
    elif whole.missing:
        names = [name_of(b.town) for b in held.bodies if key_of(b.town) in whole.missing]
        more = f"等{len(names)}个单位" if len(names) > NAMED else ""
        said = (
            f"本页由{every}个单位中{made}个单位的年度报告逐格汇总；{'、'.join(names[:NAMED])}{more}"
            "没有可汇总的报告，因此各项合计不能确定，只能给出下限。"
        )
    else:
        said = f"本页由{every}个单位的年度报告逐格汇总而成。"
    for code, addresses in whole.not_corresponding.items():
        said += (
            f"采用{code}年版格式的单位没有与本版对应的{len(addresses)}格（{_rows(county, addresses)}），"
            "有关合计不能确定。"
        )
    if whole.left_out:
        said += f"{len(whole.left_out)}个单位的报告中有本版格式没有的栏目，未汇总。"
    if county.internal and held.drafts:
        said += "本次运行准许草稿列入。"
    return Note(said if whole.open_ended else said + _summary(county, _rows_of_board(county)))


def _rows(county: CountyView, addresses: Iterable[str]) -> str:
    cells = county.edition.cells
    labels = dict.fromkeys(_label(cells[address].row.label) for address in addresses)
    named = list(labels)[:6]
    return "、".join(named) + ("等" if len(labels) > len(named) else "")


def _label(label: str) -> str:
    return short_label(label).rstrip("：；")


def sign_off(county: CountyView) -> Block:
    """Return who issues the county's report; nobody signs a sum of which nobody knows that it is whole."""
    if county.whole.open_ended:
        return Nothing("（所辖单位总数不详，不署名）")
    return narrative.sign_off(county)


def lineage(county: CountyView, code: str) -> Block:
    """Return, for a section with a table, every total that is not zero with the bodies that make it."""
    table = find_section(county, code).table
    origins = [
        _origin(county, cell.address, cell.label)
        for cell in county.edition.cells.values()
        if cell.table == table
    ]
    told = tuple(
        origin for origin in origins if origin is not None and (origin.largest or origin.unknown)
    )
    if not told:
        return Nothing("（本表各项合计均为零）")
    note = f"每个合计最多列出{NAMED}个数字最大的单位，其余合并；合计为零的不列。"
    return Lineage("各项合计的构成", told, (note,))


def _origin(county: CountyView, address: str, label: str) -> Origin | None:
    whole = county.whole
    cell = whole.totals[address]
    if cell.value is not None and not cell.value and not any(v for v in _values(whole, address)):
        return None
    parts = whole.parts(address)
    known = [(key, part.value) for key, part in parts if part.value]
    unknown = [key for key, part in parts if part.value is None]
    rest = known[NAMED:]
    return Origin(
        address,
        label,
        cell.value,
        cell.low,
        cell.high,
        tuple(_portion(county, key, value) for key, value in known[:NAMED]),
        len(rest),
        total(value for _, value in rest),
        tuple(_portion(county, key, None) for key in unknown[:NAMED]),
        len(unknown),
    )


def _values(whole: RollUp, address: str) -> Iterable[CellValue]:
    return (share.parts[address].value for share in whole.shares.values())


def _portion(county: CountyView, key: str, value: CellValue) -> Portion:
    return Portion(name_of(county.whole.bodies[key]), county.pages.get(key, ""), value)


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


def board(county: CountyView) -> Block:
    """Return who has a report of the year and when it was published, the missing and the late first."""
    rows = _rows_of_board(county)
    return Roster("附：各单位报送情况", rows, _summary(county, rows), _deadline_note(rows))


def _rows_of_board(county: CountyView) -> tuple[Handed, ...]:
    return in_order([_handed(county, body) for body in county.gathering.bodies])


def _handed(county: CountyView, body: Body) -> Handed:
    return handed(
        body.town,
        body.state,
        page=body.page,
        published_on=body.day,
        deadline=county.gathering.deadline(body.town),
        remarks=remarks_of(body.state, body.findings, body.submitted) if county.internal else None,
    )


def _summary(county: CountyView, rows: Sequence[Handed]) -> str:
    return summary(rows, county.gathering.year, open_ended=county.whole.open_ended)


def _deadline_note(rows: Sequence[Handed]) -> tuple[str, ...]:
    by_day: dict[str, dict[str, None]] = {}
    for row in rows:
        day = f"{row.deadline.year}年{row.deadline.month}月{row.deadline.day}日"
        by_day.setdefault(day, {})[row.kind] = None
    told = "；".join(f"{'、'.join(kinds)}{day}" for day, kinds in sorted(by_day.items()))
    return (f"公布期限：{told}。",) if told else ()
