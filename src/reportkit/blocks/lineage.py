"""Blocks of a county's page: which bodies make each total, and who has handed in a report."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator

from reportkit.blocks.block import STRICT, Block, Value, print_amount, render
from reportkit.blocks.tables import Table, TableColumn, exact_frame
from reportkit.language import _

if TYPE_CHECKING:
    import pandas as pd


def _page(value: str) -> str:
    """Refuse what is no page beside this one: a link of such a block leads nowhere else."""
    if value and ("/" in value or ":" in value or not value.endswith(".html")):
        raise ValueError(_("{value!r} is no page of the same folder", value=value[:40]))
    return value


PageName = Annotated[str, AfterValidator(_page)]
"""The file name of a page in the same folder; empty: there is none."""


@dataclass(frozen=True, slots=True)
class Portion:
    """What one body puts into a total."""

    name: str
    page: PageName
    value: Value
    """``None``: unknown."""
    __pydantic_config__ = STRICT


@dataclass(frozen=True, slots=True)
class Origin:
    """One total and what it is made of."""

    address: str
    """The cell's address."""
    label: str
    value: Value
    low: Value
    """For an unknown total the least it can be; ``None``: nothing is known."""
    high: Value
    """For an unknown total the most it can be; ``None``: it is open."""
    largest: tuple[Portion, ...]
    """The bodies with the largest figures, largest first; zeros are left out."""
    others: int = 0
    """How many further bodies have a figure that is not zero."""
    rest: Value = 0
    """What they have together."""
    unknown: tuple[Portion, ...] = ()
    """Bodies whose figure is unknown, as many as are named."""
    unknown_count: int = 0
    """How many there are in all."""
    __pydantic_config__ = STRICT

    @property
    def shown(self) -> str:
        """Return the total as it is printed: a figure, or the range of an unknown one.

        >>> Origin("t3.received.total", "收到", None, 3, None, ()).shown
        '不能确定（至少3）'
        """
        if self.value is not None:
            return print_amount(self.value)
        if self.low is None:
            return "不能确定"
        if self.high is None:
            return f"不能确定（至少{print_amount(self.low)}）" if self.low else "不能确定"
        if self.low == self.high:
            return f"不能确定（按勾稽关系只能是{print_amount(self.low)}）"
        return f"不能确定（{print_amount(self.low)}至{print_amount(self.high)}）"

    @property
    def made_of(self) -> str:
        """Return what it is made of, in words."""
        parts = [f"{each.name}{print_amount(each.value)}" for each in self.largest]
        if self.others:
            parts.append(f"其余{self.others}个单位{print_amount(self.rest)}")
        if self.unknown_count:
            named = "、".join(each.name for each in self.unknown)
            more = f"等{self.unknown_count}个单位" if self.unknown_count > len(self.unknown) else ""
            parts.append(f"{named}{more}未统计")
        return "，".join(parts)


@dataclass(frozen=True, slots=True, repr=False)
class Lineage(Block):
    """The totals of a table, each opening to the bodies that make it, without a script.

    Formats without folding print :attr:`table`, a row a total, its bodies in words; those for paper :attr:`on_paper`.
    """

    caption: str
    origins: tuple[Origin, ...]
    notes: tuple[str, ...] = ()
    kind: Literal["lineage"] = "lineage"
    __pydantic_config__ = STRICT

    @property
    def table(self) -> Table:
        """Return the same as a table that every format can print."""
        return self._table(self.origins, self.notes)

    @property
    def on_paper(self) -> Table:
        """Return the table without the cells of rows that have a total: they would fill page after page."""
        totals = tuple(each for each in self.origins if each.address.endswith(".total"))
        if not totals or len(totals) == len(self.origins):
            return self.table
        more = "各行只列总计，各栏的构成见网页、Excel 和 data 文件夹。"
        return self._table(totals, (*self.notes, more))

    def _table(self, origins: tuple[Origin, ...], notes: tuple[str, ...]) -> Table:
        columns = (
            TableColumn("栏目", "text"),
            TableColumn("合计", "text"),
            TableColumn("构成", "text"),
        )
        rows = tuple((each.label, each.shown, each.made_of) for each in origins)
        return Table(self.caption, columns, rows, notes=notes)

    @property
    def words(self) -> str:
        """Return every total and its bodies."""
        return self.table.words

    @property
    def data(self) -> pd.DataFrame:
        """Return a row a total and named body: address, label, body, value."""
        rows = [
            (origin.address, origin.label, part.name, part.value)
            for origin in self.origins
            for part in (*origin.largest, *origin.unknown)
        ]
        return exact_frame(("address", "label", "body", "value"), rows)

    def html(self) -> str:
        """Return a folded list."""
        return render("lineage", block=self, show=print_amount)


