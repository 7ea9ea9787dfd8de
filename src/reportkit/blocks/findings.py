"""The list of findings, for the office alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from reportkit.blocks.block import STRICT, Block, Value, render
from reportkit.blocks.tables import exact_frame
from reportkit.finding import LEVEL_NAMES, LEVELS, Level

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One finding with all that the list says of it."""

    code: str
    """The rule's code."""
    level: Level
    message: str
    place: str = ""
    """Where in the registers it was made, in words."""
    sentence: str = ""
    """The sentence that it is about."""
    cells: tuple[tuple[str, str], ...] = ()
    """The cells that it is about: address, and label; no label where the report does not show the cell."""
    left: Value = None
    right: Value = None
    basis: str = ""
    decision: str = ""
    """What was decided on it, in words; empty: it is open."""
    __pydantic_config__ = STRICT

    @property
    def line(self) -> str:
        """Return all that is said of it in one line."""
        basis = f"依据：{self.basis}" if self.basis else ""
        parts = (self.place, self.sentence, self.message, basis, self.decision)
        return "　".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, repr=False)
class Findings(Block):
    """The findings of a report, numbered from 1 in this order."""

    items: tuple[Item, ...]
    set_aside: int = 0
    """How many rows of the registers stand in no figure."""
    draft: tuple[str, ...] = ()
    """Why the report is a draft."""
    kind: Literal["findings"] = "findings"
    __pydantic_config__ = STRICT

    @property
    def counted(self) -> Mapping[Level, int]:
        """Return how many findings there are of each level, gravest first."""
        return {level: sum(item.level == level for item in self.items) for level in LEVELS}

    @property
    def lines(self) -> tuple[str, ...]:
        """Return each finding in one numbered line."""
        return tuple(
            f"{number}．{LEVEL_NAMES[item.level]}　{item.line}"
            for number, item in enumerate(self.items, 1)
        )

    @property
    def words(self) -> str:
        """Return how many there are."""
        return f"校验问题{len(self.items)}项"

    @property
    def data(self) -> pd.DataFrame:
        """Return a row a finding."""
        names = ("code", "level", "message", "place", "left", "right", "basis", "decision")
        return exact_frame(names, [[getattr(item, name) for name in names] for item in self.items])

    def html(self) -> str:
        """Return the panel."""
        return render("findings", block=self, names=LEVEL_NAMES)
