"""The finding of a row whose key stands elsewhere with other content, whichever files the rows are in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from reportkit.finding import Finding, Place
from reportkit.masking import mask
from reportkit.registers.schema import Register

CODE: Final = "ROW-KEY"
BASIS: Final = "台账填写规则"
LISTED: Final = 10
"""How many rows of one number a message lists."""
_SHOWN: Final = 40


@dataclass(frozen=True)
class Rival:
    """Where a row stands."""

    file: str | None
    sheet: str | None
    row: int | None

    def told(self, beside: str | None) -> str:
        """Return the place in words; the file's name is left out beside a row of the same file.

        >>> Rival("一季度.csv", None, 7).told("全年.csv")
        '“一季度.csv”第7行'
        """
        sheet = f"“{self.sheet}”表" if self.sheet else ""
        if self.file == beside:
            return f"{sheet}第{self.row}行"
        return f"“{self.file}”{sheet}第{self.row}行"


def rivals_told(mine: Rival, rivals: Sequence[Rival]) -> str:
    """Return what a row is in conflict with, in words."""
    places = "、".join(rival.told(mine.file) for rival in rivals[:LISTED])
    return f"与{places}{'等' if len(rivals) > LISTED else ''}编号相同而内容不同"


def key_shown(key: Sequence[Any]) -> str:
    """Return a key as people are shown it: without the town, masked and short."""
    return mask("／".join(map(str, key[1:] or key)))[:_SHOWN]


def conflict(
    register: Register, mine: Rival, key: Sequence[Any], rivals: Sequence[Rival]
) -> Finding:
    """Return the finding of one row."""
    last = register.column(register.key[-1])
    shown = key_shown(key)
    place = Place(
        register=register.name,
        file=mine.file,
        sheet=mine.sheet,
        row=mine.row,
        column=last.name,
        value=shown,
    )
    sheet = f" “{mine.sheet}”表" if mine.sheet else ""
    message = (
        f"{register.heading} {mine.file}{sheet} 第{mine.row}行 未计入：“{last.heading}”"
        f"{rivals_told(mine, rivals)}（“{shown}”）。请改正后重新生成。"
    )
    return Finding(code=CODE, level="error", message=message, basis=BASIS, place=place)