State = Literal["reported", "draft", "failed", "absent"]

STATES: dict[State, str] = {
    "reported": "已有报告",
    "draft": "尚未公布",
    "failed": "尚无报告",
    "absent": "尚无报告",
}
"""What the board says of a body; it does not tell the public why a report is not there."""


@dataclass(frozen=True, slots=True)
class Handed:
    """One body on the board."""

    name: str
    kind: str
    """In Chinese."""
    page: PageName
    state: State
    published_on: dt.date | None
    deadline: dt.date
    remarks: tuple[str, ...] = ()
    """For the office alone: open findings, when it was handed in and sent back, the letter to write."""
    __pydantic_config__ = STRICT

    @property
    def timing(self) -> str:
        """Return when it was published, against the deadline."""
        if self.state != "reported":
            return "—"
        if self.published_on is None:
            return "公布日期未登记"
        late = (self.published_on - self.deadline).days
        day = self.published_on.isoformat()
        return f"{day}，逾期{late}天" if late > 0 else f"{day}，按期"

    @property
    def late(self) -> bool:
        """Whether it was published after the deadline."""
        return self.published_on is not None and self.published_on > self.deadline


@dataclass(frozen=True, slots=True, repr=False)
class Roster(Block):
    """The board (报送情况): which bodies have a report of the year, and when it was published.

    Word and other formats print :attr:`table`. With remarks it is for the office alone, and a public document
    with such a block is refused.
    """

    caption: str
    bodies: tuple[Handed, ...]
    summary: str = ""
    """What an official reads first: how many of how many, who is missing, who is late."""
    notes: tuple[str, ...] = ()
    kind: Literal["roster"] = "roster"
    __pydantic_config__ = STRICT

    @property
    def opens(self) -> tuple[str, str]:
        """Return the section that it opens."""
        return "board", self.caption

    @property
    def internal(self) -> bool:
        """Whether it says what is for the office alone."""
        return any(body.remarks for body in self.bodies)

    @property
    def table(self) -> Table:
        """Return the same as a table that every format can print."""
        heads = ["单位", "类别", "报送", "公布", "期限"]
        rows = [
            [
                body.name,
                body.kind,
                STATES[body.state],
                body.timing,
                body.deadline.isoformat(),
                *(["；".join(body.remarks)] if self.internal else []),
            ]
            for body in self.bodies
        ]
        columns = tuple(TableColumn(head, "text") for head in (*heads, *["办理"] * self.internal))
        return Table(self.caption, columns, tuple(map(tuple, rows)), notes=self.notes)

    @property
    def words(self) -> str:
        """Return the summary and every body."""
        return f"{self.summary}{self.table.words}"

    @property
    def data(self) -> pd.DataFrame:
        """Return a row a body."""
        names = ("name", "kind", "state", "published_on", "deadline")
        return exact_frame(names, [[getattr(body, name) for name in names] for body in self.bodies])

    def html(self) -> str:
        """Return the list; what is missing or late stands first."""
        return render("roster", block=self, states=STATES)
